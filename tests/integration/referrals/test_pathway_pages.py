"""A manager takes a pathway over, changes it with a preview, and opens it; what was begun keeps its version."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.actor import SYSTEM, Actor, ActorKind
from app.people.codes import ContactChannel
from app.referrals.codes import AppointmentKind, Attendance, ClockKind, Destination
from app.referrals.models import Pathway, PathwayVersion, Referral
from app.referrals.operations import pathways, triage, work
from app.referrals.operations.pathways import OF_ONESELF
from app.referrals.queries.pathways import definition, template
from app.referrals.queries.times import definition_for
from app.referrals.record import export, timeline
from app.referrals.rules.clocks import Threshold, Unit
from seed.reference import pathway_templates
from tests.referrals import a_cast, a_referral
from tests.signing_in import signed_in_client


@pytest.fixture(autouse=True)
def _no_forgery_check(app):
    app.config["WTF_CSRF_ENABLED"] = False


def test_take_over_preview_save_open_close(session, app):
    pathway_templates.load(session)
    cast = a_cast(session)
    template_id = session.scalar(select(Pathway.id).where(Pathway.slug == "befriending", Pathway.is_template))
    session.commit()
    manager = signed_in_client(app, cast.manager.user_id)
    assert "Ready-made" in manager.get("/desk/pathways").get_data(as_text=True)
    address = manager.post(f"/desk/pathways/take-over/{template_id}").headers["Location"]
    form = {
        "version": "1",
        "name": "Company",
        "introduction": "A visit once a week.",
        "self_name": "Somebody to talk to",
        "self_introduction": "Quoll visits you once a week.",
        "self_referral": "y",
        "sources": ["gp", "carer"],
        "minimum_age": "16",
        "areas": "wx1, WXI, wx2",
        "practices": "a12345",
        "questions": "# You\nWhat do they like? // What do you like? *\nTea? (yes or no)\nWhen? (choose: Early; Late)",
        "eligibility": "Do they live alone? | Look for a group with them.",
        "acknowledge": "1 working days",
        "first_day": "Ring them",
        "first_day_within": "2  Working Days",
        "first_week_within": "",
        "stages": "Met\nMatched",
        "waiting_rule": "longest-first",
        "reopening_days": "14",
        "nation": "scotland",
        "waiting_check_in": "14 days",
        "destinations": ["gp-only", "died"],
        "letter_accepted": "Quokka will ring you.",
        "social_prescribing": "y",
    }
    preview = manager.post(address, data=form | {"do": "preview"}).get_data(as_text=True)
    assert "nothing is saved yet" in preview
    assert "What do you like?" in preview
    assert "Quokka will ring you." in preview
    assert "Somebody to talk to</strong>. Quoll visits you once a week." in preview
    for shown in (
        "Matched",
        "First checklist: 2 working days",
        "14 days",
        "No time set",
        "GP; Carer",
        "From 16",
        "WX1; WX2; A12345",
    ):
        assert shown in preview, shown
    wrong = manager.post(address, data=form | {"questions": "no title", "acknowledge": "soon"})
    assert wrong.status_code == 422
    assert "Begin with the title" in wrong.get_data(as_text=True)
    nowhere = manager.post(address, data=form | {"areas": "WX1, ZZZ", "practices": "<b>"})
    assert "“ZZZ” is no postcode district" in nowhere.get_data(as_text=True)
    assert "“&lt;B&gt;” is no code of a practice" in nowhere.get_data(as_text=True)
    assert "“soon” is no time" in wrong.get_data(as_text=True)
    assert manager.post(address, data=form).status_code == 303
    # The same press once more changes nothing, and is no quarrel with somebody else.
    assert manager.post(address, data=form).status_code == 303
    stale = manager.post(address, data=form | {"name": "Another"})
    assert stale.status_code == 422
    assert "Somebody else changed this pathway" in stale.get_data(as_text=True)
    made = session.scalars(select(Pathway).where(Pathway.name == "Company")).one()
    told = definition(session, made)
    assert [question.key for question in told.questions] == ["what-do-they-like", "tea", "when"]
    assert told.checklists[0].items[0].label == "Ring them"
    # There is no second list, so no time for one stands ready, and saving again changes nothing.
    assert re.search(r'name="first_week_within"[^>]*value=""', manager.get(address).get_data(as_text=True))
    assert told.threshold(ClockKind.FIRST_24_HOURS) == Threshold(2, Unit.WORKING_DAYS)
    assert 'value="2 working days"' in manager.get(address).get_data(as_text=True)
    assert (told.nation, told.letter_accepted, told.social_prescribing) == ("scotland", "Quokka will ring you.", True)
    assert told.destinations == (Destination.GP_ONLY, Destination.DIED)
    assert told.clocks[ClockKind.WAITING_CHECK_IN] is not None
    assert (made.version, made.is_open) == (2, False)
    made_id = made.id
    session.rollback()
    assert manager.post(f"/desk/pathways/{made_id}/open").status_code == 303
    session.refresh(made)
    assert made.is_open
    session.rollback()
    assert manager.post(f"/desk/pathways/{made_id}/close").status_code == 303
    same = form | {"version": "2"}
    assert manager.post(address, data=same).headers["Location"].endswith("done=same")
    notices = manager.post(address, data=same | {"notify_email": "team@hub.example"})
    assert notices.headers["Location"].endswith("done=saved")
    gp = signed_in_client(app, cast.gp.user_id)
    assert gp.get("/desk/pathways").status_code == 403


def test_what_was_begun_keeps_the_version_it_was_begun_under(session):
    cast = a_cast(session)
    row = a_referral(session, cast)
    before = definition_for(session, row)
    pathways.change_pathway(session, SYSTEM, cast.pathway, replace(before, name="Anew"), version=1)
    assert definition_for(session, row) == before
    assert definition(session, cast.pathway).name == "Anew"


def test_loading_the_templates_again_changes_nothing(session):
    pathway_templates.load(session)
    versions = session.scalars(select(Pathway.version).where(Pathway.is_template)).all()
    pathway_templates.load(session)
    assert session.scalars(select(Pathway.version).where(Pathway.is_template)).all() == versions


def test_a_pathway_taken_over_earlier_gets_the_words_for_the_person_once(session, app):
    pathway_templates.load(session)
    cast = a_cast(session)
    mine = pathways.take_over(session, cast.manager, template(session, "employment-primary-care"))
    pathways.set_open(session, cast.manager, mine, is_open=True)
    version = session.scalars(select(PathwayVersion).where(PathwayVersion.pathway_id == mine.id)).one()
    # As it was kept before there were such words.
    version.document = {key: told for key, told in version.document.items() if key not in OF_ONESELF}
    session.flush()
    pathway_templates.load(session)
    told = definition(session, mine)
    assert told.self_name == "Help to get a paid job"
    assert "works with you" in told.self_introduction
    assert "works with them" in told.introduction
    pathways.change_pathway(
        session, cast.manager, mine, replace(told, self_name="", self_introduction=""), version=mine.version
    )
    pathway_templates.load(session)
    assert definition(session, mine).self_name == definition(session, mine).self_introduction == ""
    pathways.change_pathway(session, cast.manager, mine, told, version=mine.version)
    mine_id = mine.id
    session.commit()
    visitor = app.test_client()
    for address in ("/ask-for-help", f"/ask-for-help/{mine_id}"):
        page = visitor.get(address).get_data(as_text=True)
        assert ">Help to get a paid job</h" in page
        assert "works with you" in page
    staff = signed_in_client(app, cast.gp.user_id).get("/desk/referrals/new").get_data(as_text=True)
    assert "works with them" in staff
    assert "Help to get a paid job" not in staff


def test_a_letter_after_a_missed_appointment_says_so_until_the_person_is_seen(session, app):
    cast = a_cast(session, letter_accepted="Quokka will ring you.")
    cast.person.safe_channels, cast.person.address = frozenset({ContactChannel.LETTER}), "14 Ropewalk"
    row = a_referral(session, cast)
    triage.accept(session, cast.worker, row, coordinator_id=cast.worker.user_id, version=row.version)
    row_id, worker_id = row.id, cast.worker_user.id
    session.commit()
    hub = signed_in_client(app, worker_id)

    def meeting(hours: int, attendance: Attendance | None = None) -> None:
        when = work.Meeting(kind=AppointmentKind.SESSION, starts_at=clock.now() + timedelta(hours=hours))
        referral = session.get_one(Referral, row_id)
        booked = work.book(session, cast.worker, referral, when, version=referral.version)
        if attendance:
            what = {"attendance": attendance, "version": referral.version}
            work.record_attendance(session, cast.worker, referral, booked.id, **what)
        session.commit()

    def letter() -> str:
        return hub.get(f"/desk/referrals/{row_id}/letter").get_data(as_text=True)

    meeting(-30, Attendance.DID_NOT_ATTEND)
    missed = (clock.now() - timedelta(hours=30)).astimezone(clock.LONDON)
    assert f"We had hoped to see you on {missed.day} {missed:%B %Y}." in letter()
    assert "Tell us which day would suit you" in letter()
    assert "Quokka" not in letter()
    meeting(30)
    again = (clock.now() + timedelta(hours=30)).astimezone(clock.LONDON)
    assert f"There is a new time for you: {again.day} {again:%B %Y} at" in letter()
    meeting(-2, Attendance.SEEN_ON_TIME)
    assert "Quokka will ring you." in letter()
    assert "We had hoped" not in letter()


@pytest.mark.parametrize("is_safe", [True, False])
def test_a_letter_says_what_the_pathway_says_where_a_letter_is_safe(session, app, is_safe):
    cast = a_cast(session, letter_accepted="Quokka will ring you.")
    cast.person.safe_channels = frozenset({ContactChannel.LETTER} if is_safe else {ContactChannel.PHONE})
    cast.person.address, cast.person.discreet = "14 Ropewalk", True
    row = a_referral(session, cast)
    triage.accept(session, cast.worker, row, coordinator_id=cast.worker.user_id, version=row.version)
    path, gp_id, worker_id = f"/desk/referrals/{row.id}", cast.gp_user.id, cast.worker_user.id
    person_id, own = cast.person.id, Actor(kind=ActorKind.PERSON)
    session.commit()
    hub = signed_in_client(app, worker_id)
    assert (f"{path}/letter" in hub.get(path).get_data(as_text=True)) is is_safe
    letter = hub.get(f"{path}/letter")
    assert letter.status_code == (200 if is_safe else 409)
    assert ("Quokka will ring you." in letter.get_data(as_text=True)) is is_safe
    assert '<p class="wm-letter__from">' not in letter.get_data(as_text=True)
    if is_safe:
        today = {f"on-{part}": str(getattr(clock.today(), part)) for part in ("day", "month", "year")}
        assert hub.post(f"{path}/letter", data={"way": "phone", **today}).status_code == 422
        assert hub.post(f"{path}/letter", data={"way": "letter", **today, "on-year": "2999"}).status_code == 422
        # Pressed twice, it went once; and the timeline says by which way.
        for _ in range(2):
            assert hub.post(f"{path}/letter", data={"way": "letter", **today}).status_code == 303
        assert hub.get(path).get_data(as_text=True).count("By letter") == 1
        (entry,) = (each for each in timeline(session, cast.worker, person_id) if "Word to" in each.words)
        assert entry.detail == "By letter"
        read_by_them = [each.words for each in timeline(session, own, person_id)]
        # The person reads the name that the pathway has for them, staff the one that they work with.
        ours, theirs = "Single point of referral", "Help with your mental health"
        assert {f"{theirs}: They wrote to you", f"Referred: {theirs}"} <= set(read_by_them)
        assert not any(ours in words for words in read_by_them)
        assert f"Referred: {ours}" in [each.words for each in timeline(session, cast.worker, person_id)]
        (copied,) = (each for each in export(session, person_id) if not each.needs_review)
        assert copied.heading.startswith(theirs)
        labels = [label for label, _text in copied.lines]
        # The copy names the questions, and what went to the person with the way it went.
        assert "main-needs" not in labels
        assert "What is the person finding hard at the moment?" in labels
        assert "By letter" in [text for _label, text in copied.lines]
        session.rollback()
    # Whoever referred writes no letters for the team.
    assert signed_in_client(app, gp_id).get(f"{path}/letter").status_code in {403, 404}
