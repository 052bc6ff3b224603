"""What the rows of the authorisation matrix are made of: visitors, and a world of objects to try a route on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from app.accounts.codes import Role

EVERY_ROLE = frozenset(Role)
NO_ID = UUID(int=0)


class Visitors(StrEnum):
    """Sorts of visitors that no role tells apart."""

    PUBLIC = "public"
    BY_TOKEN = "by token"
    STARTED = "password given"
    SIGNED_IN = "signed in"
    STAFF_ACCOUNT = "staff account"
    PERSON = "person"
    ROLES = "roles"


@dataclass(frozen=True)
class Programme:
    """Something that an organisation puts on."""

    run: UUID
    session: UUID
    pool: UUID
    booking: UUID


@dataclass(frozen=True)
class World:
    """What addresses are made of."""

    service: UUID
    member_of_hub: UUID
    member_elsewhere: UUID
    invitation_of_hub: UUID
    invitation_elsewhere: UUID
    proposal: UUID
    problem: UUID
    suggestion: UUID
    collection_of_hub: UUID
    collection_elsewhere: UUID
    programme_of_hub: Programme
    programme_elsewhere: Programme
    person_of_hub: UUID
    person_elsewhere: UUID
    advice_of_hub: Mapping[str, UUID]
    advice_elsewhere: Mapping[str, UUID]
    signpost_of_hub: UUID
    signpost_elsewhere: UUID
    search_of_other: UUID
    provider_of_hub: UUID
    provider_elsewhere: UUID
    referral_of_hub: UUID
    referral_elsewhere: UUID
    pathway_of_hub: UUID
    pathway_elsewhere: UUID
    plan_of_hub: UUID
    plan_elsewhere: UUID
    occasion_of_hub: UUID
    occasion_elsewhere: UUID
    form_of_hub: UUID
    form_elsewhere: UUID
    alert_of_hub: UUID
    alert_elsewhere: UUID
    pack_of_hub: UUID
    pack_elsewhere: UUID
    more_of_hub: Mapping[str, UUID]
    more_elsewhere: Mapping[str, UUID]


Address = Callable[[World], str]


@dataclass(frozen=True)
class Row:
    """Who may enter, and objects to try it on."""

    visitors: Visitors
    roles: frozenset[Role] = field(default_factory=frozenset)
    own: Address | None = None
    other: Address | None = None
    # As whom the other's object is tried, where not everybody who may enter is kept from it.
    strangers: frozenset[Role] = field(default_factory=frozenset)


PUBLIC = Row(Visitors.PUBLIC)
BY_TOKEN = Row(Visitors.BY_TOKEN)
STARTED = Row(Visitors.STARTED)
SIGNED_IN = Row(Visitors.SIGNED_IN)
PERSON = Row(Visitors.PERSON)
STAFF_ACCOUNT = Row(Visitors.STAFF_ACCOUNT)


def roles(*held: Role, own: Address | None = None, other: Address | None = None) -> Row:
    """Those who hold one of these roles where they work."""
    return Row(Visitors.ROLES, frozenset(held), own, other)


ANY_ROLE = roles(*Role)
WORKERS = (Role.SURGERY, Role.HUB, Role.ADVISER)
READERS = (*WORKERS, Role.MANAGER)


def of_object(what: str, before: str, suffix: str, *held: Role) -> Row:
    """A page about something of the visitor's organisation: `what` as the world names it, a part of it after a dot."""
    return roles(
        *held,
        own=lambda world: f"{before}/{_found(world, what, 'of_hub')}{suffix}",
        other=lambda world: f"{before}/{_found(world, what, 'elsewhere')}{suffix}",
    )


def _found(world: World, what: str, whose: str) -> object:
    name, _, part = what.partition(".")
    found = getattr(world, f"{name}_{whose}")
    return getattr(found, part) if part else found


def of_person(*held: Role, suffix: str = "") -> Row:
    """A page about a person whom the visitor's organisation knows."""
    return of_object("person", "/desk/people", suffix, *held)


def of_more(what: str, before: str, suffix: str = "", *held: Role) -> Row:
    """A page about one of the objects of `own_and_other`."""
    return roles(
        *held,
        own=lambda world: f"{before}/{world.more_of_hub[what]}{suffix}",
        other=lambda world: f"{before}/{world.more_elsewhere[what]}{suffix}",
    )


def of_somebody(what: str, before: str, suffix: str) -> Row:
    """Something of one's own account; a colleague's is like none, and so is anybody else's."""
    return Row(
        Visitors.STAFF_ACCOUNT,
        other=lambda world: f"{before}/{world.more_of_hub[what]}{suffix}",
        strangers=EVERY_ROLE,
    )
