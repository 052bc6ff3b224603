"""Records of one person at two organisations: known without disclosure, made one by the hub, and parted again."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.accounts.codes import Role
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.errors import NotFound, Refused
from app.people.codes import CarerRelation, PairState, PermissionKind, PermissionMethod
from app.people.models import Carer, Person, PersonMerge, PersonPair
from app.people.operations import Answer, answer_permission, merging, note_seen, open_person
from app.people.operations.carers import CarerDetails, add_carer, end_carer
from app.people.operations.ending import set_review
from app.people.operations.matches import ask_hub, is_known_elsewhere, others_like
from app.people.parts import timeline_of
from app.people.queries import Search, kept_instead, pairs_to_decide, standings
from app.people.upkeep import records_are_sound
from tests.people import NHS_NUMBER, a_person
from tests.signing_in import a_member, actor_of, signed_in_client

BORN = date(1984, 2, 29)


@pytest.fixture
def surgery(session):
    return actor_of(session, a_member(session, Role.SURGERY, workplace="Harbour Street"))


@pytest.fixture
def advice(session):
    return actor_of(session, a_member(session, Role.ADVISER, workplace="Advice"))


@pytest.fixture
def hub(session):
    return actor_of(session, a_member(session, Role.HUB, workplace="Hub"))


@pytest.fixture
def two(session, surgery, advice):
    """One person, written down twice."""
    return a_person(session, surgery, "Rowan Ashby"), a_person(session, advice, "Ashby, Rówan", do_not_contact=True)


def asked(session, surgery, person) -> PersonPair:
    assert ask_hub(session, surgery, person) == 1
    return pairs_to_decide(session)[0][0]


@pytest.mark.parametrize(
    ("search", "known"),
    [
        (Search(name="rowan ashby", born_on=BORN), True),
        (Search(nhs_number=NHS_NUMBER), True),
        (Search(name="rowan", born_on=BORN), False),
        (Search(name="rowan ashby"), False),
        (Search(born_on=BORN), False),
        (Search(name="rowan ashby", born_on=date(1984, 3, 1)), False),
    ],
)
def test_that_somebody_is_known_elsewhere_is_told_to_whoever_knows_them_well(session, surgery, advice, search, known):
    a_person(session, surgery, "Rowan Ashby", nhs_number=NHS_NUMBER)
    assert is_known_elsewhere(session, advice, search) is known
    assert not is_known_elsewhere(session, surgery, search)


def test_the_page_says_no_more_than_that(app, session, surgery):
    app.config["WTF_CSRF_ENABLED"] = False
    person = a_person(session, surgery, "Rowan Ashby", contact_note="Zebra", address="Quagga")
    person_id, adviser_id = str(person.id), a_member(session, Role.ADVISER, workplace="Other").id
    session.commit()
    born = {"born_on-day": "29", "born_on-month": "2", "born_on-year": "1984"}
    page = signed_in_client(app, adviser_id).post("/desk/people", data={"name": "Rowan Ashby", **born}).text
    assert "Another organisation has a record like this" in page
    assert not [secret for secret in (person_id, "Zebra", "Quagga", "Harbour") if secret in page]


def test_two_records_become_one_and_two_again(session, surgery, advice, hub, two):
    kept, dropped = two
    add_carer(session, advice, dropped, CarerDetails(name="Bo", relation=CarerRelation.FRIEND))
    pair = asked(session, surgery, kept)
    dropped.last_seen_on = clock.today() + timedelta(days=9)
    made = merging.merge(session, hub, pair, keep_id=kept.id)
    assert kept.do_not_contact
    assert kept.last_seen_on == dropped.last_seen_on
    assert open_person(session, advice, kept.id).id == kept.id
    assert kept_instead(session, advice, dropped.id) == kept.id
    with pytest.raises(NotFound):
        open_person(session, advice, dropped.id)
    assert session.scalars(select(Carer.person_id)).all() == [kept.id]
    merging.undo_merge(session, hub, made.id)
    assert not kept.do_not_contact
    assert open_person(session, advice, dropped.id).do_not_contact
    with pytest.raises(NotFound):
        open_person(session, advice, kept.id)
    assert session.scalars(select(Carer.person_id)).all() == [dropped.id]
    with pytest.raises(NotFound):
        merging.undo_merge(session, hub, made.id)
    assert others_like(session, kept) == []


def test_each_was_last_seen_when_they_were_before_the_merge(session, surgery, hub, two):
    kept, dropped = two
    today = clock.today()
    kept.last_seen_on, dropped.last_seen_on = today - timedelta(days=9), today - timedelta(days=2)
    set_review(session, kept)
    to_review = kept.review_on
    made = merging.merge(session, hub, asked(session, surgery, kept), keep_id=kept.id)
    assert kept.last_seen_on == today - timedelta(days=2)
    merging.undo_merge(session, hub, made.id)
    assert (kept.last_seen_on, kept.review_on) == (today - timedelta(days=9), to_review)
    assert dropped.last_seen_on == today - timedelta(days=2)


def test_who_was_seen_while_the_records_were_one_may_be_either(session, surgery, hub, two):
    kept, dropped = two
    note_seen(session, dropped, clock.today())
    made = merging.merge(session, hub, asked(session, surgery, kept), keep_id=kept.id)
    later = clock.today() + timedelta(days=3)
    note_seen(session, kept, later)
    merging.undo_merge(session, hub, made.id)
    assert (kept.last_seen_on, dropped.last_seen_on) == (later, later)


def test_a_carer_comes_and_goes_on_the_timeline(session, surgery):
    person = a_person(session, surgery)
    told = CarerDetails(name="Bea Ray", relation=CarerRelation.FRIEND, agreed=True, method=PermissionMethod.VERBAL)
    carer = add_carer(session, surgery, person, told)
    add_carer(session, surgery, person, CarerDetails(name="Cy Orr", relation=CarerRelation.PARENT))
    end_carer(session, surgery, person, carer.id)
    lines = [(entry.words, entry.detail) for entry in timeline_of(session, surgery, person.id)]
    assert ("Bea Ray was added as a carer", "Friend or neighbour. The person agreed that they are told.") in lines
    assert "Bea Ray is no carer now" in dict(lines)
    assert "told nothing" in dict(lines)["Cy Orr was added as a carer"]


def test_the_own_page_says_that_somebody_came_close_and_not_who(session, surgery):
    person = a_person(session, surgery)
    told = CarerDetails(name="Bea Ray", relation=CarerRelation.FRIEND, agreed=True, method=PermissionMethod.VERBAL)
    carer = add_carer(session, surgery, person, told)
    end_carer(session, surgery, person, carer.id)
    own = Actor(kind=ActorKind.PERSON, user_id=uuid4())
    lines = {entry.words: entry.detail for entry in timeline_of(session, own, person.id)}
    assert "You agreed" in lines["Somebody was added to the people close to you"]
    assert "Somebody is no longer among the people close to you" in lines
    assert not any("Bea Ray" in line for entry in lines.items() for line in entry)


def test_what_came_after_the_merge_stays_with_the_kept(session, surgery, hub, advice, two):
    kept, _dropped = two
    made = merging.merge(session, hub, asked(session, surgery, kept), keep_id=kept.id)
    later = add_carer(session, advice, kept, CarerDetails(name="Cy", relation=CarerRelation.FAMILY))
    merging.undo_merge(session, hub, made.id)
    assert session.get_one(Carer, later.id).person_id == kept.id


def test_a_later_no_in_the_other_record_holds_in_the_kept_one(session, surgery, advice, hub, two):
    kept, dropped = two
    for actor, person, given in ((surgery, kept, True), (advice, dropped, False)):
        answer = Answer(kind=PermissionKind.FOLLOW_UP, given=given, method=PermissionMethod.VERBAL)
        answer_permission(session, actor, person, answer)
    yes = Answer(kind=PermissionKind.ANONYMOUS_REPORTING, given=True, method=PermissionMethod.VERBAL)
    answer_permission(session, advice, dropped, yes)
    made = merging.merge(session, hub, asked(session, surgery, kept), keep_id=kept.id)
    stand = standings(session, kept.id)
    assert not stand[PermissionKind.FOLLOW_UP].in_force
    assert not stand[PermissionKind.ANONYMOUS_REPORTING].in_force  # a yes was given to the other organisation
    merging.undo_merge(session, hub, made.id)
    assert standings(session, kept.id)[PermissionKind.FOLLOW_UP].in_force  # they never said no
    assert not standings(session, dropped.id)[PermissionKind.FOLLOW_UP].in_force


def test_two_people_are_told_apart_for_good(session, surgery, hub, two):
    pair = asked(session, surgery, two[0])
    merging.say_distinct(session, hub, pair)
    assert pair.state is PairState.DISTINCT
    with pytest.raises(Refused):
        ask_hub(session, surgery, two[0])
    with pytest.raises(Refused):
        merging.merge(session, hub, pair, keep_id=two[0].id)


def test_by_its_pages(app, session, surgery, hub, two):
    app.config["WTF_CSRF_ENABLED"] = False
    kept_id, dropped_id = (person.id for person in two)
    ids = surgery.user_id, hub.user_id
    session.commit()
    receptionist, worker = (signed_in_client(app, user_id) for user_id in ids)
    assert "There is another record like this" in receptionist.get(f"/desk/people/{kept_id}").text
    assert receptionist.post(f"/desk/people/{kept_id}/ask-hub").status_code == 303
    assert receptionist.post(f"/desk/people/{kept_id}/ask-hub").status_code == 409
    pair_id = session.scalars(select(PersonPair.id)).one()
    session.rollback()
    assert "Ashby, Rówan" in worker.get("/desk/people/duplicates").text
    assert worker.post(f"/desk/people/duplicates/{pair_id}", data={"keep": "rubbish"}).status_code == 400
    assert worker.post(f"/desk/people/duplicates/{pair_id}", data={"keep": str(kept_id)}).status_code == 303
    merge_id = session.scalars(select(PersonMerge.id)).one()
    assert session.get_one(Person, dropped_id).merged_into_id == kept_id
    session.rollback()
    assert worker.post(f"/desk/people/merges/{merge_id}/undo").status_code == 303
    assert worker.post(f"/desk/people/merges/{merge_id}/undo").status_code == 404


def test_three_records_become_one_and_the_doctor_is_content(session, surgery, advice, hub, two):
    first, second = two
    third = a_person(session, hub, "Ashby Rowan")
    merging.merge(session, hub, asked_of(session, hub, first, second), keep_id=second.id)
    made = merging.merge(session, hub, asked_of(session, hub, second, third), keep_id=third.id)
    assert {session.get_one(Person, person.id).merged_into_id for person in (first, second)} == {third.id}
    assert list(records_are_sound(session)) == []
    merging.undo_merge(session, hub, made.id)
    assert (first.merged_into_id, second.merged_into_id) == (second.id, None)
    assert list(records_are_sound(session)) == []
    first.merged_into_id, first.erased_at = None, clock.now()
    session.flush()
    assert list(records_are_sound(session)) == ["1 erased records still hold words."]


def asked_of(session, hub, one: Person, other: Person) -> PersonPair:
    ids = sorted((one.id, other.id))
    pair = PersonPair(one_id=ids[0], other_id=ids[1], asked_by_id=hub.user_id)
    session.add(pair)
    session.flush()
    return pair
