"""Whether somebody is known elsewhere, without saying where or as whom; and asking the hub to look."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, and_, false, or_, select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core.actor import Actor
from app.core.errors import Refused
from app.people.details import Details
from app.people.models import MatchKey, Person, PersonPair
from app.people.operations.records import key_rows, keys_of
from app.people.operations.secrets import MATCHING, secret_for
from app.people.queries import Search
from app.people.rules.matching import Match, MatchKeys, likely_match, match_keys
from app.people.scope import may_see

# A name without its like and a birth date fit many: that is not told of records that one may not see.
STRONG = frozenset({Match.SAME_NHS_NUMBER, Match.SAME_NAME_AND_BIRTH})


def is_known_elsewhere(session: Session, actor: Actor, search: Search) -> bool:
    """Whether a record that the actor may not see fits what is known: the NHS number, or whole name and birth date."""
    return bool(hidden_matches(session, actor, keys_of_search(session, search)))


def keys_of_search(session: Session, search: Search) -> MatchKeys:
    """What a search is compared by."""
    secret = secret_for(session, MATCHING)
    return match_keys(secret, name=search.name, born=search.born_on, nhs_number=search.nhs_number)


def hidden_matches(session: Session, actor: Actor, keys: MatchKeys, *, but: UUID | None = None) -> list[UUID]:
    """Records that the actor may not see and that strongly match; for deciding, never for showing."""
    seen = set(session.scalars(select(Person.id).where(may_see(actor)).where(Person.id.in_(_sharing(keys)))))
    return [id_ for id_, match in matches(session, keys, but=but) if match in STRONG and id_ not in seen]


def matches(session: Session, keys: MatchKeys, *, but: UUID | None = None) -> list[tuple[UUID, Match]]:
    """Every live record that is likely of the same person, and how likely."""
    held: dict[UUID, list[tuple[str, str]]] = {}
    rows = session.execute(
        select(MatchKey.person_id, MatchKey.kind, MatchKey.key)
        .join(Person, Person.id == MatchKey.person_id)
        .where(
            MatchKey.person_id.in_(_sharing(keys)),
            and_(Person.merged_into_id.is_(None), Person.erased_at.is_(None)),
        )
        .order_by(MatchKey.person_id, MatchKey.kind, MatchKey.key)
    )
    for person_id, kind, key in rows:
        held.setdefault(person_id, []).append((kind, key))
    found = [(id_, likely_match(keys, _keys(parts))) for id_, parts in held.items() if id_ != but]
    return [(id_, match) for id_, match in found if match is not None]


def _sharing(keys: MatchKeys) -> Select[UUID]:
    wanted = [and_(MatchKey.kind == kind, MatchKey.key == key) for kind, key in key_rows(keys)]
    return select(MatchKey.person_id).where(or_(false(), *wanted))


def _keys(parts: list[tuple[str, str]]) -> MatchKeys:
    one = dict(parts)
    return MatchKeys(
        nhs_number=one.get("nhs"),
        name_and_birth=one.get("all"),
        each_name_and_birth=frozenset(key for kind, key in parts if kind == "one"),
    )


def own_matches(session: Session, actor: Actor, details: Details) -> list[Person]:
    """People whom the actor may see and who are likely the one that is about to be added."""
    told = details.tidy()
    keys = keys_of_search(session, Search(name=told.name, born_on=told.born_on, nhs_number=told.nhs_number))
    found = [id_ for id_, match in matches(session, keys) if match in STRONG]
    seen = select(Person).where(Person.id.in_(found), may_see(actor))
    return list(session.scalars(seen.order_by(Person.search_name, Person.id)))


def others_like(session: Session, person: Person) -> list[UUID]:
    """Records that strongly match this one and that nobody has told from it yet."""
    decided = _decided(session, person.id)
    found = matches(session, keys_of(session, person), but=person.id)
    return [id_ for id_, match in found if match in STRONG and id_ not in decided]


def _decided(session: Session, person_id: UUID) -> set[UUID]:
    pairs = session.scalars(
        select(PersonPair)
        .where(or_(PersonPair.one_id == person_id, PersonPair.other_id == person_id))
        .order_by(PersonPair.id)
    )
    return {pair.other_id if pair.one_id == person_id else pair.one_id for pair in pairs}


def ask_hub(session: Session, actor: Actor, person: Person) -> int:
    """Have the hub look at this record and those like it; says how many pairs are new to it. Refused where none is."""
    others = others_like(session, person)
    if not others:
        raise Refused("The hub knows of this already, or nobody else has a record like this one.")
    for other_id in others:
        one, other = sorted((person.id, other_id))
        session.add(PersonPair(one_id=one, other_id=other, asked_by_id=actor.user_id))
    session.flush()
    record(session, actor, Action.CREATED, ("person_pair", None), person_id=person.id)
    return len(others)
