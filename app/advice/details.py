"""What is written down of a contact, as values: forms make them, operations store them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from uuid import UUID

from app.advice.codes import (
    Channel,
    ClientKind,
    DateKind,
    Direction,
    Emergency,
    Format,
    Level,
    Place,
    Result,
    StepBy,
)
from app.core.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldDate:
    """A key date: the day itself, or the date of the letter that it is reckoned from."""

    kind: DateKind
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStep:
    """A next step."""

    words: str
    by: StepBy = StepBy.ADVISER
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldContact:
    """Everything that a form says of a contact.

    `new_name` is somebody who has no record yet and gets one. `case_id` continues a case, `opens_case` begins
    one. `session_id` is the open session in which it took place. `form_key` is the page that it was typed in.
    """

    client_kind: ClientKind
    channel: Channel
    level: Level
    minutes: int
    happened_on: date
    person_id: UUID | None = None
    new_name: str = ""
    client_number: str = ""
    relation: str = ""
    direction: Direction = Direction.IN
    result: Result = Result.REACHED
    started_at: time | None = None
    travel_minutes: int = 0
    place: Place = Place.OFFICE
    place_ods_code: str = ""
    language: str = "en"
    interpreter: bool = False
    format: Format = Format.VERBAL
    words: str = ""
    issues: tuple[str, ...] = ()
    advice: str = ""
    sources: str = ""
    emergencies_asked: bool = False
    emergencies: frozenset[Emergency] = frozenset()
    safeguarding: bool = False
    call_back_on: date | None = None
    dates: tuple[ToldDate, ...] = ()
    steps: tuple[ToldStep, ...] = ()
    follows_id: UUID | None = None
    session_id: UUID | None = None
    case_id: UUID | None = None
    opens_case: bool = False
    seconds: int | None = field(default=None)
    form_key: UUID | None = None


@dataclass(frozen=True, slots=True)
class Worker:
    """A member of staff at work: what an actor is where advice is written."""

    organization_id: UUID
    user_id: UUID


def worker_of(actor: Actor) -> Worker:
    """The organisation and the user of an actor who is staff."""
    if actor.organization_id is None or actor.user_id is None:
        raise ValueError("advice is given by a member of staff")
    return Worker(actor.organization_id, actor.user_id)
