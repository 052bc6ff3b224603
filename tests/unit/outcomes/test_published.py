"""Every shipped definition against its published figures, and every figure in it against a slip of the pen."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from app.core.errors import WaymarkError
from app.outcomes.measures import measures
from app.outcomes.measures.reading import read_measure
from app.outcomes.measures.shelf import HERE, read_toml
from tests.unit.outcomes.published import OTHERS, PUBLISHED, check

SCORED = [measure for measure in measures().values() if not measure.is_record_only]
# What no answer depends on: names, sources, words for people.
WORDS = frozenset(
    "id version name title respondent recall minutes licence sources loinc unconfirmed source seen_on level".split()
)


@pytest.mark.parametrize("measure", SCORED, ids=lambda measure: measure.reference)
def test_scores_as_published(measure: Any) -> None:
    check(measure)


def test_no_definition_goes_unchecked() -> None:
    assert {measure.id for measure in SCORED} == set(PUBLISHED) | set(OTHERS)


@pytest.mark.parametrize("measure", SCORED, ids=lambda measure: measure.reference)
def test_every_slip_is_noticed(measure: Any) -> None:
    """Each reversal, code, band edge, cut, table entry, threshold and safety answer, changed one at a time."""
    data = read_toml(HERE / "definitions" / f"{measure.id}.{measure.version}.toml")
    slips = list(slipped(data))
    assert len(slips) >= len(measure.items)
    unnoticed = [where for where, changed in slips if not _is_noticed(changed)]
    assert unnoticed == []


def slipped(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, value in leaves(data):
        if path[-1] == "case" and not data["cutoffs"][path[1]].get("default"):
            continue  # only a default cut names the case
        for other in others(value):
            yield f"{'.'.join(map(str, path))} = {other}", with_value(data, path, other)
    counted = {key for score in read_measure(data).scores for key in score.items}
    for number, item in enumerate(data["items"]):
        if item["key"] in counted and not item.get("reverse"):
            yield f"items.{number}.reverse", with_value(data, ("items", number, "reverse"), True)
    for name in ("bands", "cutoffs", "change_rules", "safety_rules"):
        for number in range(len(data.get(name, []))):
            less = copy.deepcopy(data)
            del less[name][number]
            yield f"without {name}.{number}", less


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in WORDS or path[:2] == ("items",) or key in {"key", "direction"}:
                yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, (*path, number))
    else:
        yield path, value


def others(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value - 1, value + 1]
    if isinstance(value, Decimal):
        return [value - Decimal("0.01"), value + Decimal("0.01")]
    return {"lower": ["higher"], "higher": ["lower"], "sum": ["mean"], "mean": ["sum"]}.get(value, [])


def with_value(data: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(data)
    place: Any = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return changed


def _is_noticed(data: dict[str, Any]) -> bool:
    """Whether the slip is refused on reading, or comes to another figure than the published one."""
    try:
        check(read_measure(data))
    except (AssertionError, LookupError, ValueError, WaymarkError):
        return True
    return False
