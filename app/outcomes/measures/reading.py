"""From the data of a definition to a checked `Measure`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from app.outcomes.measures.definition import (
    Band,
    ChangeRule,
    Coding,
    Cutoff,
    Item,
    ItemKind,
    Licence,
    Measure,
    Missing,
    SafetyRule,
    Score,
    ScoreMethod,
    Verdict,
)
from app.outcomes.measures.tables import Table, content_hash

DIRECTIONS = ("higher", "lower")
RESPONDENTS = ("person", "clinician", "service")
# What may be brought up to date without a new version: nothing of it bears on an answer, a score or a change.
OUTSIDE_THE_HASH = frozenset({"licence", "minutes", "sources", "unconfirmed"})


def read_measure(data: Mapping[str, Any]) -> Measure:
    """A measure from its data; raises WrongDefinition where the data contradict themselves."""
    table = Table(data, f"measure {data.get('id')}")
    items = _items(table)
    scores = tuple(_score(each, items) for each in table.tables("scores"))
    measure = Measure(
        id=table.text("id"),
        version=table.integer("version"),
        name=table.text("name"),
        title=table.text("title"),
        direction=table.text("direction", "") or None,
        respondent=table.text("respondent"),
        recall=table.text("recall", ""),
        minutes=table.integer("minutes", None),
        main=table.text("main", "") or None,
        licence=_licence(table.table("licence")),
        items=tuple(items.values()),
        scores=scores,
        bands=tuple(_band(each) for each in table.tables("bands")),
        cutoffs=tuple(_cutoff(each) for each in table.tables("cutoffs")),
        change_rules=tuple(_change_rule(each) for each in table.tables("change_rules")),
        safety_rules=tuple(_safety_rule(each) for each in table.tables("safety_rules")),
        comparable_with=table.texts("comparable_with"),
        coding=_coding(table.table("loinc", optional=True)),
        doubts=MappingProxyType(table.table("unconfirmed", optional=True).as_texts()),
        sources=table.texts("sources"),
        direction_by_score=MappingProxyType(table.table("direction_by_score", optional=True).as_texts()),
        content_hash=content_hash({key: value for key, value in data.items() if key not in OUTSIDE_THE_HASH}),
    )
    table.done()
    _check(table, measure)
    return measure


def _items(table: Table) -> dict[str, Item]:
    codes, found = table.integers("codes"), {}
    for each in table.tables("items"):
        item = Item(
            key=each.text("key"),
            kind=ItemKind(each.text("kind", ItemKind.CHOICE)),
            codes=each.integers("codes") or codes,
            reverse=each.flag("reverse", default=False),
            required=each.flag("required", default=True),
            unknown_codes=each.integers("unknown_codes"),
            may_not_apply=each.flag("may_not_apply", default=False),
            loinc=each.text("loinc", "") or None,
        )
        each.done()
        if item.kind is ItemKind.TEXT:
            item = Item(key=item.key, kind=item.kind, required=item.required)
        elif len(item.codes) < 2 or list(item.codes) != sorted(set(item.codes)):
            raise each.wrong("codes", "must be two or more, each higher than the one before")
        if item.key in found:
            raise each.wrong("key", f"{item.key} is there twice")
        found[item.key] = item
    return found


def _score(table: Table, items: Mapping[str, Item]) -> Score:
    method = ScoreMethod(table.text("method"))
    keys = table.texts("items") or tuple(key for key, item in items.items() if item.kind is ItemKind.CHOICE)
    if not keys or not set(keys) <= set(items) or len(set(keys)) < len(keys):
        raise table.wrong("items", "must be items of the measure, each once")
    if method in {ScoreMethod.ITEM, ScoreMethod.CATEGORY} and len(keys) != 1:
        raise table.wrong("items", f"must be one for the method {method}")
    lowest, highest = (sum(items[key].codes[end] for key in keys) for end in (0, -1))
    lookup = _lookup(table, lowest, highest) if method is ScoreMethod.LOOKUP else {}
    missing = table.table("missing", optional=True)
    score = Score(
        key=table.text("key"),
        method=method,
        items=keys,
        table=MappingProxyType(lookup),
        missing=Missing(missing.integer("max", 0), missing.text("method", "") or None),
        places=table.integer("places", 0),
        lowest=lookup[lowest] if lookup else Decimal(lowest) / (len(keys) if method is ScoreMethod.MEAN else 1),
        highest=lookup[highest] if lookup else Decimal(highest) / (len(keys) if method is ScoreMethod.MEAN else 1),
        loinc=table.text("loinc", "") or None,
    )
    missing.done()
    table.done()
    if (score.missing.max > 0) is not (score.missing.method == "mean"):
        raise table.wrong("missing", "must say how many answers may be missing and that their mean stands in")
    return score


def _lookup(table: Table, lowest: int, highest: int) -> dict[int, Decimal]:
    entries = {int(raw): value for raw, value in table.table("table").as_numbers().items()}
    if sorted(entries) != list(range(lowest, highest + 1)):
        raise table.wrong("table", f"must have each raw sum from {lowest} to {highest}")
    values = [entries[raw] for raw in sorted(entries)]
    if values != sorted(set(values)):
        raise table.wrong("table", "must rise with the raw sum")
    return entries


def _licence(table: Table) -> Licence:
    licence = Licence(
        verdict=Verdict(table.text("verdict")),
        holder=table.text("holder"),
        notice=table.text("notice", ""),
        needs_reference=table.flag("needs_reference", default=False),
        url=table.text("url", "") or None,
        checked_on=table.day("checked_on"),
    )
    table.done()
    return licence


def _band(table: Table) -> Band:
    above = table.has("above")
    band = Band(
        score=table.text("score", "total"),
        name=table.text("name"),
        lower=table.number("above" if above else "from"),
        above=above,
        source=table.text("source", ""),
    )
    table.done()
    return band


def _cutoff(table: Table) -> Cutoff:
    cutoff = Cutoff(
        id=table.text("id"),
        score=table.text("score", "total"),
        at_least=table.number("at_least", None),
        at_most=table.number("at_most", None),
        case=table.flag("case", default=True),
        default=table.flag("default", default=False),
        source=table.text("source"),
    )
    table.done()
    if (cutoff.at_least is None) is (cutoff.at_most is None):
        raise table.wrong("at_least", "or at_most: one of the two")
    return cutoff


def _change_rule(table: Table) -> ChangeRule:
    rule = ChangeRule(
        id=table.text("id"),
        score=table.text("score", "total"),
        threshold=table.number("threshold"),
        source=table.text("source"),
        default=table.flag("default", default=False),
        seen_on=table.day("seen_on"),
    )
    table.done()
    if rule.threshold <= 0:
        raise table.wrong("threshold", "must be more than nothing")
    return rule


def _safety_rule(table: Table) -> SafetyRule:
    rule = SafetyRule(table.text("item"), table.integers("raw_in"), table.text("level"), table.text("source"))
    table.done()
    return rule


def _coding(table: Table) -> Coding:
    answers = table.table("answers", optional=True).as_texts()
    coding = Coding(
        table.text("panel", "") or None, MappingProxyType({int(key): code for key, code in answers.items()})
    )
    table.done()
    return coding


def _check(table: Table, measure: Measure) -> None:
    """What must hold between the parts."""
    scores = {score.key for score in measure.scores}
    if len(scores) < len(measure.scores):
        raise table.wrong("scores", "have a key twice")
    if measure.main is not None and measure.main not in scores:
        raise table.wrong("main", f"names no score: {measure.main}")
    if measure.respondent not in RESPONDENTS:
        raise table.wrong("respondent", f"must be one of {', '.join(RESPONDENTS)}")
    if {measure.direction, *measure.direction_by_score.values()} - {None, *DIRECTIONS}:
        raise table.wrong("direction", "must be higher or lower")
    if measure.is_record_only and (measure.items or measure.scores):
        raise table.wrong("items", "must be absent: only outside results are recorded")
    named = {band.score for band in measure.bands} | {cutoff.score for cutoff in measure.cutoffs}
    named |= {rule.score for rule in measure.change_rules}
    if named - scores:
        raise table.wrong("scores", f"lack {sorted(named - scores)}, which a band, cut or rule names")
    _check_safety(table, measure)
    _check_order(table, measure)
    _check_doubts(table, measure)


def _check_safety(table: Table, measure: Measure) -> None:
    codes = {item.key: set(item.codes) for item in measure.items}
    for rule in measure.safety_rules:
        if not rule.raw_in or not set(rule.raw_in) <= codes.get(rule.item, set()):
            raise table.wrong("safety_rules", f"name answers that {rule.item} has not")


def _check_order(table: Table, measure: Measure) -> None:
    for score in measure.scores:
        lines = [band.lower for band in measure.bands if band.score == score.key]
        if lines and (lines != sorted(lines) or lines[0] != score.lowest or lines[-1] > score.highest):
            raise table.wrong("bands", f"of {score.key} must begin at {score.lowest} and rise")
        cutoffs = [cutoff.default for cutoff in measure.cutoffs if cutoff.score == score.key]
        change_rules = [rule.default for rule in measure.change_rules if rule.score == score.key]
        if any(defaults and sum(defaults) != 1 for defaults in (cutoffs, change_rules)):
            raise table.wrong("default", f"must be said of one rule for {score.key}")


def _check_doubts(table: Table, measure: Measure) -> None:
    known = {"licence", "recall", "missing", "bands", "text", "ages"}
    known |= {f"items.{item.key}" for item in measure.items} | {f"scores.{score.key}" for score in measure.scores}
    known |= {f"cutoffs.{cutoff.id}" for cutoff in measure.cutoffs}
    known |= {f"change_rules.{rule.id}" for rule in measure.change_rules}
    known |= {f"safety_rules.{rule.item}" for rule in measure.safety_rules}
    if set(measure.doubts) - known:
        raise table.wrong("unconfirmed", f"names nothing: {sorted(set(measure.doubts) - known)}")
