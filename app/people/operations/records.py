"""Adding, finding, opening and changing a person's record."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, Refused
from app.people import queries
from app.people.codes import AccessReason
from app.people.details import COLUMNS, Details, read_times, stored_times
from app.people.models import Adjustment, MatchKey, Person
from app.people.operations.ending import set_review
from app.people.operations.reach import give_access
from app.people.operations.secrets import MATCHING, secret_for
from app.people.queries import Search
from app.people.rules.matching import MatchKeys, match_keys, name_parts

SUBJECT = "person"
ONLY_READ = "You can read this record. You can change it once your team has accepted the referral."


def add_person(session: Session, actor: Actor, details: Details, *, organization_id: UUID | None = None) -> Person:
    """A new record, kept by the actor's organisation, or by `organization_id` where the actor has none.

    InvalidInput where the details cannot be used. Whether the person is known already is for the caller to ask
    (`operations.matches`): two records of one person are better than somebody who is not helped.
    """
    told, keeper = details.tidy(), actor.organization_id or organization_id
    if keeper is None:
        raise InvalidInput("Say which organisation keeps the record.")
    person = Person(
        organization_id=keeper,
        made_by_id=actor.user_id,
        # Who asks for help on the website was seen by nobody yet.
        last_seen_on=clock.today() if actor.is_staff else None,
        safe_times=stored_times(told.safe_times),
        **{name: getattr(told, name) for name in COLUMNS},
    )
    session.add(person)
    session.flush()
    give_access(session, actor, person, keeper, AccessReason.ADDED)
    set_review(session, person)
    _set_adjustments(session, person, told.adjustments, have=[])
    _index(session, person)
    record(session, actor, Action.CREATED, (SUBJECT, person.id), person_id=person.id, fields=_filled(told))
    return person


def find_people(session: Session, actor: Actor, search: Search, *, page: int = 1) -> tuple[list[Person], int]:
    """People of the actor's organisation who fit the search, and how many; the search is put on record."""
    found = queries.people(session, actor, search, page=page)
    if not search.is_empty:
        record(session, actor, Action.SEARCHED, (SUBJECT, None), fields=search.asked_for)
    return found


def open_person(session: Session, actor: Actor, person_id: UUID, *, reason: str = "", to_change: bool = True) -> Person:
    """One record as far as the actor may see it, and that they looked is put on record. NotFound for any other.

    Where it is not `to_change`, also one that they opened in an emergency.
    """
    found = queries.person(session, actor, person_id, to_change=to_change)
    record(session, actor, Action.READ, (SUBJECT, found.id), person_id=found.id, reason=reason)
    return found


def open_to_change(session: Session, actor: Actor, person_id: UUID, *, reason: str = "edit") -> Person:
    """One record that the actor may change. Refused where they may only read it: nobody accepted the referral yet."""
    found = open_person(session, actor, person_id, reason=reason)
    if not queries.is_changeable(session, actor, person_id):
        raise Refused(ONLY_READ)
    return found


def change_person(session: Session, actor: Actor, person: Person, details: Details, *, revision: int) -> list[str]:
    """Bring a record to `details`; the names of the fields that changed.

    `revision` is the one the actor saw: Refused where somebody else changed the record since.
    """
    told = details.tidy()
    have = details_of(person)
    changed = [name for name, value in told.as_dict().items() if value != getattr(have, name)]
    if not changed:
        return []
    _take_turn(session, person, revision)
    for name in COLUMNS:
        setattr(person, name, getattr(told, name))
    if "mobile" in changed:
        person.mobile_wrong_since = None
    if "email" in changed:
        person.email_wrong_since = None
    person.safe_times = stored_times(told.safe_times)
    _set_adjustments(session, person, told.adjustments, have=_running(person))
    _index(session, person)
    set_review(session, person)
    record(session, actor, Action.CHANGED, (SUBJECT, person.id), person_id=person.id, fields=changed)
    return changed


def restrict(session: Session, actor: Actor, person: Person, *, restricted: bool) -> None:
    """Keep a record to managers (a colleague's, say), or open it to all who look after people here again."""
    person.is_restricted = restricted
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, person.id), person_id=person.id, fields=["is_restricted"])


def details_of(person: Person) -> Details:
    """The record as `Details`; its adjustments must be loaded."""
    values: dict[str, Any] = {name: getattr(person, name) for name in COLUMNS}
    return Details(
        **values,
        safe_times=read_times(person.safe_times),
        adjustments=tuple(each.words for each in _running(person)),
    )


def _take_turn(session: Session, person: Person, revision: int) -> None:
    taken = session.scalars(
        update(Person)
        .where(Person.id == person.id, Person.revision == revision)
        .values(revision=revision + 1)
        .returning(Person.revision)
        .execution_options(synchronize_session=False)
    ).all()
    if not taken:
        raise Refused("Somebody else changed this record since you opened it. Open it again and look.")
    session.refresh(person, ["revision"])


def _running(person: Person) -> list[Adjustment]:
    return [each for each in person.adjustments if each.ended_at is None]


def _set_adjustments(session: Session, person: Person, wanted: tuple[str, ...], *, have: list[Adjustment]) -> None:
    for each in have:
        if each.words not in wanted:
            each.ended_at = clock.now()
    kept = {each.words for each in have}
    session.add_all(Adjustment(person_id=person.id, words=words) for words in wanted if words not in kept)
    session.flush()
    session.refresh(person, ["adjustments"])


def _index(session: Session, person: Person) -> None:
    """Bring what the record is found and compared by up to date."""
    person.search_name = " ".join(sorted(name_parts(f"{person.name} {person.known_as}")))
    session.execute(delete(MatchKey).where(MatchKey.person_id == person.id))
    session.flush()
    session.add_all(
        MatchKey(person_id=person.id, kind=kind, key=key) for kind, key in key_rows(keys_of(session, person))
    )
    session.flush()


def keys_of(session: Session, person: Person) -> MatchKeys:
    """What a record is compared by."""
    return match_keys(
        secret_for(session, MATCHING), name=person.name, born=person.born_on, nhs_number=person.nhs_number
    )


def key_rows(keys: MatchKeys) -> list[tuple[str, str]]:
    """Each key with its kind."""
    rows = [("nhs", keys.nhs_number), ("all", keys.name_and_birth)]
    rows += [("one", key) for key in sorted(keys.each_name_and_birth)]
    return [(kind, key) for kind, key in rows if key]


def _filled(told: Details) -> list[str]:
    empty = Details(name="")
    return [name for name, value in told.as_dict().items() if value != getattr(empty, name)]
