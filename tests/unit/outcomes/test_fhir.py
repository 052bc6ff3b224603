"""FHIR R4 resources: shape, codes, and what is not said."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.outcomes.fhir import observations, questionnaire, questionnaire_response
from app.outcomes.measures import ItemKind, Measure, TextPack, find_measure, measures, shipped_text
from app.outcomes.rules.answers import read_answers
from app.outcomes.rules.scoring import score_form

BASE = "https://help.example.org"
DAY = date(2026, 1, 31)
SHIPPED = [measure for measure in measures().values() if shipped_text(measure.reference)]


def words(measure: Measure) -> TextPack:
    text = shipped_text(measure.reference)
    assert text is not None
    return text


def respond(name: str, answers: list[Any]) -> dict[str, Any]:
    measure = find_measure(name)
    read = read_answers(measure, answers)
    return questionnaire_response(measure, words(measure), read, answered_on=DAY, base_url=BASE)


@pytest.mark.parametrize("measure", SHIPPED, ids=lambda measure: measure.id)
def test_every_shipped_measure_is_a_questionnaire(measure: Measure) -> None:
    found = questionnaire(measure, words(measure), base_url=BASE)
    json.dumps(found, allow_nan=False)
    items = [item for item in found["item"] if item["type"] != "display"]
    assert [item["linkId"] for item in items] == [item.key for item in measure.items]
    assert len({item["linkId"] for item in found["item"]}) == len(found["item"])
    assert found["name"].isalnum()  # invariant que-0
    assert found["copyright"] == measure.licence.notice
    for item, ours in zip(items, measure.items, strict=True):
        assert item["type"] == ("text" if ours.kind is ItemKind.TEXT else "choice")
        # Invariants que-4 and que-5: options only on a choice, there with one coding each.
        ordinals = [option["valueCoding"]["extension"][0]["valueDecimal"] for option in item.get("answerOption", [])]
        assert ordinals == list(ours.codes)
        codes = [option["valueCoding"]["code"] for option in item.get("answerOption", [])]
        assert len(set(codes)) == len(codes)


def test_phq_9_carries_its_loinc_codes() -> None:
    measure = find_measure("phq-9")
    found = questionnaire(measure, words(measure), base_url=BASE)
    assert found["code"][0]["code"] == "44249-1"
    items = {item["linkId"]: item for item in found["item"]}
    assert items["9"]["code"][0] | {"display": ""} == {"system": "http://loinc.org", "code": "44260-8", "display": ""}
    assert [option["valueCoding"]["code"] for option in items["9"]["answerOption"]] == [
        "LA6568-5",
        "LA6569-3",
        "LA6570-1",
        "LA6571-9",
    ]
    total = score_form(measure, read_answers(measure, [1] * 9))
    (observation,) = observations(measure, total, answered_on=DAY, base_url=BASE)
    assert observation["code"]["coding"][0]["code"] == "44261-6"
    assert (observation["status"], observation["valueQuantity"]["value"]) == ("final", 9)
    assert observation["interpretation"] == [{"text": "mild"}]


def test_a_complete_response() -> None:
    found = respond("gad-7", [0, 1, 2, 3, 0, 0, 0])
    assert (found["status"], found["authored"]) == ("completed", "2026-01-31")
    assert found["questionnaire"] == f"{BASE}/fhir/Questionnaire/gad-7-1|1"
    assert [item["answer"][0]["valueCoding"]["extension"][0]["valueDecimal"] for item in found["item"]] == [
        0,
        1,
        2,
        3,
        0,
        0,
        0,
    ]


def test_what_is_not_answered_has_no_answer() -> None:
    found = respond("gad-7", [0, None, "prefer-not", 0, 0, 0, 0])
    assert found["status"] == "in-progress"
    assert "answer" not in found["item"][1]
    assert "extension" not in found["item"][1]
    assert found["item"][2]["extension"][0]["valueCode"] == "asked-declined"


def test_written_answers_and_optional_ones() -> None:
    found = respond("satisfaction", [2, "The tea.", None])
    assert found["status"] == "completed"
    assert found["item"][1]["answer"] == [{"valueString": "The tea."}]
    assert respond("goals", [4])["status"] == "completed"
    assert respond("goals", [None])["status"] == "in-progress"


def test_a_score_that_is_missing_is_unknown_and_not_nought() -> None:
    measure = find_measure("phq-9")
    partial = score_form(measure, read_answers(measure, [1] * 8 + [None]))
    (observation,) = observations(measure, partial, answered_on=DAY, base_url=BASE)
    assert "valueQuantity" not in observation
    assert observation["dataAbsentReason"]["coding"][0]["code"] == "unknown"
    assert observation["status"] == "preliminary"


def test_an_estimate_says_so() -> None:
    measure = find_measure("core-10")
    result = score_form(measure, read_answers(measure, [None, 4, 4, 4, 4, 4, 1, 0, 0, 0]))
    (observation,) = observations(measure, result, answered_on=DAY, base_url=BASE)
    assert Decimal(str(observation["valueQuantity"]["value"])) == Decimal("14.44")
    assert observation["note"][0]["text"].startswith("Estimated")


def test_several_scores_are_several_observations() -> None:
    measure = find_measure("ons4")
    result = score_form(measure, read_answers(measure, [1, 2, 3, 4]))
    found = observations(measure, result, answered_on=DAY, base_url=BASE)
    assert [each["valueQuantity"]["value"] for each in found] == [1, 2, 3, 4]


def test_a_category_is_told_by_its_word() -> None:
    measure = find_measure("ons-loneliness")
    result = score_form(measure, read_answers(measure, [1]))
    (observation,) = observations(measure, result, answered_on=DAY, base_url=BASE)
    assert observation["valueCodeableConcept"] == {"text": "often or always"}
    assert "valueQuantity" not in observation
