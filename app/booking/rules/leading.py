"""Who leads a session, who cannot come to it, and who stands in for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from app.booking.codes import LeadState


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """One person of a session; `covers` is for whom they stand in."""

    person: UUID
    state: LeadState
    covers: UUID | None = None


def who_comes(leads: Iterable[Lead]) -> frozenset[UUID]:
    """Who leads it as things stand."""
    return frozenset(lead.person for lead in leads if lead.state is LeadState.COMES)


def without_cover(leads: Iterable[Lead]) -> frozenset[UUID]:
    """Who cannot come and has nobody yet who said that they stand in: who is asked has not said so."""
    told = list(leads)
    missing = {lead.person for lead in told if lead.state is LeadState.CANNOT_COME}
    return frozenset(missing - {lead.covers for lead in told if lead.state is LeadState.COMES})
