"""What people tells the features above it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.people.models import Emergency, Permission, Person, PersonMerge


@dataclass(frozen=True, slots=True)
class PermissionChanged:
    """A person answered one of the five questions anew: given, refused or withdrawn."""

    person: Person
    permission: Permission


@dataclass(frozen=True, slots=True)
class EmergencyOpened:
    """Somebody opened a record that their organisation has nothing to do with."""

    emergency: Emergency


@dataclass(frozen=True, slots=True)
class PersonErased:
    """A record was wiped; what hung on it has been wiped too. A mail or text about the person must not leave."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class RecordsBecomeOne:
    """What hangs on one record is about to be moved to another: what both have and one person has only once gives way.

    Whoever changes a row for it writes that down beside the moves of the merge, to bring it back.
    """

    merge: PersonMerge


@dataclass(frozen=True, slots=True)
class RecordsParted:
    """A merge was undone and its rows are back: what had given way can count again.

    `refusals` says when those answers were written down that the merge had carried over and that do not hold any more.
    """

    merge: PersonMerge
    refusals: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordsMoved:
    """What hung on one record hangs on another now: two were merged, or a merge was undone."""

    person_ids: tuple[UUID, UUID]
