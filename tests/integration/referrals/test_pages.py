"""The pages of referrals by HTTP: the journeys of a surgery, a hub, a person and a group without an account."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.codes import Role
from app.core import clock
from app.core.actor import SYSTEM, Actor, ActorKind
from app.directory.models import Organization
from app.notifications import links
from app.notifications.about import About
from app.notifications.models import Message
from app.people.codes import AccessibleFormat, ContactChannel
from app.people.models import Person
from app.referrals.codes import DangerCall, Status
from app.referrals.models import Referral, ReferralEvent
from app.referrals.operations import triage, watching
from app.referrals.operations.pathways import make_pathway, set_open
from app.referrals.queries.times import loop_closed_at
from app.referrals.reactions import GROUP_LINK
from seed.reference import pathway_templates
from tests.factories import service as a_service
from tests.referrals import a_cast, a_pathway, a_referral, definition
from tests.signing_in import a_member, signed_in_client


@pytest.fixture(autouse=True)
def _no_forgery_check(app):
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def cast(session):
    made = a_cast(session)
    session.commit()
    return made


def the_referral(session) -> Referral:
    session.rollback()
    return session.scalars(select(Referral).order_by(Referral.created_at.desc(), Referral.id)).unique().first()


def post(client, path, **fields):
    answer = client.post(path, data=fields)
    assert answer.status_code == 303, re.sub(r"<[^>]+>|\s+", " ", answer.get_data(as_text=True))[:3000]
    return answer.headers["Location"]


FORM = {
    "danger": "no-danger",
    "q_agrees_to_contact": "yes",
    "what_would_help": "Somebody to talk to",
    "q_main_needs": "Cannot sleep",
    "priority": "routine",
    "source": "gp",
    "submission_key": "a-key",
}


def test_a_surgery_refers_somebody_new_in_one_journey(session, app, cast):
    pathway_id, gp_id, worker_id = cast.pathway.id, cast.gp.user_id, cast.worker.user_id
    session.rollback()
    gp = signed_in_client(app, gp_id)
    assert "Single point of referral" in gp.get("/desk/referrals/new").get_data(as_text=True)
    found = gp.post(f"/desk/referrals/new/{pathway_id}", data={"step": "find", "name": "Nobody Known"})
    assert "Nobody here fits" in found.get_data(as_text=True)
    assert found.get_data(as_text=True).count('id="name"') == 1, "a label of the second form would lead to the first"
    wrong = gp.post(f"/desk/referrals/new/{pathway_id}", data={"step": "add", "name": "", "mobile": "12"})
    assert wrong.status_code == 422
    assert "12" in wrong.get_data(as_text=True)
    write = post(
        gp, f"/desk/referrals/new/{pathway_id}", step="add", name="Jo Marsh", mobile="07911 123456", safe_channels="sms"
    )
    unsaid = gp.post(write, data=FORM | {"danger": ""}).get_data(as_text=True)
    assert "Say whether somebody is in danger now" in unsaid
    refused = gp.post(write, data=FORM | {"what_would_help": ""})
    assert refused.status_code == 422
    assert "Cannot sleep" in refused.get_data(as_text=True)
    check = post(gp, write, **FORM)
    assert post(gp, write, **FORM) == check
    assert gp.post(check, data={"version": "1"}).status_code == 422
    # Nobody agrees to anything by leaving it out.
    assert gp.post(check, data={"version": "1", "agrees": "yes", "method": "verbal"}).status_code == 422
    answer = {"version": "1", "agrees": "yes", "method": "verbal", "level": "summary"}
    shown = post(gp, check, **answer)
    assert "It has been sent" in gp.get(shown).get_data(as_text=True)
    assert gp.post(check, data=answer).status_code == 303
    row = the_referral(session)
    assert (row.status, row.person.name, row.person.gp_ods_code) == (Status.SENT, "Jo Marsh", "WX0001")
    row_id = row.id
    assert session.scalar(select(func.count(Referral.id))) == 1
    session.rollback()
    hub = signed_in_client(app, worker_id)
    assert "Jo Marsh" in hub.get("/desk/referrals?list=triage").get_data(as_text=True)
    page = hub.get(f"/desk/referrals/{row_id}").get_data(as_text=True)
    assert "Cannot sleep" in page
    assert "07911 123456" in page


def test_a_hub_triages_and_the_surgery_follows(session, app, cast):
    row_id = a_referral(session, cast).id
    session.commit()
    gp_id, worker_id = cast.gp.user_id, cast.worker.user_id
    hub, gp = signed_in_client(app, worker_id), signed_in_client(app, gp_id)
    path = f"/desk/referrals/{row_id}"
    post(hub, f"{path}/acknowledge", version="2")
    version = the_referral(session).version
    session.rollback()
    # A form that was open while somebody else moved it.
    stale = hub.post(f"{path}/do/accept", data={"version": "1", "coordinator": str(worker_id)})
    assert stale.status_code == 422
    assert "Somebody else" in stale.get_data(as_text=True)
    post(hub, f"{path}/do/accept", version=str(version), coordinator=str(worker_id))
    assert "Accepted" in gp.get(path).get_data(as_text=True)
    assert gp.get(f"{path}/do/accept").status_code == 404
    assert hub.get(f"{path}/do/answer").status_code == 404
    over = hub.get(f"{path}/do/accept")
    assert (over.status_code, f'href="{path}">Look at it again' in over.get_data(as_text=True)) == (409, True)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("ask", {"question": "Which estate?"}),
        (
            "reject",
            {
                "reason": "wait-too-long",
                "next_step": "Try the other hub",
                "told_how": "phone",
                "told_on-day": "1",
                "told_on-month": "3",
                "told_on-year": "2026",
            },
        ),
        ("contact", {"channel": "phone", "result": "no-answer"}),
        ("note", {"text": "Rang twice"}),
    ],
)
def test_each_thing_to_do_has_its_page(session, app, cast, name, fields):
    row = a_referral(session, cast)
    row_id, version = row.id, row.version
    session.commit()
    hub = signed_in_client(app, cast.worker.user_id)
    path = f"/desk/referrals/{row_id}/do/{name}"
    assert hub.get(path).status_code == 200
    assert hub.post(path, data={"version": str(version)}).status_code == 422
    post(hub, path, version=str(version), **fields)
    assert hub.get(f"/desk/referrals/{row_id}").status_code == 200


def test_work_begins_on_a_day_that_somebody_said(session, app, cast):
    row = a_referral(session, cast)
    row_id, version, worker_id = row.id, row.version, cast.worker.user_id
    session.commit()
    hub = signed_in_client(app, worker_id)
    path = f"/desk/referrals/{row_id}/do/start"
    post(hub, f"/desk/referrals/{row_id}/do/accept", version=str(version), coordinator=str(worker_id))
    offered = hub.get(path).get_data(as_text=True)
    assert set(re.findall(r'id="day-[a-z]+"[^>]* value="([^"]*)"', offered)) == {""}
    version = the_referral(session).version
    session.rollback()
    unsaid = hub.post(path, data={"version": str(version)})
    assert (unsaid.status_code, the_referral(session).first_contact_at) == (422, None)
    session.rollback()
    day = clock.today()
    said = {"day-day": str(day.day), "day-month": str(day.month), "day-year": str(day.year)}
    post(hub, path, version=str(version), **said)
    assert the_referral(session).first_contact_at is not None


def test_each_clock_that_runs_says_by_when(session, app, cast):
    with clock.moved_to(datetime(2026, 12, 24, 15, tzinfo=clock.LONDON)):
        row_id = a_referral(session, cast).id
        session.commit()
        page = signed_in_client(app, cast.worker.user_id).get(f"/desk/referrals/{row_id}").get_data(as_text=True)
    clocks = re.sub(r"<[^>]+>|\s+", " ", page.split('<ul class="wm-clocks">')[1].split("</ul>")[0])
    # Christmas Day, Boxing Day's Monday and New Year's Day are no working days.
    assert re.search(r"Opened by somebody\s+Running\s+by 30 December 2026", clocks)
    assert re.search(r"Decision\s+Running\s+by 5 January 2027", clocks)
    assert re.search(r"First contact\s+No time set\s+0 days", clocks)


OWN = {
    "danger": "no",
    "what_would_help": "A talk",
    "q_main_needs": "Cannot sleep",
    "name": "Jo",
    "how": "text",
    "mobile": "07911 123456",
    "agrees": "y",
    "submission_key": "own-key",
}


def test_a_person_refers_themselves_and_sees_how_it_goes(session, app, client, cast):
    path, worker_id = f"/ask-for-help/{cast.pathway.id}", cast.worker.user_id
    session.rollback()
    assert "Ask for this" in client.get("/ask-for-help").get_data(as_text=True)
    wrong = client.post(path, data=OWN | {"mobile": "12"})
    assert wrong.status_code == 422
    assert "A talk" in wrong.get_data(as_text=True)
    status = post(client, path, **OWN)
    again = post(client, path, **OWN)
    row = the_referral(session)
    assert session.scalar(select(func.count(Referral.id))) == 1
    assert session.scalar(select(func.count(Person.id)).where(Person.name == "Jo")) == 1
    assert (row.status, row.source.value, row.referrer_organization_id) == (Status.SENT, "self", None)
    row_id, version = row.id, row.version
    texts = [message.text for message in session.scalars(select(Message)).all() if message.recipient.startswith("+44")]
    session.rollback()
    assert len(texts) == 1
    assert "update" in texts[0]
    for address in (status, again):
        page = client.get(address).get_data(as_text=True)
        assert "We have it" in page
    hub = signed_in_client(app, worker_id)
    post(hub, f"/desk/referrals/{row_id}/do/ask", version=str(version), question="Mornings or evenings?")
    token = status.split("?")[0]
    assert "Mornings or evenings?" in client.get(token).get_data(as_text=True)
    version = the_referral(session).version
    session.rollback()
    assert client.post(f"{token}/answer", data={"version": str(version)}).status_code == 422
    answered = post(client, f"{token}/answer", version=str(version), answer="Evenings. I cannot go on, I want to die")
    assert "Are you safe now?" in client.get(answered).get_data(as_text=True)
    assert the_referral(session).danger is DangerCall.IN_WORDS
    version = the_referral(session).version
    session.rollback()
    post(client, f"{token}/withdraw", version=str(version), reason="other", comment="I am fine")
    assert the_referral(session).status is Status.WITHDRAWN


def test_danger_shows_who_to_call_and_sends_nothing(session, client, cast):
    path = f"/ask-for-help/{cast.pathway.id}"
    session.rollback()
    page = client.post(path, data=OWN | {"danger": "yes"}).get_data(as_text=True)
    assert "999" in page
    assert "We have not sent your form" in page
    assert session.scalar(select(func.count(Referral.id))) == 0


def test_words_of_danger_are_sent_and_show_who_to_call_first(session, app, client, cast):
    path, worker_id = f"/ask-for-help/{cast.pathway.id}", cast.worker.user_id
    session.rollback()
    long_before = "I do not know where to begin with all of this. " * 8
    for number, (words, first) in enumerate(
        [
            ("Somebody to talk to", False),
            (long_before + "I want to die", True),
            ("She keeps going to the railway line and standing there", True),
        ]
    ):
        status = post(client, path, **OWN | {"submission_key": f"own-{number}", "what_would_help": words})
        page = client.get(status).get_data(as_text=True)
        assert "We have it" in page
        assert ("Are you safe now?" in page) is first
        assert page.count("116 123") == 1
        assert (page.find("116 123") < page.find("Keep the address of this page")) is first
    # Nobody who asks for help says twice that they are in danger: the team is told, and reads those first.
    hub = signed_in_client(app, worker_id)
    triage_list = hub.get("/desk/referrals?list=triage").get_data(as_text=True)
    in_order = re.findall(r"may speak of danger|>asked themselves<|wm-rows__main", triage_list)
    assert in_order == ["wm-rows__main", "may speak of danger", "wm-rows__main", "may speak of danger", "wm-rows__main"]
    harmless, _letter, marked = session.scalars(select(Referral.id).order_by(Referral.created_at)).unique().all()
    session.rollback()
    said = "What the person wrote may speak of danger"
    assert [said in hub.get(f"/desk/referrals/{each}").get_data(as_text=True) for each in (harmless, marked)] == [
        False,
        True,
    ]
    wrong = client.post(path, data=OWN | {"mobile": "", "q_main_needs": "", "what_would_help": "I want to die"})
    page = wrong.get_data(as_text=True)
    assert wrong.status_code == 422
    assert page.find("116 123") < page.find("Please check what you typed")
    assert page.count("116 123") == 1


def test_a_pathway_that_is_not_for_self_referral_is_not_there(session, client, cast):
    pathway = a_pathway(session, cast.pathway.organization_id, "rehabilitation-and-recovery")
    path = f"/ask-for-help/{pathway.id}"
    session.commit()
    assert client.get(path).status_code == 404


def test_a_group_without_an_account_answers_by_a_link(session, app, client, cast):
    pathway_templates.load(session)
    service = a_service(session, name="Allotment club", email="club@allotment.example")
    service_id, person_id, gp_id = service.id, cast.person.id, cast.gp.user_id
    session.commit()
    gp = signed_in_client(app, gp_id)
    assert "private link" in gp.get(f"/desk/referrals/new?service={service_id}").get_data(as_text=True)
    write = gp.get(post(gp, f"/desk/referrals/new/listing/{service_id}", person=str(person_id))).headers["Location"]
    check = post(gp, write, **FORM | {"q_wish": "A plot", "person": str(person_id)})
    post(gp, check, version="1", agrees="yes", method="verbal", level="codes")
    letter = session.scalars(select(Message).where(Message.recipient == "club@allotment.example")).one()
    link = re.search(r"(/referrals/answer/\S+)", letter.text)[1]
    assert "Rowan" not in letter.text + letter.subject
    session.rollback()
    assert "Rowan Ashby" in client.get(link).get_data(as_text=True)
    version = str(the_referral(session).version)
    session.rollback()
    assert client.post(link, data={"version": version, "answer": "yes"}).status_code == 422
    assert client.post(link, data={"version": version, "answer": "ask", "question": " "}).status_code == 422
    post(client, link, version=version, answer="ask", question="Can Rowan lift?")
    version = str(the_referral(session).version)
    row_id = the_referral(session).id
    session.rollback()
    assert "Can Rowan lift?" in gp.get(f"/desk/referrals/{row_id}").get_data(as_text=True)
    # It asks once; a form that was open from before asks nothing twice.
    assert client.post(link, data={"version": version, "answer": "ask", "question": "Well?"}).status_code == 409
    post(gp, f"/desk/referrals/{row_id}/do/answer", version=version, answer="Yes, with a belt")
    assert "Yes, with a belt" in client.get(link).get_data(as_text=True)
    version = str(the_referral(session).version)
    session.rollback()
    post(client, link, version=version, answer="yes", name="Uncle Ben")
    version = str(the_referral(session).version)
    session.rollback()
    end = {"outcome": "achieved", "destination": "mainstream-activity", "summary": "Digs weekly", "shown": "yes"}
    assert client.post(f"{link}?do=pause", data={"version": version}).status_code == 409
    post(client, f"{link}?do=end", version=version, **end)
    row = the_referral(session)
    assert (row.status, row.coordinator_name) == (Status.COMPLETED, "Uncle Ben")
    path = f"/desk/referrals/{row.id}"
    session.rollback()
    # Their access ended with it: who passes the link on gives nothing away.
    over = client.get(link).get_data(as_text=True)
    assert "This has come to its end" in over
    assert "Rowan" not in over
    page = gp.get(path).get_data(as_text=True)
    assert "Completed" in page
    # Codes alone were allowed: no words.
    assert "Digs weekly" not in page
    assert client.get("/referrals/answer/nothing").status_code == 404


def sent_to_a_group(session, cast):
    """The link of a group without an account to a referral that it has not answered."""
    return _of_a_group(session, cast, is_accepted=False)


def of_a_group(session, cast):
    """The link of a group without an account to a referral that it has said yes to."""
    return _of_a_group(session, cast, is_accepted=True)


def _of_a_group(session, cast, *, is_accepted):
    club = a_service(session, name="Allotment club", email="club@allotment.example")
    cast.pathway = make_pathway(session, SYSTEM, definition(), service_id=club.id)
    cast.pathway.notify_email = "club@allotment.example"
    set_open(session, SYSTEM, cast.pathway, is_open=True)
    row = a_referral(session, cast)
    if is_accepted:
        holder = Actor(kind=ActorKind.LINK, subject_id=row.id)
        triage.accept(session, holder, row, coordinator_name="Ben", version=row.version)
    about = About(type="referral", id=row.id)
    token = links.issue(session, GROUP_LINK, about, lifetime=timedelta(days=90), once=False)
    session.commit()
    return f"/referrals/answer/{token}"


def test_a_group_lets_it_rest_goes_on_and_ends_it_early_by_its_link(session, app, client, cast):
    link, gp_id = of_a_group(session, cast), cast.gp.user_id

    def say(what, **fields):
        version = str(the_referral(session).version)
        session.rollback()
        return post(client, f"{link}?do={what}", version=version, **fields)

    say("began", **{f"day-{part}": str(getattr(clock.today(), part)) for part in ("day", "month", "year")})
    day = clock.today() + timedelta(days=9)
    rest = {f"review_by-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}
    assert client.post(f"{link}?do=pause", data={"version": "4", "reason": "hospital"}).status_code == 422
    say("pause", reason="hospital", **rest)
    wrote = session.scalar(select(func.count(Message.id)).where(Message.kind == "referrals.group"))
    with clock.moved_to(clock.now() + timedelta(days=10)):
        assert [watching.remind_groups(session) for _ in range(2)] == [1, 0]
        assert session.scalar(select(func.count(Message.id)).where(Message.kind == "referrals.group")) == wrote + 1
    session.commit()
    say("resume")
    early = {"reason": "did-not-engage", "destination": "gp-only", "summary": "Stopped coming", "shown": "no"}
    version = str(the_referral(session).version)
    session.rollback()
    unweighed = client.post(f"{link}?do=end-early", data=early | {"version": version})
    assert unweighed.status_code == 422
    assert "weighed the risk" in unweighed.get_data(as_text=True)
    say("end-early", **early, risk_decision="Rang the GP, no danger")
    # Whoever comes later is told that it is over, and nothing more is noted.
    for late in ("end-early", "end", ""):
        again = client.post(f"{link}?do={late}", data=early | {"version": version})
        assert again.status_code == 409
        assert "already come to its end" in again.get_data(as_text=True)
    row = the_referral(session)
    assert (row.status, row.reason) == (Status.ENDED_EARLY, "did-not-engage")
    moves = session.scalars(select(ReferralEvent.move).where(ReferralEvent.referral_id == row.id)).all()
    assert {"start", "pause", "resume", "end_early"} <= {str(move) for move in moves}
    path = f"/desk/referrals/{row.id}"
    assert loop_closed_at(session, row) is not None
    session.rollback()
    page = signed_in_client(app, gp_id).get(path).get_data(as_text=True)
    assert "Stopped coming" in page
    # How the risk was weighed is for the team.
    assert "Rang the GP" not in page


def test_lists_search_tasks_and_files(session, app, cast):
    row = a_referral(session, cast)
    row.person.name = "=HYPERLINK(1)"
    row.person.search_name = "hyperlink"
    reference = row.reference
    session.commit()
    gp, hub = signed_in_client(app, cast.gp.user_id), signed_in_client(app, cast.worker.user_id)
    manager = signed_in_client(app, cast.manager.user_id)
    for client in (gp, hub, manager):
        for path in ("/desk/referrals", "/desk/referrals/tasks", f"/desk/referrals?q={reference}", "/desk"):
            assert client.get(path).status_code == 200
    assert "HYPERLINK" in hub.get(f"/desk/referrals?q={reference}").get_data(as_text=True)
    assert "HYPERLINK" in hub.get("/desk/referrals?q=hyper").get_data(as_text=True)
    file = hub.get("/desk/referrals/export.csv?list=triage")
    assert "'=HYPERLINK" in file.get_data(as_text=True)
    assert file.data.startswith(b"\xef\xbb\xbf")  # Excel reads names with accents by this mark
    assert file.headers["Content-Disposition"] == 'attachment; filename="list.csv"'
    assert "To triage" in manager.get("/desk/referrals/flow").get_data(as_text=True)
    assert gp.get("/desk/referrals/flow").status_code == 403
    assert gp.get("/desk/referrals/letters").status_code == 200


def test_nobody_else_finds_anything(session, app, cast):
    row = a_referral(session, cast)
    row_id, reference = row.id, row.reference
    stranger = a_member(session, Role.SURGERY, workplace="Another surgery", email="s@another.example").id
    other_hub = a_member(session, Role.HUB, workplace="Another hub", email="h@another.example").id
    session.commit()
    for user_id in (stranger, other_hub):
        client = signed_in_client(app, user_id)
        for path in (f"/desk/referrals/{row_id}", f"/desk/referrals/{row_id}/do/accept"):
            assert client.get(path).status_code == 404
        assert "Ashby" not in client.get("/desk/referrals?q=Rowan").get_data(as_text=True)
        assert f"/desk/referrals/{row_id}" not in client.get(f"/desk/referrals?q={reference}").get_data(as_text=True)


def test_a_listing_of_an_organisation_with_staff_leads_to_its_pathways(session, app, cast):
    service = a_service(session, name="Talking")
    session.get_one(Organization, service.organization_id).member_organization_id = cast.pathway.organization_id
    service_id, pathway_id = service.id, cast.pathway.id
    session.commit()
    gp = signed_in_client(app, cast.gp.user_id)
    assert f"/desk/referrals/new?service={service_id}" in gp.get(f"/services/{service_id}").get_data(as_text=True)
    assert f"/ask-for-help/{pathway_id}" in app.test_client().get(f"/services/{service_id}").get_data(as_text=True)
    page = gp.get(f"/desk/referrals/new?service={service_id}").get_data(as_text=True)
    assert page.index("To Talking") < page.index("Single point of referral") < page.index("Or somewhere else")
    assert session.scalar(select(func.count(ReferralEvent.id))) == 0
    assert clock.today()


def test_what_is_wrong_with_a_request_is_told_in_the_order_of_the_page(session, client, cast):
    path = f"/ask-for-help/{cast.pathway.id}"
    session.rollback()
    page = client.post(path, data={"name": ""}).get_data(as_text=True)
    summary = re.search(r'error-summary__list">(.*?)</ul>', page, re.DOTALL)[1]
    told = re.findall(r'href="#([a-z_-]+)', summary)
    of_all = [name for name in told if not name.startswith("q_")]
    assert of_all == ["danger", "what_would_help", "name", "how", "agrees"]
    short = client.post(path, data={"how": "phone", "mobile": "12"}).get_data(as_text=True)
    assert "Enter a phone number like 01632 960001" in short
    assert told.index("what_would_help") < min(told.index(name) for name in told if name.startswith("q_"))


def test_the_team_reads_when_how_and_in_what_form_the_person_is_reached(session, app, cast):
    person = cast.person
    person.safe_times = [{"days": [0, 1], "opens": "10:00", "closes": "12:00"}]
    person.safe_channels = frozenset({ContactChannel.PHONE_BY_PROXY})
    person.formats, person.interpreter, person.language = frozenset({AccessibleFormat.BRAILLE}), True, "cy"
    row_id = a_referral(session, cast).id
    session.commit()
    page = signed_in_client(app, cast.worker.user_id).get(f"/desk/referrals/{row_id}").get_data(as_text=True)
    for words in (
        "Only at these times",
        "10:00 to 12:00",
        "Phone, through somebody else",
        "Braille",
        "Language: Welsh",
    ):
        assert words in page
