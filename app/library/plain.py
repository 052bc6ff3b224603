"""A service as the results of a search need it: plain values, free of any session, in no language of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from app.directory.codes import Accepting, AccessRoute, Coverage, Frequency, Gender, Kind, Precision, Reach, Status


class PlainHours(NamedTuple):
    """What is told of a regular opening, as in `directory.models.Schedule`."""

    freq: Frequency | None
    interval: int | None
    byday: str | None
    bymonthday: str | None
    dtstart: date | None
    valid_from: date | None
    valid_to: date | None
    opens_at: time | None
    closes_at: time | None
    description: str | None
    term_time: bool
    by_appointment: bool


class PlainPlace(NamedTuple):
    """A place that may be told; `words` name it."""

    words: str
    latitude: float | None
    longitude: float | None
    precision: Precision | None


class PlainCost(NamedTuple):
    """A price in pounds, or words for one."""

    option: str | None
    amount: Decimal | None


class PlainOrganization(NamedTuple):
    """Who provides it."""

    id: UUID
    name: str


# Compared and hashed by identity: what is worked out from one of these may be kept for as long as it is.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlainService:
    """A service with all that results show. `topics` are its topics, main one first, and whether a rule gave them."""

    id: UUID
    source: str | None
    source_id: str | None
    organization_id: UUID
    organization: PlainOrganization
    kind: Kind
    status: Status
    name: str
    alternate_name: str | None
    description: str
    fees_description: str | None
    minimum_age: int | None
    maximum_age: int | None
    gender: Gender | None
    coverage: Coverage
    reach: frozenset[Reach]
    access_routes: frozenset[AccessRoute]
    accepting: Accepting | None
    wait_weeks: int | None
    capacity_stated_at: datetime | None
    assured_date: date | None
    next_check_on: date | None
    phone: str
    is_for_texts: bool
    phone_note: str
    # Where to read on; also its organisation's.
    website: str
    places: Sequence[PlainPlace]
    has_hidden_place: bool
    hours: Sequence[PlainHours]
    cost_options: Sequence[PlainCost]
    topics: Mapping[str, bool]
