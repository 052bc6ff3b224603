"""What other features keep of a person: each registers its part, so that people need import none of them.

A part says what it adds to the timeline, to a copy of everything (subject access) and to what staff can do from the
record; which columns hold a person's id, so that merging moves them; and how its words are erased. A test holds that
every column that refers to a person belongs to a part, so that nothing is forgotten when somebody is erased.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import InstrumentedAttribute, Session

from app.core.actor import Actor
from app.people.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """Something that happened, in plain words. `told_to` names who was told about the person by it."""

    at: datetime
    words: str
    detail: str = ""
    told_to: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportItem:
    """A piece of a copy of everything: under which heading, and each line with its label.

    `needs_review` marks words that others wrote, or that speak of others: somebody reads them before they go out.
    """

    heading: str
    at: datetime | None = None
    lines: Sequence[tuple[str, str]] = ()
    needs_review: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAction:
    """A button on the record, to a page of the feature that offers it; features of one `order` come by label."""

    label: str
    url: str
    order: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPart:
    """What one feature keeps of a person.

    columns -- the columns that hold a person's id: merging moves their rows to the record that stays, and back
    timeline -- entries as far as the actor may see them; for the person themself an actor of the kind `PERSON`
    export -- everything that is kept, for a copy that the person asked for
    erase -- wipe every word about the person, keeping what has to be counted; says how many rows
    keeps -- why the record cannot be erased or destroyed at present, in a sentence; None where nothing speaks against
    actions -- what a member of staff can do next from the record
    """

    name: str
    columns: tuple[InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None], ...] = ()
    timeline: Callable[[Session, Actor, UUID], Iterable[TimelineEntry]] | None = None
    export: Callable[[Session, UUID], Iterable[ExportItem]] | None = None
    erase: Callable[[Session, Actor, UUID], int] | None = None
    keeps: Callable[[Session, UUID], str | None] | None = None
    actions: Callable[[Actor, Person], Iterable[RecordAction]] | None = None


_parts: dict[str, RecordPart] = {}


def register(part: RecordPart) -> RecordPart:
    """Make a part known; one of the same name takes its place."""
    _parts[part.name] = part
    return part


def all_parts() -> list[RecordPart]:
    """Every part, by name."""
    return sorted(_parts.values(), key=lambda part: part.name)


def timeline_of(session: Session, actor: Actor, person_id: UUID) -> list[TimelineEntry]:
    """What happened, latest first, as far as the actor may see it."""
    entries = [
        entry for part in all_parts() if part.timeline is not None for entry in part.timeline(session, actor, person_id)
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def actions_for(actor: Actor, person: Person) -> list[RecordAction]:
    """What can be done next, in order."""
    offered = [action for part in all_parts() if part.actions is not None for action in part.actions(actor, person)]
    return sorted(offered, key=lambda action: (action.order, str(action.label)))
