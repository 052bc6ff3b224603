"""Recovery as NHS Talking Therapies counts it, from PHQ-9 and GAD-7.

Source: NHS England, Talking Therapies. A case is PHQ-9 of 10 or more or GAD-7 of 8 or more; recovered is a case at
the start and neither at the end; reliable recovery is that and a reliable improvement.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.outcomes.measures import find_measure
from app.outcomes.rules.change import Combination, Direction, change_between, combine


@dataclass(frozen=True, slots=True)
class TherapyScores:
    """Both totals of one day."""

    phq_9: Decimal
    gad_7: Decimal

    @property
    def is_case(self) -> bool:
        """Whether either is at its cut-off."""
        return _is_case("phq-9", self.phq_9) or _is_case("gad-7", self.gad_7)


@dataclass(frozen=True, slots=True)
class Recovery:
    """What the two pairs of totals show. `counted` is false for somebody who was never a case."""

    counted: bool
    recovered: bool
    change: Direction
    reliably_recovered: bool


def recovery(first: TherapyScores, last: TherapyScores, *, conflict: Combination = Combination.SHOW_MIXED) -> Recovery:
    """Judge finished treatment. `conflict` names the rule for one measure better and one worse."""
    changes = (
        change_between(find_measure("phq-9"), first.phq_9, last.phq_9),
        change_between(find_measure("gad-7"), first.gad_7, last.gad_7),
    )
    direction = combine((change.verdict for change in changes), conflict)
    recovered = first.is_case and not last.is_case
    return Recovery(first.is_case, recovered, direction, recovered and direction is Direction.BETTER)


def _is_case(measure_id: str, total: Decimal) -> bool:
    cutoff = next(each for each in find_measure(measure_id).cutoffs if each.default)
    return cutoff.is_met(total)
