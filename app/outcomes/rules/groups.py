"""Figures of many people as they may be told: counted here, hidden and rounded by `app.core.small_numbers`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from decimal import Decimal

from app.core.small_numbers import FEWEST_FOR_A_RATE, told, told_parts, told_share


@dataclass(frozen=True, slots=True)
class Counted:
    """What the database counted of one score.

    `people` have a complete form in the period, `pairs` of them an earlier one to compare it with. `better`, `same`
    and `worse` are by the measure's own rule, None where none is published. `change` is the sum of last minus first.
    """

    people: int
    pairs: int
    change: Decimal | None
    better: int | None = None
    worse: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """The same as it may be told; None is hidden. `is_judged` says whether there is a rule at all."""

    people: int | None
    pairs: int | None
    mean_change: Decimal | None
    is_judged: bool
    better: int | None = None
    same: int | None = None
    worse: int | None = None


def told_score(counted: Counted) -> Told:
    """One score's figures. The mean is of ten pairs or more; parts of few pairs are hidden with them."""
    pairs = told(counted.pairs)
    mean = None
    if counted.change is not None and counted.pairs >= FEWEST_FOR_A_RATE:
        mean = (Decimal(counted.change) / counted.pairs).quantize(Decimal("0.1"))
    if counted.better is None or counted.worse is None:
        return Told(told(counted.people), pairs, mean, is_judged=False)
    parts: list[int | None] = [None] * 3
    if pairs is not None:
        parts = told_parts([counted.better, counted.pairs - counted.better - counted.worse, counted.worse])
    better, same, worse = parts
    return Told(told(counted.people), pairs, mean, is_judged=True, better=better, same=same, worse=worse)


@dataclass(frozen=True, slots=True)
class Response:
    """How many occasions are over, and how many of them were answered."""

    over: int = 0
    answered: int = 0

    @property
    def share(self) -> int | None:
        """In per cent, if it may be told."""
        return told_share(self.answered, self.over)

    @property
    def told_over(self) -> int | None:
        """The number of those that are over, if it may be told."""
        return told(self.over)


def told_answers(counts: Mapping[str, int]) -> dict[str, int | None]:
    """How many gave each answer of a question that has no number; none of them can be worked out from the total."""
    return dict(zip(counts, told_parts(list(counts.values())), strict=True))


@dataclass(frozen=True, slots=True)
class Drop:
    """How far people came who were asked in one way; each count is of leading occasions."""

    asked: int = 0
    opened: int = 0
    started: int = 0
    finished: int = 0
    other_way: int = 0
    ended: int = 0
    waiting: int = 0

    def __add__(self, other: Drop) -> Drop:
        """Both together."""
        return Drop(*(one + another for one, another in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of it: as it may be told, and how much of those who were asked it is (0 to 100)."""

    name: str
    count: int | None
    share: int | None


def stages(drop: Drop) -> list[Stage]:
    """From the message to the end of the form."""
    counts = {"asked": drop.asked, "opened": drop.opened, "started": drop.started, "finished": drop.finished}
    return [Stage(name, told(count), told_share(count, drop.asked)) for name, count in counts.items()]
