"""What a measure is: frozen values without words, as read from its definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class WrongDefinition(ValueError):
    """A definition, text pack or plan that cannot be used; the message says where and why."""


class Verdict(StrEnum):
    """What the licence lets us ship."""

    TEXT = "text"
    SCORING = "scoring"
    NEITHER = "neither"


class ItemKind(StrEnum):
    """How an item is answered."""

    CHOICE = "choice"
    TEXT = "text"


class ScoreMethod(StrEnum):
    """How a score comes from answers. A category has no number: it names the answer."""

    SUM = "sum"
    MEAN = "mean"
    LOOKUP = "lookup"
    ITEM = "item"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class Licence:
    """Whose the words are, and what may be done with them."""

    verdict: Verdict
    holder: str
    notice: str
    needs_reference: bool
    url: str | None = None
    checked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One question without its words. `codes` are the raw codes as printed; `unknown_codes` mean "not known"."""

    key: str
    kind: ItemKind = ItemKind.CHOICE
    codes: tuple[int, ...] = ()
    reverse: bool = False
    required: bool = True
    unknown_codes: tuple[int, ...] = ()
    may_not_apply: bool = False
    loinc: str | None = None

    @property
    def label_key(self) -> str:
        """The name under which a text pack has this item's words."""
        return self.key

    def scored(self, code: int) -> int:
        """The code as it counts: turned round for a reversed item."""
        return self.codes[0] + self.codes[-1] - code if self.reverse else code


@dataclass(frozen=True, slots=True)
class Missing:
    """How many answers may be missing, and what stands in for them ("mean": of those given, or nothing)."""

    max: int = 0
    method: str | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """A figure of the measure; for a lookup, `table` turns the raw sum into it."""

    key: str
    method: ScoreMethod
    items: tuple[str, ...]
    table: Mapping[int, Decimal]
    missing: Missing
    places: int
    lowest: Decimal
    highest: Decimal
    loinc: str | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A named stretch of a score: it begins at `lower` (or just above it) and ends where the next begins."""

    score: str
    name: str
    lower: Decimal
    above: bool
    source: str

    def begins_at_or_below(self, value: Decimal) -> bool:
        """Whether the value is inside this band or a higher one."""
        return value > self.lower if self.above else value >= self.lower


@dataclass(frozen=True, slots=True)
class Cutoff:
    """A line on a score. `case` says that passing it is what the measure calls a case."""

    id: str
    score: str
    at_least: Decimal | None
    at_most: Decimal | None
    case: bool
    default: bool
    source: str

    def is_met(self, value: Decimal) -> bool:
        """Whether the value is on the named side of the line."""
        if self.at_least is not None:
            return value >= self.at_least
        return self.at_most is not None and value <= self.at_most


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """From how large a difference on a score a change is called real, and who says so."""

    id: str
    score: str
    threshold: Decimal
    source: str
    default: bool
    seen_on: date | None = None


@dataclass(frozen=True, slots=True)
class SafetyRule:
    """Raw answers that need a human look, whatever the total; a missing answer is unknown, to be asked."""

    item: str
    raw_in: tuple[int, ...]
    level: str
    source: str


@dataclass(frozen=True, slots=True)
class Coding:
    """LOINC codes for exchange: of the whole form, and of each answer."""

    panel: str | None
    answers: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure in one version. `doubts` says what about it has not been confirmed, and why.

    Shape after the data model `instrument_definition` of the reference on outcomes.
    """

    id: str
    version: int
    name: str
    title: str
    direction: str | None
    direction_by_score: Mapping[str, str]
    respondent: str
    recall: str
    minutes: int | None
    main: str | None
    licence: Licence
    items: tuple[Item, ...]
    scores: tuple[Score, ...]
    bands: tuple[Band, ...]
    cutoffs: tuple[Cutoff, ...]
    change_rules: tuple[ChangeRule, ...]
    safety_rules: tuple[SafetyRule, ...]
    comparable_with: tuple[str, ...]
    coding: Coding
    doubts: Mapping[str, str]
    sources: tuple[str, ...]
    content_hash: str

    @property
    def reference(self) -> str:
        """Id and version in one, such as `phq-9/1`."""
        return f"{self.id}/{self.version}"

    @property
    def needs_duty_person(self) -> bool:
        """Whether it may only be used where somebody is there to act on an answer."""
        return bool(self.safety_rules)

    @property
    def is_record_only(self) -> bool:
        """Whether only a result obtained elsewhere may be recorded."""
        return self.licence.verdict is Verdict.NEITHER

    def item(self, key: str) -> Item:
        """The item of that key."""
        return next(item for item in self.items if item.key == key)

    def score(self, key: str) -> Score:
        """The score of that key."""
        return next(score for score in self.scores if score.key == key)

    def direction_of(self, score_key: str) -> str | None:
        """Which way is better on a score: "higher", "lower", or None where there is no better."""
        return self.direction_by_score.get(score_key, self.direction)
