"""Keeping listings true, as provider, editor, staff and the holder of a reminder's link."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.core import clock
from app.core.actor import ANONYMOUS, SYSTEM
from app.core.errors import NotFound, Refused
from app.directory.codes import Accepting, CheckKind, ProblemKind, ProposalState, Status, SuggestionState
from app.directory.curation import forgetting, freshness, operations, queries, suggestions
from app.directory.curation.document import document_of
from app.directory.curation.problems import answer_problem, report_problem
from app.directory.models import (
    IndexChange,
    ListingCheck,
    ListingSuggestion,
    ListingVersion,
    Metadata,
    Organization,
    Proposal,
    Service,
)
from app.directory.queries import service_page
from app.library import documents
from app.library.card_store import plain_service
from app.library.showing.facts import checked_words
from app.notifications.models import Message
from tests.factories import service as a_service
from tests.signing_in import a_member, a_workplace, actor_of, signed_in_client

TODAY = date(2026, 11, 25)


@pytest.fixture
def listing(session: Session) -> Service:
    service = a_service(session, name="Open kitchen", description="A hot meal for whoever comes.", email="k@k.example")
    service.organization.member_organization_id = a_workplace(session, "Kitchen").id
    session.flush()
    return service


@pytest.fixture
def provider(session):
    return a_member(session, Role.PROVIDER, workplace="Kitchen", email="anna@kitchen.example")


def changed(service: Service, **fields) -> dict:
    return document_of(service) | fields


def test_a_provider_proposes_and_the_public_sees_it_once_approved(session, listing, provider, editor):
    proposal = operations.propose(session, actor_of(session, provider), listing, changed(listing, name="Warm kitchen"))
    assert (listing.name, proposal.state) == ("Open kitchen", ProposalState.OPEN)
    assert (proposal.before, proposal.after) == ({"name": "Open kitchen"}, {"name": "Warm kitchen"})
    operations.approve(session, actor_of(session, editor), proposal)
    session.commit()
    assert listing.name == "Warm kitchen"
    assert session.scalars(select(Message.recipient)).all() == ["anna@kitchen.example"]
    noted = session.scalars(select(Metadata).where(Metadata.resource_id == listing.id)).one()
    assert (noted.field_name, noted.previous_value, noted.replacement_value) == ("name", "Open kitchen", "Warm kitchen")


def test_an_editor_adds_a_listing_by_hand_and_the_public_sees_it_once_it_is_open(
    session, app, listing, provider, editor
):
    runs_it, owner_id, editor_id, provider_id = (
        listing.organization.name,
        listing.organization_id,
        editor.id,
        provider.id,
    )
    session.commit()
    client, told = signed_in_client(app, editor_id), {"name": "Sunday  soup", "description": "Hot soup."}
    assert "/desk/listings/new" in client.get("/desk/listings").get_data(as_text=True)
    assert client.post("/desk/listings/new", data=told).status_code == 422
    to = client.post("/desk/listings/new", data=told | {"organization": f" {runs_it.upper()} "}).location
    assert "The public does not see it." in client.get(to).get_data(as_text=True)
    again = client.post("/desk/listings/new", data=told | {"organization": runs_it})
    assert (again.status_code, "a listing of that name already" in again.get_data(as_text=True)) == (422, True)
    of_listing = select(Service.organization_id, Service.status).where(Service.name == "Sunday soup")
    assert session.execute(of_listing).one() == (owner_id, Status.INACTIVE)
    session.rollback()

    assert client.post(to, data=told | {"kind": "service", "status": "active", "coverage": "local"}).status_code == 303
    assert client.post("/desk/listings/new", data=told | {"organization": "St Nowhere's"}).status_code == 303
    assert set(session.scalars(select(Service.status).where(Service.name.like("Sunday%soup")))) == {
        Status.ACTIVE,
        Status.INACTIVE,
    }
    assert session.scalars(select(Organization.name).where(Organization.name == "St Nowhere's")).one()
    session.rollback()
    assert signed_in_client(app, provider_id).post("/desk/listings/new", data=told).status_code == 403


def suggested(session: Session, **changes: str) -> ListingSuggestion:
    told = {"name": "Tool library", "organization": "Hob Lane Neighbours", "description": "Lends drills."}
    return suggestions.suggest(session, **told | {"reply_to": "me@home.example"} | changes)


def test_an_editor_makes_a_hidden_listing_of_what_somebody_said_is_missing(session, app, editor):
    told = suggested(session, place="6 Hob Lane, Sale, M33 2AA", phone="01632 960481", url="https://tools.example.org")
    other, editor_id, path = suggested(session, name="Second one").id, editor.id, f"/desk/suggestions/{told.id}"
    session.commit()
    client = signed_in_client(app, editor_id)
    assert "Tool library" in client.get("/desk/suggestions").text
    assert client.post(path, data={"outcome": "decline"}).status_code == 422
    to = client.post(path, data={"outcome": "add", "answer": "We rang you."}).location
    session.expire_all()
    made = session.scalars(select(Service).where(Service.name == "Tool library")).one()
    assert to == f"/desk/listings/{made.id}/edit"
    assert (made.status, made.url, [phone.number for phone in made.phones]) == (
        Status.INACTIVE,
        "https://tools.example.org",
        ["01632 960481"],
    )
    (place,) = document_of(made)["places"]
    assert place["address"] == {"address_1": "6 Hob Lane", "city": "Sale", "postal_code": "M33 2AA"}
    assert (told.state, told.service_id, told.reply_to) == (SuggestionState.ADDED, made.id, None)
    words = session.scalars(select(Message).where(Message.recipient == "me@home.example")).one()
    assert ("taken it up" in words.text, "We rang you." in words.text) == (True, True)
    session.rollback()
    assert client.post(path, data={"outcome": "add"}).status_code == 409
    assert "Perhaps it is listed already" in client.get(f"/desk/suggestions/{other}").text
    assert "Tool library" not in client.get("/desk/suggestions").text


def test_what_is_left_out_is_answered_and_what_is_there_already_is_not_made_twice(session, app, listing, editor):
    same = suggested(session, name=listing.name, organization=listing.organization.name.upper()).id
    told, editor_id = suggested(session).id, editor.id
    session.commit()
    client = signed_in_client(app, editor_id)
    twice = client.post(f"/desk/suggestions/{same}", data={"outcome": "add", "answer": "Kept words"})
    assert (twice.status_code, "a listing of that name already" in twice.text, "Kept words" in twice.text) == (
        422,
        True,
        True,
    )
    left = client.post(f"/desk/suggestions/{told}", data={"outcome": "decline", "answer": "It has closed."})
    assert left.location == "/desk/suggestions?done=answered"
    session.expire_all()
    assert session.get_one(ListingSuggestion, told).state is SuggestionState.DECLINED
    assert session.get_one(ListingSuggestion, same).state is SuggestionState.OPEN
    words = session.scalars(select(Message).where(Message.recipient == "me@home.example")).one()
    assert ("have not added it" in words.text, "It has closed." in words.text) == (True, True)
    assert session.scalars(select(Service.name).where(Service.name == "Tool library")).all() == []


def test_what_somebody_else_has_answered_meanwhile_is_not_answered_again(session, editor):
    told = suggested(session)
    meanwhile = update(ListingSuggestion).values(state=SuggestionState.DECLINED, answered_at=clock.now())
    session.execute(meanwhile.execution_options(synchronize_session=False))
    assert told.state is SuggestionState.OPEN
    with pytest.raises(Refused):
        suggestions.add(session, actor_of(session, editor), told)
    assert session.scalars(select(Service.name).where(Service.name == told.name)).all() == []


def test_an_address_left_for_an_answer_is_forgotten_after_half_a_year(session, listing):
    told = suggested(session)
    report = report_problem(
        session, ANONYMOUS, listing, kind=ProblemKind.OTHER, details="x", reply_to="me@home.example"
    )
    wanted = changed(listing, description="Soup.")
    proposal = operations.propose(session, ANONYMOUS, listing, wanted, reply_to="me@home.example")
    silent = report_problem(session, ANONYMOUS, listing, kind=ProblemKind.OTHER, details="y")
    for days, forgotten, left in ((179, 0, "me@home.example"), (181, 3, None), (182, 0, None)):
        with clock.moved_to(clock.now() + timedelta(days=days)):
            assert forgetting.forget_addresses(session) == forgotten
        session.expire_all()
        assert {told.reply_to, report.reply_to, proposal.reply_to} == {left}
    assert (silent.details, report.details) == ("y", "x")


def test_a_small_safe_change_is_published_at_once(session, listing, provider):
    proposal = operations.propose(
        session, actor_of(session, provider), listing, changed(listing, alert="Shut on Friday")
    )
    assert listing.alert == "Shut on Friday"
    assert proposal.state is ProposalState.APPROVED


def test_an_editor_may_approve_a_part_and_must_say_why_when_declining(session, listing, provider, editor):
    wanted = changed(listing, name="Warm kitchen", description="Meals.")
    proposal = operations.propose(session, actor_of(session, provider), listing, wanted)
    operations.approve(session, actor_of(session, editor), proposal, fields=frozenset({"name"}))
    assert (listing.name, listing.description) == ("Warm kitchen", "A hot meal for whoever comes.")
    with pytest.raises(Refused):
        operations.decline(session, actor_of(session, editor), proposal, answer="no")


def test_whoever_is_asked_about_a_change_is_told_where_to_answer(session, listing, provider, editor):
    """Staff on the form of their listing, somebody of the public on the form for suggestions; and the change waits."""
    who, decides = actor_of(session, provider), actor_of(session, editor)
    by_staff = operations.propose(session, who, listing, {"name": "Kitchen"})
    by_anyone = operations.propose(session, ANONYMOUS, listing, {"email": "a@b.example"}, reply_to="sam@person.example")
    for proposal in (by_staff, by_anyone):
        operations.ask(session, decides, proposal, answer="From when on?")
    told = dict(session.execute(select(Message.recipient, Message.text)).all())
    assert f"/desk/listings/{listing.id}/edit" in told["anna@kitchen.example"]
    assert f"/services/{listing.id}/suggest" in told["sam@person.example"]
    assert queries.count_proposals(session, decides) == 2
    operations.approve(session, decides, by_anyone)
    assert (listing.email, by_anyone.reply_to) == ("a@b.example", None)


def test_a_change_that_waits_comes_back_as_written_and_what_is_sent_takes_its_place(
    session, app, listing, provider, editor
):
    actor = actor_of(session, provider)
    wanted = changed(listing, description="A hot meal on Thursdays.")
    proposal = operations.propose(session, actor, listing, wanted)
    operations.ask(session, actor_of(session, editor), proposal, answer="Every Thursday?")
    colleague = a_member(session, Role.PROVIDER, workplace="Kitchen", email="ben@kitchen.example")
    path, change, user_id, colleague_id = f"/desk/listings/{listing.id}", proposal.id, provider.id, colleague.id
    session.commit()
    client = signed_in_client(app, user_id)
    assert f"{path}/edit?change={change}" in client.get(path).get_data(as_text=True)
    page = client.get(f"{path}/edit?change={change}").get_data(as_text=True)
    assert "A hot meal on Thursdays." in page
    assert "Every Thursday?" in page
    for nobodys in ("rubbish", str(UUID(int=1))):
        assert "A hot meal on Thursdays." not in client.get(f"{path}/edit?change={nobodys}").get_data(as_text=True)
    theirs = signed_in_client(app, colleague_id).get(f"{path}/edit?change={change}").get_data(as_text=True)
    assert "A hot meal on Thursdays." not in theirs

    data = {"name": "Open kitchen", "description": "A hot meal each Thursday.", "email": "k@k.example"}
    assert client.post(f"{path}/edit", data=data | {"change": str(change)}).location.endswith("done=proposed")
    session.expire_all()
    rows = session.execute(select(Proposal.state, Proposal.after).order_by(Proposal.created_at)).all()
    assert [state for state, _ in rows] == [ProposalState.WITHDRAWN, ProposalState.OPEN]
    assert rows[1][1]["description"] == "A hot meal each Thursday."


def test_a_change_that_waits_is_taken_back_by_sending_what_is_there(session, app, listing, provider):
    actor = actor_of(session, provider)
    proposal = operations.propose(session, actor, listing, changed(listing, description="Soup."))
    told = document_of(listing)
    assert operations.propose(session, actor, listing, told, instead=proposal) is None
    assert proposal.state is ProposalState.WITHDRAWN
    assert queries.own_waiting(session, actor, listing.id, proposal.id) is None


def test_what_changed_since_is_not_overwritten(session, listing, provider, editor):
    proposal = operations.propose(session, actor_of(session, provider), listing, changed(listing, name="Warm kitchen"))
    operations.publish(session, actor_of(session, editor), listing, {"name": "Third name"})
    with pytest.raises(Refused, match="changed since"):
        operations.approve(session, actor_of(session, editor), proposal)
    assert listing.name == "Third name"


def test_every_version_can_come_back_whole(session, listing, editor):
    actor, first = actor_of(session, editor), document_of(listing)
    operations.publish(session, actor, listing, changed(listing, name="Second", phones=["0161 496 0000, office"]))
    operations.publish(session, actor, listing, {"name": "Third", "reach": ["phone"]})
    assert operations.restore(session, actor, listing, 1)
    assert document_of(listing) == first
    numbers = session.scalars(select(ListingVersion.number).order_by(ListingVersion.number)).all()
    assert numbers == [1, 2, 3, 4]


def test_a_provider_reaches_own_listings_alone(session, app, listing, provider):
    other = a_service(session, name="Another")
    actor = actor_of(session, provider)
    assert queries.listing(session, actor, listing.id).id == listing.id
    with pytest.raises(NotFound):
        queries.listing(session, actor, other.id)
    assert [found.name for found in queries.listings(session, actor)[0]] == ["Open kitchen"]
    ids, user_id = (listing.id, other.id, UUID(int=1)), provider.id
    session.commit()
    client = signed_in_client(app, user_id)
    assert [client.get(f"/desk/listings/{id_}").status_code for id_ in ids] == [200, 404, 404]
    assert client.get("/desk/proposals").status_code == 403


def test_the_form_proposes_for_a_provider_and_publishes_for_an_editor(session, app, listing, provider, editor):
    listing_id, users = listing.id, (provider.id, editor.id)
    session.commit()
    for user_id, name, shown in zip(users, ("By provider", "By editor"), ("Open kitchen", "By editor"), strict=True):
        client = signed_in_client(app, user_id)
        sent = {
            "name": name, "description": "A hot meal.", "kind": "service", "status": "active", "coverage": "local",
            "phones": "0161 496 0000, office",
        }  # fmt: skip
        answer = client.post(f"/desk/listings/{listing_id}/edit", data=sent)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        session.expire_all()
        assert session.get_one(Service, listing_id).name == shown
        session.rollback()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Enter the name"),
        ("phones", "ring us", "Enter each number on a line of its own"),
        ("url", "not a site", "Enter a web address"),
        ("minimum_age", "very young", "Enter a whole number, like 12"),
        ("maximum_age", "900", "Enter an age from 0 to 120"),
        ("kind", "rubbish", "Choose one of the answers"),
        ("topics", "no-such-topic", "Choose from the answers on the list"),
    ],
)
def test_a_wrong_field_is_said_and_what_was_typed_stays(session, app, listing, editor, field, value, words):
    listing_id, user_id = listing.id, editor.id
    session.commit()
    sent = {"name": "Kept name", "description": "A meal.", "kind": "service", "status": "active", "coverage": "local"}
    answer = signed_in_client(app, user_id).post(f"/desk/listings/{listing_id}/edit", data=sent | {field: value})
    body = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in body
    assert "A meal." in body


def is_marked(session, listing):
    """Whether the search would rank it lower, and its card says so."""
    found = documents.document(service_page(session, listing.id), {})
    assert ("nobody has confirmed" in checked_words(plain_service(listing)).text) is ("state:stale" in found.tags)
    return "state:stale" in found.tags


def changes_told(session, listing):
    return session.scalar(select(func.count(IndexChange.sequence)).where(IndexChange.service_id == listing.id))


def test_reminders_go_out_twice_then_it_is_an_editors_task_then_hidden(session, listing, provider, editor):
    listing.next_check_on, listing.assured_date = TODAY, TODAY - timedelta(days=365)
    session.commit()
    sent = []
    for days in (-1, 0, 1, 14, 15, 28, 119, 120):
        with clock.moved_to(clock.now() + (TODAY - clock.today()) + timedelta(days=days)):
            freshness.remind(session)
            freshness.hide_expired(session)
            session.commit()
            sent.append((days, session.query(Message).count(), listing.status.value))
            if days == 15:
                assert not is_marked(session, listing)
                already = changes_told(session, listing)
            if days == 28:
                assert is_marked(session, listing)
                assert changes_told(session, listing) == already + 1
                assert queries.count_queue(session, actor_of(session, editor), "stale") == 1
    assert sent == [
        (-1, 0, "active"), (0, 1, "active"), (1, 1, "active"), (14, 2, "active"), (15, 2, "active"),
        (28, 2, "active"), (119, 2, "active"), (120, 2, "inactive"),
    ]  # fmt: skip
    operations.still_right(session, SYSTEM, listing)
    assert (listing.status, listing.hidden_as_stale_on) == (Status.ACTIVE, None)


def test_the_link_of_a_reminder_says_still_right_in_one_press(session, client, listing, provider):
    listing.next_check_on, listing_id = clock.today(), listing.id
    freshness.remind(session)
    text = session.scalars(select(Message.text)).one()
    session.commit()
    path = re.search(r"/check/[\w-]+", text)[0]
    assert "Are these details still right?" in client.get(path).get_data(as_text=True)
    assert client.head(path).status_code == 200
    session.expire_all()
    assert session.get_one(Service, listing_id).assured_date is None
    session.rollback()
    assert "counts as checked today" in client.post(path).get_data(as_text=True)
    assert session.get_one(Service, listing_id).assured_date == clock.today()
    session.rollback()
    assert client.get(path + "x").status_code == 404
    sent = {"name": "By link", "description": "A meal.", "kind": "service", "status": "active", "coverage": "local"}
    assert client.post(path + "/change", data=sent).status_code == 303
    assert session.scalars(select(Proposal)).one().after["name"] == "By link"


def test_staff_who_rang_in_vain_say_so_in_one_press(session, app, listing, editor):
    listing_id, user_id, editor_id = listing.id, a_member(session, Role.SURGERY).id, editor.id
    session.commit()
    staff = signed_in_client(app, user_id)
    for _press in range(2):
        assert staff.post(f"/services/{listing_id}/rang-wrong").status_code == 303
    assert session.scalars(select(ListingCheck.kind)).all() == [CheckKind.FOUND_WRONG]
    session.rollback()
    page = signed_in_client(app, editor_id).get(f"/desk/listings/{listing_id}").get_data(as_text=True)
    assert "Do not rely on this listing: nobody has checked it yet, staff rang and it was wrong" in page
    assert page.count("Staff said that it was wrong") == 1
    assert queries.confidence_in(session, session.get_one(Service, listing_id)).level == "low"


def test_whoever_told_of_a_problem_and_left_an_address_gets_the_answer(session, listing, editor):
    report = report_problem(session, SYSTEM, listing, kind=ProblemKind.CLOSED, reply_to="me@home.example")
    answer_problem(session, actor_of(session, editor), report, mended=True, answer="It has moved. We put that right.")
    message = session.scalars(select(Message)).one()
    assert message.recipient == "me@home.example"
    assert "It has moved." in message.text
    assert "Open kitchen" not in message.subject
    with pytest.raises(Refused):
        answer_problem(session, actor_of(session, editor), report, mended=True, answer="again")


def test_places_say_when_they_were_stated(session, listing, provider):
    actor = actor_of(session, provider)
    operations.state_capacity(session, actor, listing, Accepting.WAITING_LIST, wait_weeks=6)
    assert (listing.wait_weeks, listing.capacity_stated_at.date()) == (6, clock.now().date())
    operations.state_capacity(session, actor, listing, Accepting.YES, wait_weeks=6)
    assert listing.wait_weeks is None
