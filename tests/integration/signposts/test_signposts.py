"""Signposts: given, opened, answered, and what the listing, the editor and the ledger make of the answers."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask_babel import get_translations
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.codes import OrganizationKind, Role
from app.accounts.current import vault
from app.accounts.vault import SIGNPOST
from app.audit.models import AuditEntry
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.errors import InvalidInput, NotFound
from app.core.orm import Base
from app.directory.codes import Accepting, Experience, Status
from app.directory.curation import experiences
from app.directory.curation import queries as curation
from app.directory.curation.operations import state_capacity, still_right
from app.directory.models import Phone
from app.library.models import UnmetNeed
from app.notifications.models import Message, SignedLink
from app.referrals.signposts import operations, queries, sending
from app.referrals.signposts.codes import Contacted, Helped, Hindrance, Way, Whom
from app.referrals.signposts.models import Giving, Signpost, SignpostLine
from app.referrals.signposts.operations import Pick, Wanted
from app.referrals.signposts.slips import ready_words, slip_of
from app.web.database import READ, db
from app.web.languages import speak
from tests.factories import attribute, organization, service, taxonomy, term, whole_service
from tests.people import a_person
from tests.signing_in import a_member, a_workplace, actor_of, signed_in_client

HOLDER = Actor(kind=ActorKind.LINK)
MOBILE = "+447400123456"


@pytest.fixture(autouse=True)
def _as_a_desk_works(app, session):
    app.config["WTF_CSRF_ENABLED"] = False
    # Reading an id must not begin a transaction that a request then waits for.
    session.expire_on_commit = False


def seen(statement) -> list:  # type: ignore[type-arg]
    """What is stored, read in a transaction of its own."""
    with Session(db.engines[READ]) as reading:
        return [tuple(row) for row in reading.execute(statement)]


def count(model) -> int:
    return seen(select(func.count()).select_from(model))[0][0]


@pytest.fixture
def worker(session):
    a_workplace(session, "Surgery", OrganizationKind.SURGERY)
    return a_member(session, Role.SURGERY, workplace="Surgery", email="priya@surgery.example")


@pytest.fixture
def stranger(session):
    return a_member(session, Role.SURGERY, workplace="Other surgery", email="tom@other.example")


def given(session, user, *services, **changes) -> Signpost:
    picks = [Pick(one, "Say hello.", "A letter.", "They ring you.") for one in services]
    wanted = Wanted(picks=picks, **changes)
    return operations.give(session, actor_of(session, user), vault(SIGNPOST), wanted, form_key=uuid4())


def address_of(signpost: Signpost) -> str:
    link = sending.link_of(signpost, vault(SIGNPOST))
    assert link is not None
    return link.removeprefix("http://localhost")


def form_for(*services, **changes) -> dict[str, object]:
    fields: dict[str, object] = {
        "form_key": str(uuid4()), "service": [str(one.id) for one in services], "whom": "somebody", "need": "",
        "language": "en", "near": "WX1 2LH", "give": "a4",
    }  # fmt: skip
    for one in services:
        fields |= {f"{one.id}-say": "Ask for Sam.", f"{one.id}-bring": "", f"{one.id}-happens_next": ""}
    return fields | changes


def test_at_night_a_text_is_not_said_to_be_on_its_way_and_an_email_is(app, session, worker):
    one = service(session)
    session.commit()
    with clock.moved_to(datetime(2026, 11, 3, 23, tzinfo=clock.LONDON)):
        client = signed_in_client(app, worker.id)
        given = client.post("/desk/signposts/new", data=form_for(one, give="message", reach=MOBILE))
        page = client.get(given.headers["Location"]).get_data(as_text=True)
        assert "The text message goes on 4 November 2026 at 8:00am. We send none at night." in page
        assert "on its way" not in page
        # Also once it was tried and put off.
        session.scalars(select(Message)).one().not_before = datetime(2026, 11, 4, 8, tzinfo=clock.LONDON)
        session.commit()
        assert "We send none at night." in client.get(given.headers["Location"]).get_data(as_text=True)
        by_email = client.post("/desk/signposts/new", data=form_for(one, give="message", reach="sam@person.example"))
        assert "The email is on its way." in client.get(by_email.headers["Location"]).get_data(as_text=True)


def test_one_press_makes_a_signpost_and_leads_to_its_slip(app: Flask, session: Session, worker):
    here, there = whole_service(session, name="Debt desk"), service(session, name="Lunch club")
    session.commit()
    client = signed_in_client(app, worker.id)
    form = form_for(here, there)
    answer = client.post("/desk/signposts/new", data=form)
    assert answer.status_code == 303
    slip = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert [
        words for words in ("Debt desk", "Lunch club", "Ask for Sam.", "0161 000 0003", "<svg") if words not in slip
    ] == []
    again = client.post("/desk/signposts/new", data=form)
    assert again.headers["Location"] == answer.headers["Location"]
    assert seen(select(SignpostLine.name).order_by(SignpostLine.position)) == [("Debt desk",), ("Lunch club",)]
    assert seen(select(Signpost.district, Signpost.made_as)) == [("WX1", "surgery")]
    assert seen(select(Giving.way)) == [(Way.A4,)]


def test_what_a_listing_says_stands_ready(app, session, worker):
    told = service(session, what_to_say="I have letters.", what_to_bring="Them.", application_process="Ring us.")
    silent = service(session, name="Lunch club")
    session.commit()
    page = signed_in_client(app, worker.id).get(f"/desk/signposts/new?service={told.id}&service={silent.id}")
    fields = re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", page.get_data(as_text=True), re.DOTALL)
    assert fields == ["I have letters.", "Them.", "Ring us.", "I was told about Lunch club. Can you help me?", "", ""]


def test_ten_services_at_most_and_at_least_one(app, session, worker):
    services = [service(session) for _number in range(12)]
    session.commit()
    client = signed_in_client(app, worker.id)
    page = client.get("/desk/signposts/new?" + "&".join(f"service={one.id}" for one in services))
    assert "2 more are not on this one" in page.get_data(as_text=True)
    assert page.get_data(as_text=True).count('name="service"') == 10
    assert client.post("/desk/signposts/new", data=form_for(service=[])).status_code == 422
    with pytest.raises(InvalidInput):
        given(session, worker, *services)
    assert count(Signpost) == 0


def test_what_the_public_is_not_shown_is_not_given(app, session, worker):
    gone = service(session, status=Status.DEFUNCT)
    session.commit()
    client = signed_in_client(app, worker.id)
    assert "Find a service first" in client.get(f"/desk/signposts/new?service={gone.id}").get_data(as_text=True)
    assert client.post("/desk/signposts/new", data=form_for(gone)).status_code == 422


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"give": "message", "reach": ""}, "Enter a mobile number like"),
        ({"give": "message", "reach": "0161 496 0000"}, "Enter a mobile number like"),
        ({"give": "a4", "remind": "y"}, "Enter a mobile number like"),
        ({"near": "x" * 30}, "Enter the first part of a postcode"),
        ({"need": "no-such-topic"}, "Choose one of the answers"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(app, session, worker, changes, sentence):
    one = service(session)
    session.commit()
    answer = signed_in_client(app, worker.id).post("/desk/signposts/new", data=form_for(one, **changes))
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert "Ask for Sam." in answer.get_data(as_text=True)
    assert count(Signpost) == 0


def test_the_aid_suggests_and_the_ticks_are_kept(app, session, worker):
    one = service(session)
    session.commit()
    client = signed_in_client(app, worker.id)
    told = [
        client.post("/desk/signposts/new", data=form_for(one, give="suggest", ticks=ticks)).get_data(as_text=True)
        for ticks in ([], ["urgent-or-key-date"])
    ]
    assert "A signpost seems enough." in told[0]
    assert "This speaks for referring them." in told[1]
    assert count(Signpost) == 0
    client.post("/desk/signposts/new", data=form_for(one, ticks=["urgent-or-key-date"]))
    assert seen(select(Signpost.ticks)) == [({"urgent-or-key-date"},)]


def test_only_the_hash_of_the_token_is_kept(session, worker):
    made = given(session, worker, service(session))
    session.commit()
    token = address_of(made).rsplit("/", 1)[1]
    assert len(token) >= 43
    for table in Base.metadata.sorted_tables:
        for row in session.execute(select(table)):
            assert token not in repr(tuple(row)), table.name
    link = session.scalars(select(SignedLink)).one()
    assert link.purpose == "signpost"


def test_a_message_says_nothing_of_the_list(app, session, worker):
    one = service(session, name="Anxiety group")
    session.commit()
    client = signed_in_client(app, worker.id)
    for reach in ("07400 123456", "ann@person.example"):
        done = client.post("/desk/signposts/new", data=form_for(one, give="message", reach=reach))
        assert done.status_code == 303
    by_text, by_mail = seen(select(Message.recipient, Message.subject, Message.text).order_by(Message.channel.desc()))
    assert (by_text[:2], by_mail[:2]) == ((MOBILE, ""), ("ann@person.example", "Your list"))
    for _recipient, subject, words in (by_text, by_mail):
        assert "/slip/" in words
        assert not re.search("anxiety|group|surgery|mental|health|priya", f"{subject} {words}", re.IGNORECASE)


def test_nobody_is_flooded(app, session, worker):
    one = service(session)
    session.commit()
    client = signed_in_client(app, worker.id)
    answers = [
        client.post("/desk/signposts/new", data=form_for(one, give="message", reach=MOBILE)).status_code
        for _time in range(7)
    ]
    assert answers == [303] * 5 + [429] * 2
    assert count(Message) == 5


def test_the_slip_is_opened_without_a_name_and_opening_changes_nothing(app, session, worker):
    made = given(session, worker, whole_service(session, name="Debt desk", confidential=True))
    session.commit()
    address = address_of(made)
    before = count(AuditEntry)
    pages = [app.test_client().get(address) for _time in range(3)]
    assert {page.status_code for page in pages} == {200}
    told = pages[0].get_data(as_text=True)
    assert "Debt desk" in told
    assert "1 High Street" not in told
    assert pages[0].headers["Cache-Control"] == "no-store"
    assert count(AuditEntry) == before
    assert seen(select(Signpost.answered_at)) == [(None,)]


def test_expired_and_rubbish_tokens_are_alike(app, session, worker):
    made = given(session, worker, service(session))
    line = made.lines[0].id
    session.commit()
    address, client = address_of(made), app.test_client()
    with clock.moved_to(clock.now() + timedelta(days=91)):
        expired = [client.get(address), client.post(f"{address}/{line}", data={"contacted": "yes"})]
        assert sending.link_of(made, vault(SIGNPOST)) is None
    rubbish = [client.get("/slip/" + "x" * 43), client.post(f"/slip/{'x' * 43}/{line}", data={"contacted": "yes"})]
    assert [answer.status_code for answer in (*expired, *rubbish)] == [404] * 4
    bodies = {
        re.sub(r'name="next" value="[^"]*"', "", answer.get_data(as_text=True)) for answer in (*expired, *rubbish)
    }
    assert len(bodies) == 1


def test_a_tap_is_kept_once_and_can_be_changed(app, session, worker):
    made = given(session, worker, service(session), service(session))
    lines = [line.id for line in made.lines]
    session.commit()
    address, client = address_of(made), app.test_client()

    def tap(line, **field):
        return client.post(f"{address}/{line}", data=field).status_code

    assert [tap(lines[0], contacted="yes"), tap(lines[0], helped="no"), tap(lines[0], hindrance="full")] == [303] * 3
    told = select(SignpostLine.contacted, SignpostLine.helped, SignpostLine.hindrance, SignpostLine.answered_at).where(
        SignpostLine.id == lines[0]
    )
    first = seen(told)
    assert first[0][:3] == (Contacted.YES, Helped.NO, Hindrance.FULL)
    assert tap(lines[0], hindrance="full") == 303
    assert seen(told) == first
    assert tap(lines[0], helped="yes") == 303
    assert seen(told)[0][:3] == (Contacted.YES, Helped.YES, None)
    assert seen(select(SignpostLine.contacted).where(SignpostLine.id == lines[1])) == [(None,)]
    assert tap(lines[0], hindrance="rubbish") == 422
    assert tap(uuid4(), contacted="yes") == 404
    elsewhere = given(session, worker, service(session))
    session.commit()
    assert tap(elsewhere.lines[0].id, contacted="yes") == 404


def test_answers_reach_the_listing_once_each(session, worker):
    one = service(session, assured_date=clock.today() - timedelta(days=30))
    signposts = [given(session, worker, one) for _number in range(3)]
    before = curation.confidence_in(session, one).value
    for made in signposts:
        operations.answer(session, HOLDER, made.lines[0], Contacted.NOT_YET)
        operations.answer(session, HOLDER, made.lines[0], Hindrance.NO_ANSWER)
    assert experiences.of_listing(session, one) == {Experience.NO_ANSWER: 3}
    worse = curation.confidence_in(session, one)
    assert worse.value == pytest.approx(before - 0.3)
    assert "no-answer" in worse.reasons
    for made in signposts:
        operations.answer(session, HOLDER, made.lines[0], Helped.YES)
    assert experiences.of_listing(session, one) == {Experience.HELPED: 3}
    assert curation.confidence_in(session, one).value > before
    operations.answer(session, HOLDER, signposts[0].lines[0], Hindrance.CHANGED_MIND)
    assert experiences.of_listing(session, one) == {Experience.HELPED: 2}


def test_a_check_wipes_the_slate(session, worker):
    one = service(session, assured_date=clock.today() - timedelta(days=30))
    with clock.moved_to(clock.now() - timedelta(days=2)):
        made = given(session, worker, one)
        operations.answer(session, HOLDER, made.lines[0], Hindrance.CLOSED)
    assert experiences.of_listing(session, one) == {Experience.CLOSED: 1}
    still_right(session, actor_of(session, worker), one)
    assert experiences.of_listing(session, one) == {}


def test_full_is_a_hint_for_the_editor_until_the_service_speaks(app, session, worker):
    editor = a_member(session, Role.DIRECTORY_EDITOR, email="ruth@directory.example")
    one = service(session, accepting=Accepting.YES, capacity_stated_at=clock.now() - timedelta(days=40))
    for _number in range(2):
        assert curation.count_queue(session, actor_of(session, editor), "found-otherwise") == 0
        operations.answer(session, HOLDER, given(session, worker, one).lines[0], Hindrance.FULL)
    hint = experiences.capacity_hint(session, one)
    assert hint is not None
    assert hint.times == 2
    assert curation.count_queue(session, actor_of(session, editor), "found-otherwise") == 1
    session.commit()
    page = signed_in_client(app, editor.id).get(f"/desk/listings/{one.id}").get_data(as_text=True)
    assert "2 people whom staff sent there found it full" in page
    state_capacity(session, actor_of(session, editor), one, Accepting.WAITING_LIST, wait_weeks=6)
    assert experiences.capacity_hint(session, one) is None
    assert curation.count_queue(session, actor_of(session, editor), "found-otherwise") == 0


def test_the_ledger_counts_an_unmet_need_once_and_takes_it_back(session, worker):
    one = service(session)
    need = taxonomy(session, slug="need")
    attribute(session, one, term(session, need, code="debt", name="Debt"))
    first, second = (given(session, worker, one, need=need, district="WX1") for need in ("", "housing"))

    def counted():
        rows = session.execute(select(UnmetNeed.topic, UnmetNeed.district, UnmetNeed.source, UnmetNeed.times))
        return sorted(tuple(row) for row in rows)

    session.refresh(one)
    for hindrance in (Hindrance.FULL, Hindrance.COST):
        operations.answer(session, HOLDER, first.lines[0], hindrance)
    assert counted() == [("debt", "WX1", "signpost", 1)]
    third = given(session, worker, one, need="debt", district="WX1")
    operations.answer(session, HOLDER, third.lines[0], Helped.NO)
    operations.answer(session, HOLDER, second.lines[0], Helped.NO)
    assert counted() == [("debt", "WX1", "signpost", 2), ("housing", "WX1", "signpost", 1)]
    operations.answer(session, HOLDER, first.lines[0], Helped.YES)
    operations.answer(session, HOLDER, second.lines[0], Helped.YES)
    session.expire_all()
    assert counted() == [("debt", "WX1", "signpost", 1)]


def test_staff_see_their_own_and_note_what_they_have_read(app, session, worker, stranger):
    own, other = given(session, worker, service(session)), given(session, stranger, service(session))
    for made in (own, other):
        operations.answer(session, HOLDER, made.lines[0], Helped.YES)
    session.commit()
    actor = actor_of(session, worker)
    assert queries.own(session, actor) == ([own], 1)
    assert queries.count_answered(session, actor) == 1
    with pytest.raises(NotFound):
        queries.signpost(session, actor, other.id)
    session.commit()
    client = signed_in_client(app, worker.id)
    assert client.post(f"/desk/signposts/{other.id}/note").status_code == 404
    assert client.post(f"/desk/signposts/{own.id}/note").status_code == 303
    session.refresh(own)
    assert queries.count_answered(session, actor) == 0
    operations.answer(session, HOLDER, own.lines[0], Helped.NO)
    assert queries.count_answered(session, actor) == 1
    session.commit()
    assert client.post("/desk/signposts/note").status_code == 303
    assert queries.count_answered(session, actor) == 0
    assert session.scalars(select(Signpost.noted_at).where(Signpost.id == other.id)).one() is None


def test_a_commissioner_sees_none(session, worker):
    given(session, worker, service(session))
    watcher = a_member(session, Role.COMMISSIONER, workplace="Surgery", email="helen@surgery.example")
    assert queries.own(session, actor_of(session, watcher)) == ([], 0)


def test_words_for_the_record_bear_no_code_that_was_not_checked(app, session, worker):
    made = given(session, worker, service(session, name="Debt desk"))
    session.commit()
    page = signed_in_client(app, worker.id).get(f"/desk/signposts/{made.id}").get_data(as_text=True)
    told = re.search(r"<textarea[^>]*readonly[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert told
    assert "Debt desk" in told[1]
    assert made.reference in told[1]
    assert not re.search(r"\d{9,}", told[1])


def test_what_they_did_not_want_is_kept_with_the_code_that_was_checked(app, session, worker):
    one = service(session, name="Debt desk")
    session.commit()
    client = signed_in_client(app, worker.id)
    done = client.post("/desk/signposts/new", data=form_for(one, give="declined", why="cost-or-travel"))
    assert seen(select(Signpost.declined)) == [("cost-or-travel",)]
    assert (count(Giving), count(SignedLink)) == (0, 0)
    page = client.get(done.headers["Location"]).get_data(as_text=True)
    told = re.search(r"<textarea[^>]*readonly[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert told
    assert re.findall(r"\d{9,}", told[1]) == ["871711000000103"]
    waiting = client.get("/desk/signposts?show=waiting").get_data(as_text=True)
    assert "Debt desk" not in waiting


def test_a_slip_in_welsh_says_what_is_not(app, session, worker):
    made = given(session, worker, service(session, what_to_say="Say hello."), language="cy")
    session.commit()
    client = signed_in_client(app, worker.id)
    slip = client.get(f"/desk/signposts/{made.id}/slip").get_data(as_text=True)
    assert '<html lang="cy">' in slip
    assert '<span lang="en">Say hello.</span>' in slip
    assert "Yn Saesneg y mae" in slip
    assert '<html lang="en-GB">' in client.get(f"/desk/signposts/{made.id}/slip?language=en").get_data(as_text=True)
    assert '<html lang="cy">' in app.test_client().get(address_of(made)).get_data(as_text=True)


def test_a_service_that_closed_stays_on_the_slip_and_says_so(app, session, worker):
    one = service(session, name="Lunch club")
    made = given(session, worker, one)
    one.status = Status.DEFUNCT
    session.commit()
    page = app.test_client().get(address_of(made)).get_data(as_text=True)
    assert "Lunch club" in page
    assert "This one is not listed any more" in page


def test_the_link_is_lost_with_the_key_and_nothing_breaks(app, session, worker):
    made = given(session, worker, service(session))
    made.sealed_link = "sealed under a key that is gone"
    session.commit()
    client = signed_in_client(app, worker.id)
    assert "does not work any more" in client.get(f"/desk/signposts/{made.id}").get_data(as_text=True)
    slip = client.get(f"/desk/signposts/{made.id}/slip")
    assert slip.status_code == 200
    assert 'role="img"' not in slip.get_data(as_text=True)


def test_what_stood_ready_is_said_in_the_language_of_the_slip_and_what_was_typed_as_it_was(
    app, session, worker, monkeypatch
):
    club, other = service(session, name="Lunch club"), service(session, name="Debt desk")
    with app.test_request_context():
        ready = ready_words("Lunch club")
        made = operations.give(
            session,
            actor_of(session, worker),
            vault(SIGNPOST),
            Wanted(picks=[Pick(club, ready), Pick(other, "Ask for Sam.")], language="cy"),
            form_key=uuid4(),
        )
        speak("cy")
        welsh = {"I was told about %(name)s. Can you help me?": "Clywais am %(name)s."}
        monkeypatch.setattr(get_translations(), "_catalog", get_translations()._catalog | welsh)
        said = [line.say for line in slip_of(made, {})]
        assert said == ["Clywais am Lunch club.", "Ask for Sam."]


def test_the_helplines_are_on_the_first_sheet_and_once(app, session, worker):
    made = given(session, worker, service(session))
    path = f"/desk/signposts/{made.id}/slip"
    session.commit()
    client = signed_in_client(app, worker.id)
    plain, large = (client.get(f"{path}?large={number}").get_data(as_text=True) for number in "01")
    assert [page.count('id="crisis-title"') for page in (plain, large)] == [1, 1]
    for page in (plain, large):
        assert page.index("wm-sheet__crisis") < page.index("tel:116123") < page.index('class="wm-slip-line"')


def test_a_slip_has_the_numbers_of_the_service_and_what_each_is_for(app, session, worker):
    keeper = organization(session, phones=[Phone(number="0161 000 0001")])
    lines = [Phone(number="0161 000 0008", description="Evenings only"), Phone(number="0161 000 0009")]
    own, without = service(session, organization=keeper, phones=lines), service(session, organization=keeper)
    made = given(session, worker, own, without)
    session.commit()
    told, switchboard = app.test_client().get(address_of(made)).get_data(as_text=True).split(without.name)[:2]
    assert "Evenings only" in told
    assert "0161 000 0009" in told
    assert "0161 000 0001" not in told
    assert "0161 000 0001" in switchboard


def test_nobody_is_told_that_their_answers_have_no_name_where_they_have_one(app, session, worker):
    person = a_person(session, actor_of(session, worker))
    named = given(session, worker, service(session), whom=Whom.PERSON, person=person)
    nameless = given(session, worker, service(session))
    session.commit()
    promise, plain = "Nobody sees your name with your answers", "Those who gave you the list see what you answer"
    for made, says, never in ((named, plain, promise), (nameless, promise, plain)):
        page = app.test_client().get(address_of(made)).get_data(as_text=True)
        assert says in page
        assert never not in page


def test_whoever_signposts_sees_what_others_found_full(app, session, worker):
    full, other = service(session), service(session)
    for _number in range(2):
        operations.answer(session, HOLDER, given(session, worker, full, other).lines[0], Hindrance.FULL)
    session.commit()
    client = signed_in_client(app, worker.id)
    pages = [client.get(f"/desk/signposts/new?service={one.id}").get_data(as_text=True) for one in (full, other)]
    assert ["2 people found it full lately" in page for page in pages] == [True, False]
