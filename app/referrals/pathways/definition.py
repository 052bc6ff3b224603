"""A pathway as a value: everything about it that is data, checked when it is read.

Kept as a JSON document in the database (one row a version), as TOML in the seeds, and made by a manager's form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

from app.referrals.codes import ClockKind, Destination, Nation, Priority, Source, Status
from app.referrals.rules.clocks import DEFAULTS, Threshold

# Within the five working days in which the word back is due.
PREVIEW_DAYS = 3


class QuestionKind(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    LONG = "long"
    YES_NO = "yes-no"
    CHOICE = "choice"


class Answer(StrEnum):
    """What can be answered to an eligibility question."""

    YES = "yes"
    NO = "no"
    NOT_SURE = "not-sure"


class WaitingRule(StrEnum):
    """In what order people come off the waiting list."""

    LONGEST_FIRST = "longest-first"
    URGENT_FIRST = "urgent-first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer of a choice."""

    code: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that the form asks. `self_label` is how a person is asked about themselves."""

    key: str
    label: str
    self_label: str = ""
    hint: str = ""
    kind: QuestionKind = QuestionKind.LONG
    required: bool = False
    options: tuple[Option, ...] = ()

    def asked(self, *, of_oneself: bool) -> str:
        """The words of the question."""
        return self.self_label or self.label if of_oneself else self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the form."""

    title: str
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """A question asked before the rest; an answer other than `right` shows `otherwise`, which says what to do."""

    key: str
    question: str
    otherwise: str
    self_question: str = ""
    right: Answer = Answer.YES

    def asked(self, *, of_oneself: bool) -> str:
        """The words of the question."""
        return self.self_question or self.question if of_oneself else self.question


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A step within a status, in the pathway's own words."""

    status: Status
    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something to be done on a checklist."""

    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """What is due by a clock once a referral is accepted."""

    key: str
    title: str
    clock: ClockKind
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """Everything a pathway says.

    `self_name` and `self_introduction` are what a person reads who asks for it themselves, where that is not `name` and
    `introduction`.
    `areas` are postcode districts and `practices` ODS codes; with neither, everybody's address will do. A clock that is
    not in `clocks`, or whose threshold is None, is not set and never shown as met. For `preview_days` the person can
    read the word back before it goes; with none of them it goes at once.
    """

    name: str
    introduction: str
    self_name: str = ""
    self_introduction: str = ""
    team: str = ""
    sources: frozenset[Source] = frozenset()
    self_referral: bool = False
    areas: tuple[str, ...] = ()
    practices: tuple[str, ...] = ()
    minimum_age: int | None = None
    maximum_age: int | None = None
    eligibility: tuple[Eligibility, ...] = ()
    sections: tuple[Section, ...] = ()
    urgencies: tuple[Priority, ...] = (Priority.ROUTINE,)
    stages: tuple[Stage, ...] = ()
    clocks: Mapping[ClockKind, Threshold | None] = field(default_factory=lambda: dict(DEFAULTS))
    checklists: tuple[Checklist, ...] = ()
    waiting_rule: WaitingRule = WaitingRule.LONGEST_FIRST
    reopening_days: int | None = 28
    preview_days: int | None = PREVIEW_DAYS
    destinations: tuple[Destination, ...] = tuple(Destination)
    what_happens_next: str = ""
    letter_accepted: str = ""
    letter_closing: str = ""
    letter_phone: str = ""
    social_prescribing: bool = False
    nation: Nation = Nation.ENGLAND_AND_WALES

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions of all sections, in order."""
        return tuple(question for section in self.sections for question in section.questions)

    def called(self, *, of_oneself: bool) -> str:
        """Its name, in the words for whoever reads it."""
        return self.self_name or self.name if of_oneself else self.name

    def introduced(self, *, of_oneself: bool) -> str:
        """What it is for, in the words for whoever reads it."""
        return self.self_introduction or self.introduction if of_oneself else self.introduction

    def threshold(self, kind: ClockKind) -> Threshold | None:
        """How long a clock may run here; None where it is not set."""
        return self.clocks.get(kind)

    def stages_of(self, status: Status) -> tuple[Stage, ...]:
        """The steps within a status, in order."""
        return tuple(stage for stage in self.stages if stage.status is status)

    def stage_label(self, key: str) -> str:
        """What a step is called; the key itself where an older version had it."""
        return next((stage.label for stage in self.stages if stage.key == key), key.replace("-", " "))


NAMES = frozenset(each.name for each in fields(Definition))
