"""Whether something changed, by a named rule, worked out when it is read and never kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.core.errors import InvalidInput
from app.outcomes.measures import ChangeRule, Measure, Score, ScoreMethod


class Direction(StrEnum):
    """Which way it went, in terms of what is better."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    MIXED = "mixed"


class Combination(StrEnum):
    """The named rules for several measures of one person; published ones contradict each other.

    `SHOW_MIXED` is what Waymark shows. `DETERIORATION_WINS` is the public measurement code presumed of the mental
    health services data set; `IMPROVEMENT_WINS` the "and/or" rule; `CONFLICT_IS_NONE` what NHS Talking Therapies is
    said to do (unconfirmed).
    """

    SHOW_MIXED = "show-mixed"
    DETERIORATION_WINS = "deterioration-wins"
    IMPROVEMENT_WINS = "improvement-wins"
    CONFLICT_IS_NONE = "conflict-is-none"


@dataclass(frozen=True, slots=True)
class Change:
    """Last minus first. `reliable` is None where no rule is published; `rule` names the rule, its size and source."""

    score: str
    change: Decimal
    reliable: bool | None
    direction: Direction
    rule: str | None

    @property
    def verdict(self) -> Direction:
        """The direction of a reliable change; a smaller one could be day-to-day variation and counts as the same."""
        return self.direction if self.reliable else Direction.SAME


def change_between(
    measure: Measure, first: Decimal, last: Decimal, *, score_key: str | None = None, rule_id: str | None = None
) -> Change:
    """The change on a score (by default the main one), judged by a rule (by default the definition's)."""
    score = changing_score(measure, score_key)
    for value in (first, last):
        if not score.lowest <= value <= score.highest:
            raise InvalidInput(f"{measure.name} {score.key} goes from {score.lowest} to {score.highest}, not {value}.")
    rule = _rule(measure, score, rule_id)
    change = last - first
    return Change(
        score=score.key,
        change=change,
        reliable=None if rule is None else abs(change) >= rule.threshold,
        direction=_direction(measure.direction_of(score.key), change),
        rule=None if rule is None else change_rule_name(measure, rule),
    )


def changing_score(measure: Measure, score_key: str | None) -> Score:
    """The score that a change is asked of; raises InvalidInput where there is none or it is not said which."""
    numeric = {score.key: score for score in measure.scores if score.method is not ScoreMethod.CATEGORY}
    key = score_key or measure.main or (next(iter(numeric)) if len(numeric) == 1 else "")
    if key in numeric:
        return numeric[key]
    if not numeric:
        raise InvalidInput(f"{measure.name} has no score that could change.")
    raise InvalidInput(f"{measure.name} has no total: say which score, {' or '.join(numeric)}.")


def combine(directions: Iterable[Direction], rule: Combination = Combination.SHOW_MIXED) -> Direction:
    """One word for several measures: mixed where one got better and one worse, unless a named rule decides."""
    found = set(directions)
    better = bool(found & {Direction.BETTER, Direction.MIXED})
    worse = bool(found & {Direction.WORSE, Direction.MIXED})
    if better and worse:
        return {
            Combination.SHOW_MIXED: Direction.MIXED,
            Combination.DETERIORATION_WINS: Direction.WORSE,
            Combination.IMPROVEMENT_WINS: Direction.BETTER,
            Combination.CONFLICT_IS_NONE: Direction.SAME,
        }[rule]
    return Direction.BETTER if better else Direction.WORSE if worse else Direction.SAME


def change_rule_name(measure: Measure, *rules: ChangeRule) -> str:
    """A rule with its size, its source and whether it is confirmed; of several that say the same, all by name."""
    names = ", ".join(rule.id for rule in rules)
    return f"{measure.reference} {names}: {_rule_words(measure, rules[0])}"


def _rule_words(measure: Measure, rule: ChangeRule) -> str:
    doubt = ", unconfirmed" if f"change_rules.{rule.id}" in measure.doubts else ""
    return f"a change of {rule.threshold} or more ({rule.source}){doubt}"


def rules_in_common(measure: Measure, scores: Iterable[str]) -> dict[str, str]:
    """By score, what judges it where the same judges another of these scores too, so that it need be said only once."""
    asked = set(scores)
    alike: dict[str, list[ChangeRule]] = {}
    for rule in measure.change_rules:
        if rule.default and rule.score in asked:
            alike.setdefault(_rule_words(measure, rule), []).append(rule)
    return {
        rule.score: change_rule_name(measure, *rules) for rules in alike.values() if len(rules) > 1 for rule in rules
    }


def _rule(measure: Measure, score: Score, rule_id: str | None) -> ChangeRule | None:
    rules = [rule for rule in measure.change_rules if rule.score == score.key]
    if rule_id is None:
        return next((rule for rule in rules if rule.default), None)
    for rule in rules:
        if rule.id == rule_id:
            return rule
    known = f"There are: {', '.join(rule.id for rule in rules)}." if rules else "None is published."
    raise InvalidInput(f"{measure.name} {score.key} has no change rule {rule_id[:40]!r}. {known}")


def _direction(better: str | None, change: Decimal) -> Direction:
    if change == 0:
        return Direction.SAME
    return Direction.BETTER if (change > 0) is (better == "higher") else Direction.WORSE
