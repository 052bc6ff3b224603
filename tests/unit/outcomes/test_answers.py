"""Whatever arrives as answers is read or refused, and never breaks anything."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.outcomes.measures import find_measure, measures
from app.outcomes.rules.answers import LONGEST_TEXT, parse_answers, read_answers
from app.outcomes.rules.scoring import FormStatus, score_form
from app.outcomes.wire import score_line

SCORED = [measure for measure in measures().values() if not measure.is_record_only]
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=12) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=15,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SCORED), ANY_JSON)
def test_any_value_gives_a_result_that_is_json(measure: Any, values: Any) -> None:
    found = json.loads(score_line(score_form(measure, read_answers(measure, values))))
    assert found["status"] in {"complete", "incomplete", "invalid"}
    assert (found["status"] == "invalid") is bool(found.get("problems"))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SCORED), st.text(max_size=40) | ANY_JSON.map(json.dumps))
def test_any_text_gives_a_result(measure: Any, text: str) -> None:
    assert score_form(measure, parse_answers(measure, text)).status in set(FormStatus)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "null",
        "{}",
        '"[]"',
        "[1,1",
        "[NaN]",
        "[Infinity]",
        "[" * 100_000,
        "9" * 5000,
        "[" + "9" * 5000 + "]",
        "\x00",
    ],
    ids=lambda text: text[:12],
)
def test_what_is_no_list_is_refused(text: str) -> None:
    phq = find_measure("phq-9")
    assert not parse_answers(phq, text).is_valid


@pytest.mark.parametrize("wrong", [True, False, 4, -1, 1.5, "1", "", [1], {}, 1e308, 10**40])
def test_what_is_no_code_is_refused_and_named(wrong: Any) -> None:
    phq = find_measure("phq-9")
    answers = read_answers(phq, [0, 0, wrong, 0, 0, 0, 0, 0, 0])
    (problem,) = answers.problems
    assert problem.startswith("The answer to 3 is ")
    assert problem.endswith("it must be 0, 1, 2 or 3.")
    assert len(answers.codes) == 8


def test_a_whole_number_with_a_point_is_that_number() -> None:
    assert parse_answers(find_measure("gad-7"), "[2.0, 0.0, -0.0, 3, 0, 0, 0]").codes["1"] == 2


def test_only_an_item_that_may_not_apply_takes_it() -> None:
    assert read_answers(find_measure("wsas"), ["n/a", 1, 1, 1, 1]).not_applicable == {"1"}
    assert not read_answers(find_measure("phq-9"), ["n/a"] + [0] * 8).is_valid


def test_declined_is_missing_but_kept_apart() -> None:
    gad = find_measure("gad-7")
    answers = read_answers(gad, ["prefer-not", 1, 1, 1, 1, 1, 1])
    assert (answers.declined, score_form(gad, answers).n_missing) == ({"1"}, 1)


def test_written_answers_are_kept_clean_and_not_without_end() -> None:
    satisfaction = find_measure("satisfaction")
    answers = read_answers(satisfaction, [1, "  kind\x00 people \ud800", None])
    assert answers.texts == {"good": "kind  people"}
    assert not read_answers(satisfaction, [1, "x" * (LONGEST_TEXT + 1)]).is_valid
    assert not read_answers(satisfaction, [1, 5]).is_valid
