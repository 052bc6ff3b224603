"""A person's record: who may see it, that every look is on record, and that two at once do not overwrite each other."""

from __future__ import annotations

from datetime import date, time
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.audit.codes import Action
from app.audit.models import AuditEntry
from app.audit.queries import of_person
from app.core.errors import InvalidInput, NotFound, Refused
from app.people.codes import AccessReason, AddressStatus, ContactChannel
from app.people.details import Details
from app.people.models import Adjustment, MatchKey
from app.people.operations import add_person, change_person, end_access, find_people, give_access, open_person
from app.people.operations.records import details_of
from app.people.queries import Search, organizations_with_access, people, safety_of
from app.people.rules.contact import SafeTime
from tests.people import NHS_NUMBER, a_person
from tests.signing_in import a_member, actor_of


@pytest.fixture
def surgery(session):
    return actor_of(session, a_member(session, Role.SURGERY, workplace="Harbour Street"))


@pytest.fixture
def hub(session):
    return actor_of(session, a_member(session, Role.HUB, workplace="Hub"))


def trail(session: Session, person_id) -> list[tuple[Action, str]]:
    session.commit()
    return [(entry.action, entry.fields) for entry in reversed(of_person(session, person_id))]


def test_a_record_is_seen_by_the_organisation_that_keeps_it_alone(session, surgery, hub):
    person = a_person(session, surgery)
    assert open_person(session, surgery, person.id) is person
    assert people(session, surgery, Search(name="ashby"))[0] == [person]
    for wanted in (Search(name="ashby"), Search(born_on=date(1984, 2, 29))):
        assert people(session, hub, wanted) == ([], 0)
    with pytest.raises(NotFound):
        open_person(session, hub, person.id)
    with pytest.raises(NotFound):
        open_person(session, surgery, uuid4())


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SURGERY, Role.HUB, Role.ADVISER, Role.MANAGER}))
def test_roles_that_do_not_look_after_people_see_none(session, surgery, role):
    person = a_person(session, surgery)
    colleague = actor_of(session, a_member(session, role, workplace="Harbour Street"))
    assert colleague.organization_id == surgery.organization_id
    with pytest.raises(NotFound):
        open_person(session, colleague, person.id)
    assert people(session, colleague, Search(name="ashby")) == ([], 0)


def test_access_opens_for_a_reason_and_ends_with_it(session, surgery, hub):
    person, referral, other = a_person(session, surgery), uuid4(), uuid4()
    for because in (referral, referral, other):
        give_access(session, surgery, person, hub.organization_id, AccessReason.REFERRAL, because)
    assert open_person(session, hub, person.id) is person
    assert [place.name for place in organizations_with_access(session, person.id)] == ["Harbour Street", "Hub"]
    reason = AccessReason.REFERRAL
    assert end_access(session, surgery, person.id, hub.organization_id, reason, referral)
    assert not end_access(session, surgery, person.id, hub.organization_id, reason, referral)
    assert open_person(session, hub, person.id) is person
    assert end_access(session, surgery, person.id, hub.organization_id, reason, other)
    with pytest.raises(NotFound):
        open_person(session, hub, person.id)
    assert open_person(session, surgery, person.id) is person
    give_access(session, surgery, person, hub.organization_id, reason, referral)
    assert open_person(session, hub, person.id) is person


def test_every_look_every_search_and_every_change_is_on_record_without_a_value(session, surgery):
    person = a_person(session, surgery, nhs_number="999 000 0018", contact_note="Her brother reads the post")
    open_person(session, surgery, person.id, reason="call")
    change_person(session, surgery, person, Details(name="Rowan Ashby-Lee"), revision=1)
    find_people(session, surgery, Search(name="rowan", nhs_number=NHS_NUMBER))
    actions = trail(session, person.id)
    assert [action for action, _fields in actions] == [Action.CREATED, Action.READ, Action.CHANGED]
    assert actions[0][1] == "born_on contact_note name nhs_number"
    searched = session.scalars(select(AuditEntry).where(AuditEntry.action == Action.SEARCHED)).one()
    assert (searched.fields, searched.person_id) == ("name nhs_number", None)
    words = " ".join(str(vars(entry)) for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)))
    assert not any(secret in words for secret in ("Ashby", "brother", NHS_NUMBER, "1984-02", "1984, 2"))


