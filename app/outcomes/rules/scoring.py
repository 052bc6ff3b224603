"""From answers to scores, bands, caseness and safety flags, exactly as the definition says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from app.outcomes.measures import Item, ItemKind, Measure, SafetyRule, Score, ScoreMethod
from app.outcomes.rules.answers import Answers

# Written beside every score that is kept; raise it when a figure could come out otherwise than before.
SCORER_VERSION = 1
# What is unconfirmed about a definition and bears on a score (not on a change, the licence or the words).
SCORING_DOUBTS = ("items.", "scores.", "bands", "cutoffs.", "safety_rules.")


class FormStatus(StrEnum):
    """How a form stands."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    INVALID = "invalid"


class FlagState(StrEnum):
    """Why a safety flag is there: an answer that needs a look, or none, which means unknown and to be asked."""

    RAISED = "raised"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Flag:
    """A safety item that somebody must look at. It carries no answer."""

    item: str
    state: FlagState
    level: str


@dataclass(frozen=True, slots=True)
class ScoreValue:
    """One score of one form. `out_of` is the highest that was possible, lower where an item did not apply."""

    key: str
    value: Decimal | None
    band: str | None
    caseness: bool | None
    cutoffs: Mapping[str, bool] = field(default_factory=dict)
    n_missing: int = 0
    estimated: bool = False
    out_of: Decimal | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class FormScore:
    """What one form comes to. `total`, `band` and `caseness` are those of the main score, where there is one.

    `doubts` says what about the scoring is unconfirmed.
    """

    status: FormStatus
    total: Decimal | None
    band: str | None
    caseness: bool | None
    flags: tuple[Flag, ...]
    n_missing: int
    estimated: bool
    rule: str
    scores: Mapping[str, ScoreValue]
    problems: tuple[str, ...]
    doubts: Mapping[str, str]


def score_form(measure: Measure, answers: Answers) -> FormScore:
    """Score one form.

    A form with an answer outside its codes has no scores at all; its safety flags stand all the same, because they
    look at each raw answer by itself.
    """
    scores = {score.key: score_of(measure, score, answers) for score in measure.scores} if answers.is_valid else {}
    main = scores.get(measure.main or "")
    is_category = main is not None and measure.score(main.key).method is ScoreMethod.CATEGORY
    return FormScore(
        status=_status(measure, answers),
        total=None if main is None or is_category else main.value,
        band=main.band if main else None,
        caseness=main.caseness if main else None,
        flags=safety_flags(measure, answers),
        n_missing=len(missing_items(measure, answers)),
        estimated=any(score.estimated for score in scores.values()),
        rule=_main_rule(measure),
        scores=scores,
        problems=answers.problems,
        doubts=_doubts(measure, answers),
    )


def safety_flags(measure: Measure, answers: Answers) -> tuple[Flag, ...]:
    """What somebody must look at, from the raw answers alone: totals, reversal and completeness play no part."""
    found = ((rule, _flag_state(rule, answers)) for rule in measure.safety_rules)
    return tuple(Flag(rule.item, state, rule.level) for rule, state in found if state)


def missing_items(measure: Measure, answers: Answers) -> tuple[str, ...]:
    """The items without a usable answer; where all are optional, one answer is enough."""
    open_items = [item for item in measure.items if item.kind is ItemKind.CHOICE and not _is_answered(item, answers)]
    if any(item.required for item in measure.items) or answers.codes:
        open_items = [item for item in open_items if item.required]
    return tuple(item.key for item in open_items)


def score_of(measure: Measure, score: Score, answers: Answers) -> ScoreValue:
    """One score, its band and its cut-offs."""
    items = [measure.item(key) for key in score.items if key not in answers.not_applicable]
    counted = [item.scored(answers.codes[item.key]) for item in items if item.key in answers.codes]
    n_missing, all_apply = len(items) - len(counted), len(items) == len(score.items)
    value = _value(score, counted, n_missing)
    cutoffs = {c.id: c.is_met(value) for c in measure.cutoffs if c.score == score.key and value is not None}
    return ScoreValue(
        key=score.key,
        value=value,
        # Bands and cuts were made for the whole scale: a shorter one has none.
        band=band_of(measure, score.key, value) if value is not None and all_apply else None,
        caseness=_caseness(measure, score.key, cutoffs) if all_apply else None,
        cutoffs=cutoffs if all_apply else {},
        n_missing=n_missing,
        estimated=value is not None and n_missing > 0,
        out_of=score.highest if all_apply else Decimal(sum(item.codes[-1] for item in items)),
        rule=rule_name(measure, score),
    )


def band_of(measure: Measure, score_key: str, value: Decimal) -> str | None:
    """The band a value falls into: the last that begins at or below it."""
    bands = [band for band in measure.bands if band.score == score_key and band.begins_at_or_below(value)]
    return bands[-1].name if bands else None


def rule_name(measure: Measure, score: Score) -> str:
    """How a score is made, in words that name the definition."""
    count = len(score.items)
    how = {
        ScoreMethod.SUM: f"sum of {count} items",
        ScoreMethod.MEAN: f"mean of {count} items",
        ScoreMethod.LOOKUP: f"sum of {count} items through the conversion table",
        ScoreMethod.ITEM: "the answer itself",
        ScoreMethod.CATEGORY: "the answer by name",
    }[score.method]
    allowed = f", {score.missing.max} may be missing" if score.missing.max else ""
    return f"{measure.reference} {score.key}: {how}{allowed}"


def _value(score: Score, counted: list[int], n_missing: int) -> Decimal | None:
    if not counted or n_missing > score.missing.max:
        return None
    total, count = Decimal(sum(counted)), len(counted)
    if score.method is ScoreMethod.MEAN:
        return _rounded(total / count, score.places)
    if n_missing:
        total = total / count * (count + n_missing)
    if score.method is ScoreMethod.LOOKUP:
        return score.table[int(total)]
    return _rounded(total, score.places)


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _caseness(measure: Measure, score_key: str, cutoffs: Mapping[str, bool]) -> bool | None:
    default = next((c for c in measure.cutoffs if c.score == score_key and c.default and c.case), None)
    return cutoffs.get(default.id) if default else None


def _flag_state(rule: SafetyRule, answers: Answers) -> FlagState | None:
    if rule.item not in answers.codes:
        return FlagState.UNKNOWN
    return FlagState.RAISED if answers.codes[rule.item] in rule.raw_in else None


def _is_answered(item: Item, answers: Answers) -> bool:
    return item.key in answers.codes or item.key in answers.not_applicable


def _status(measure: Measure, answers: Answers) -> FormStatus:
    if not answers.is_valid:
        return FormStatus.INVALID
    return FormStatus.INCOMPLETE if missing_items(measure, answers) else FormStatus.COMPLETE


def _doubts(measure: Measure, answers: Answers) -> dict[str, str]:
    bearing = (*SCORING_DOUBTS, "missing") if missing_items(measure, answers) else SCORING_DOUBTS
    return {about: note for about, note in measure.doubts.items() if about.startswith(bearing)}


def _main_rule(measure: Measure) -> str:
    if measure.main is not None:
        return rule_name(measure, measure.score(measure.main))
    return f"{measure.reference}: {len(measure.scores)} scores, no total"
