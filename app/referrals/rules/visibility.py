"""Who sees what of a referral: one cell for each kind of data and each viewer, each with the condition it stands under.

A cell says the most that somebody may see; the relation that they have to this very record decides whether they do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from app.people.codes import SharingLevel


class Viewer(StrEnum):
    """As what somebody looks. The auditor is the information governance lead; a peer is a volunteer or peer worker."""

    PERSON = "person"
    CARER = "carer"
    REFERRER = "referrer"
    TRIAGE = "triage"
    WORKER = "worker"
    PEER = "peer"
    MANAGER = "manager"
    COMMISSIONER = "commissioner"
    AUDITOR = "auditor"


class Field(StrEnum):
    """The kinds of data."""

    DIRECTORY = "directory"
    REFERRAL = "referral"
    STATUS = "status"
    APPOINTMENTS = "appointments"
    NOTES = "notes"
    RISK = "risk"
    CONTACT_SAFETY = "contact-safety"
    MONEY = "money"
    SCORES = "scores"
    EQUALITY = "equality"
    SAFEGUARDING = "safeguarding"
    MESSAGE_BACK = "message-back"
    WHO_LOOKED = "who-looked"


class Sight(StrEnum):
    """How much is seen: nothing; that it happened (the log); figures over many people; a line; all of it."""

    NONE = "none"
    LOG = "log"
    COUNTS = "counts"
    SUMMARY = "summary"
    FULL = "full"


class Scope(StrEnum):
    """What a summary or a full sight is cut to."""

    WHOLE = "whole"
    PLAIN_WORDS = "plain-words"
    OWN_PLAN = "own-plan"
    OWN_LOG = "own-log"
    WITHOUT_THIRD_PARTIES = "without-third-parties"
    CHANGED_YES_OR_NO = "changed-yes-or-no"
    NEED_TO_KNOW_LINE = "need-to-know-line"
    ACCESS_NEEDS = "access-needs"
    NOT_JOINED_TO_NAME = "not-joined-to-name"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """What somebody has to do with this very record; by default nothing at all.

    connected -- they are the person, or the carer, practice, team, worker or manager of this referral
    own -- what they look at is theirs: their words, their match, their log, their listing
    open -- access has not ended with the referral
    agreed -- the person's agreement to this carer is recorded and in force; risk_agreed, that it covers risk too
    asked -- the person asked for the notes; level -- how much the GP and referrer may be told
    raised_it, named -- who raised the concern; who was named to deal with it
    break_glass -- the record was opened in an emergency, with a reason, and the privacy officer was told
    """

    connected: bool = False
    own: bool = False
    open: bool = True
    agreed: bool = False
    risk_agreed: bool = False
    asked: bool = False
    level: SharingLevel = SharingLevel.NONE
    raised_it: bool = False
    named: bool = False
    break_glass: bool = False


class Condition(StrEnum):
    """What must hold for a cell to count."""

    ALWAYS = "always"
    OWN = "own"
    ON_REQUEST = "on-request"
    LEVEL_SUMMARY = "level-summary"
    LEVEL_FULL = "level-full"
    RISK_AGREED = "risk-agreed"
    RAISED_IT = "raised-it"
    NAMED = "named"
    BREAK_GLASS = "break-glass"


_HOLDS: dict[Condition, Callable[[Relation], bool]] = {
    Condition.ALWAYS: lambda _: True,
    Condition.OWN: lambda relation: relation.own,
    Condition.ON_REQUEST: lambda relation: relation.asked,
    Condition.LEVEL_SUMMARY: lambda relation: relation.level.reaches(SharingLevel.SUMMARY),
    Condition.LEVEL_FULL: lambda relation: relation.level.reaches(SharingLevel.FULL),
    Condition.RISK_AGREED: lambda relation: relation.risk_agreed,
    Condition.RAISED_IT: lambda relation: relation.raised_it,
    Condition.NAMED: lambda relation: relation.named,
    Condition.BREAK_GLASS: lambda relation: relation.break_glass,
}


class Writing(StrEnum):
    """Whether somebody may write there: never, only what is theirs, or all of it."""

    NO = "no"
    OWN = "own"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Cell:
    """The most that a viewer may see and write of a kind of data, and what must hold for it."""

    sight: Sight = Sight.NONE
    writing: Writing = Writing.NO
    condition: Condition = Condition.ALWAYS
    scope: Scope = Scope.WHOLE


@dataclass(frozen=True, slots=True)
class View:
    """What somebody sees of a field of this very record, cut to what, and whether they may write it."""

    sight: Sight = Sight.NONE
    scope: Scope = Scope.WHOLE
    may_write: bool = False


_NONE = Cell()
_READ = Cell(Sight.FULL)
_WRITE = Cell(Sight.FULL, Writing.YES)
_READ_WRITE_OWN = Cell(Sight.FULL, Writing.OWN)
_SUMMARY = Cell(Sight.SUMMARY)
_COUNTS = Cell(Sight.COUNTS)
_OWN = Cell(Sight.FULL, condition=Condition.OWN)
_BREAK_GLASS = Cell(Sight.FULL, condition=Condition.BREAK_GLASS)
_NAMED = Cell(Sight.FULL, Writing.YES, Condition.NAMED)

# In the order of `Viewer`.
_ROWS: dict[Field, tuple[Cell, ...]] = {
    Field.DIRECTORY: (_READ, _READ, _READ, _READ, _READ_WRITE_OWN, _READ, _WRITE, _READ, _READ),
    Field.REFERRAL: (_READ, _READ, _READ_WRITE_OWN, _READ, _READ, _NONE, _READ, _NONE, Cell(Sight.LOG)),
    Field.STATUS: (
        *(replace(_READ, scope=Scope.PLAIN_WORDS), _READ, _READ, _WRITE, _WRITE),
        *(_OWN, _READ, _COUNTS, _READ),
    ),
    Field.APPOINTMENTS: (
        *(_WRITE, _READ, replace(_SUMMARY, condition=Condition.LEVEL_SUMMARY), _WRITE, _WRITE),
        *(_OWN, _READ, _COUNTS, _NONE),
    ),
    Field.NOTES: (
        Cell(Sight.FULL, condition=Condition.ON_REQUEST, scope=Scope.WITHOUT_THIRD_PARTIES),
        *(_NONE, _NONE, _NONE, _READ_WRITE_OWN),
        Cell(Sight.FULL, Writing.OWN, Condition.OWN, Scope.OWN_LOG),
        *(_READ, _NONE, _BREAK_GLASS),
    ),
    Field.RISK: (
        replace(_READ, scope=Scope.OWN_PLAN),
        replace(_READ, condition=Condition.RISK_AGREED),
        replace(_SUMMARY, scope=Scope.CHANGED_YES_OR_NO),
        *(_READ, _WRITE, replace(_SUMMARY, scope=Scope.NEED_TO_KNOW_LINE), _READ, _NONE, _BREAK_GLASS),
    ),
    Field.CONTACT_SAFETY: (_WRITE, _NONE, _READ, _READ, _WRITE, _READ, _READ, _NONE, _READ),
    Field.MONEY: (
        *(_READ, _NONE, replace(_READ, condition=Condition.LEVEL_FULL), _READ, _WRITE),
        *(_NONE, _READ, _COUNTS, _NONE),
    ),
    Field.SCORES: (_READ, _NONE, _SUMMARY, _READ, _WRITE, _NONE, _READ, _COUNTS, _NONE),
    Field.EQUALITY: (
        *(_WRITE, _NONE, _NONE, replace(_SUMMARY, scope=Scope.ACCESS_NEEDS), _SUMMARY, _NONE),
        replace(_READ, scope=Scope.NOT_JOINED_TO_NAME),
        replace(_COUNTS, scope=Scope.SUPPRESSED),
        _READ,
    ),
    Field.SAFEGUARDING: (
        *(_NONE, _NONE, replace(_READ, condition=Condition.RAISED_IT), _NAMED, _NAMED),
        Cell(Sight.NONE, Writing.YES),
        *(_READ, _COUNTS, _READ),
    ),
    Field.MESSAGE_BACK: (_READ, _READ, _READ, _NONE, _WRITE, _NONE, _READ, _COUNTS, _READ),
    Field.WHO_LOOKED: (_OWN, _NONE, _NONE, _NONE, _NONE, _NONE, _READ, _NONE, _READ),
}
MATRIX: dict[tuple[Field, Viewer], Cell] = {
    (field, viewer): cell for field, cells in _ROWS.items() for viewer, cell in zip(Viewer, cells, strict=True)
}

# They look at figures or at the trail, not at a person they have to do with.
_WITHOUT_CONNECTION = frozenset({Viewer.COMMISSIONER, Viewer.AUDITOR})
# Whose access ends with the referral; the person, the referrer and the manager keep theirs.
_UNTIL_THE_END = frozenset({Viewer.CARER, Viewer.TRIAGE, Viewer.WORKER, Viewer.PEER})


def may_see(viewer: Viewer, relation: Relation, field: Field) -> View:
    """What somebody may see and write of that field of this very record."""
    cell = MATRIX[field, viewer]
    if not _stands_near_enough(viewer, relation, field) or not _HOLDS[cell.condition](relation):
        return View()
    writes = cell.writing is Writing.YES or (cell.writing is Writing.OWN and relation.own)
    return View(cell.sight, cell.scope, may_write=writes)


def _stands_near_enough(viewer: Viewer, relation: Relation, field: Field) -> bool:
    if field is Field.DIRECTORY or viewer in _WITHOUT_CONNECTION:
        return True
    if viewer is Viewer.CARER and not relation.agreed:
        return False
    return relation.connected and (relation.open or viewer not in _UNTIL_THE_END)