@pytest.mark.parametrize(
    "typed", ["ashby", "ROWAN", "ash row", "rówán", "mr ashby", "robin", "Ashby, Rowan", "  ashby  rowan "]
)
def test_a_name_is_found_by_the_beginnings_of_its_words(session, surgery, typed):
    person = a_person(session, surgery, "Rowan Ashby", known_as="Robin")
    a_person(session, surgery, "Anna Rowanson-Lee")
    assert person in people(session, surgery, Search(name=typed))[0]


@pytest.mark.parametrize("typed", ["shby", "rowan lee ashby", "%", "_owan", ""])
def test_and_by_nothing_else(session, surgery, typed):
    a_person(session, surgery, "Rowan Ashby")
    assert people(session, surgery, Search(name=typed)) == ([], 0)


def test_of_two_who_change_a_record_the_second_is_told(session, surgery):
    person = a_person(session, surgery)
    seen = person.revision
    assert change_person(session, surgery, person, Details(name="Rowan Lee"), revision=seen) == ["name", "born_on"]
    with pytest.raises(Refused):
        change_person(session, surgery, person, Details(name="Rowan Hill"), revision=seen)
    assert person.name == "Rowan Lee"
    assert change_person(session, surgery, person, details_of(person), revision=seen) == []


def test_what_was_told_comes_back_as_it_was_told(session, surgery):
    told = Details(
        name="Rowan Ashby",
        nhs_number=NHS_NUMBER,
        address_status=AddressStatus.KNOWN,
        address="1 High Street",
        postcode="WX2 1AA",
        mobile="+447700900001",
        mobile_is_private=True,
        safe_channels=frozenset({ContactChannel.SMS, ContactChannel.PHONE}),
        safe_times=(SafeTime(frozenset({0, 2}), time(9), time(12, 30)),),
        adjustments=("A quiet room", "Short letters"),
    )
    person = add_person(session, surgery, told)
    session.commit()
    session.expire_all()
    found = open_person(session, surgery, person.id)
    assert details_of(found) == told
    assert safety_of(found).safe_times == told.safe_times
    change_person(session, surgery, found, Details(name="Rowan Ashby", adjustments=("Short letters",)), revision=1)
    kept = session.scalars(select(Adjustment).order_by(Adjustment.words)).all()
    assert [(each.words, each.ended_at is None) for each in kept] == [("A quiet room", False), ("Short letters", True)]


@pytest.mark.parametrize(
    "wrong",
    [{"name": " \n"}, {"nhs_number": "9990000019"}, {"born_on": date(2400, 1, 1)}, {"born_on": date(1800, 1, 1)}],
)
def test_what_cannot_be_right_is_refused(session, surgery, wrong):
    with pytest.raises(InvalidInput):
        add_person(session, surgery, Details(**({"name": "Rowan"} | wrong)))


def test_no_fixed_address_is_an_answer_and_leaves_no_old_one_behind(session, surgery):
    status = AddressStatus.NO_FIXED_ADDRESS
    person = a_person(session, surgery, address_status=status, address="1 High Street", postcode="WX2 1AA")
    assert (person.address, person.postcode, person.address_status) == ("", "", status)


def test_the_keys_follow_the_record(session, surgery):
    person = a_person(session, surgery, nhs_number=NHS_NUMBER)
    kinds = select(MatchKey.kind).where(MatchKey.person_id == person.id).order_by(MatchKey.kind)
    assert list(session.scalars(kinds)) == ["all", "nhs", "one", "one"]
    before = set(session.scalars(select(MatchKey.key)))
    change_person(session, surgery, person, Details(name="Rowan"), revision=1)
    assert list(session.scalars(kinds)) == []
    change_person(session, surgery, person, Details(name="Ashby Rowan", born_on=date(1984, 2, 29)), revision=2)
    assert set(session.scalars(select(MatchKey.key))) < before
