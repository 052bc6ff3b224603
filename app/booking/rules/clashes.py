"""Rooms and people that two sessions cannot have at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.booking.codes import ClashKind, FacilitatorKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """When a session is, in which room and who leads it; cancelled sessions are not given."""

    session: UUID
    starts_at: datetime
    ends_at: datetime
    room: UUID | None = None
    facilitators: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Which room or facilitator is taken, and by which session."""

    kind: ClashKind
    of: UUID
    session: UUID


def clashes(wanted: Slot, others: Iterable[Slot], *, changeover: timedelta = timedelta()) -> list[Clash]:
    """All that hinders `wanted`, in the order of the sessions. One may begin when another ends, plus `changeover`."""
    near = sorted(
        (slot for slot in others if slot.session != wanted.session and _overlap(wanted, slot, changeover)),
        key=lambda slot: (slot.starts_at, slot.session.bytes),
    )
    return [clash for slot in near for clash in _between(wanted, slot)]


def _overlap(one: Slot, other: Slot, changeover: timedelta) -> bool:
    return one.starts_at < other.ends_at + changeover and other.starts_at < one.ends_at + changeover


def _between(wanted: Slot, slot: Slot) -> Iterator[Clash]:
    if wanted.room is not None and wanted.room == slot.room:
        yield Clash(kind=ClashKind.ROOM, of=wanted.room, session=slot.session)
    for person in sorted(wanted.facilitators & slot.facilitators, key=lambda person: person.bytes):
        yield Clash(kind=ClashKind.FACILITATOR, of=person, session=slot.session)


def missing_leads(leads: Iterable[FacilitatorKind]) -> frozenset[FacilitatorKind]:
    """Who a session still needs: by rule a peer trainer and a practitioner lead together; a shadow replaces neither."""
    return frozenset({FacilitatorKind.PEER, FacilitatorKind.PRACTITIONER}) - frozenset(leads)
