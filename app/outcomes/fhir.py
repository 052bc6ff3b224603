"""Measures and answers as FHIR R4 resources (hl7.org/fhir/R4): Questionnaire, QuestionnaireResponse, Observation.

Pure functions: definitions, words and values in, plain JSON values out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from app.outcomes.measures import Item, ItemKind, Measure, ScoreMethod, TextPack
from app.outcomes.rules.answers import NOT_APPLICABLE, Answers
from app.outcomes.rules.scoring import FormScore, FormStatus, ScoreValue, missing_items
from app.outcomes.wire import number

LOINC = "http://loinc.org"
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
SURVEY = {
    "coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "survey"}],
}

Resource = dict[str, Any]


class Standing(StrEnum):
    """Where a form stands, in the codes of questionnaire-answers-status."""

    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    AMENDED = "amended"
    STOPPED = "stopped"
    ENTERED_IN_ERROR = "entered-in-error"


# The same in the codes of observation-status.
_OF_A_SCORE: Mapping[Standing, str] = {
    Standing.IN_PROGRESS: "preliminary",
    Standing.COMPLETED: "final",
    Standing.AMENDED: "corrected",
    Standing.STOPPED: "final",
    Standing.ENTERED_IN_ERROR: "entered-in-error",
}


def questionnaire(measure: Measure, text: TextPack, *, base_url: str) -> Resource:
    """The measure as a Questionnaire, in the words of a text pack."""
    intro = [{"linkId": "intro", "type": "display", "text": text.intro}] if text.intro else []
    return _without_none(
        {
            "resourceType": "Questionnaire",
            "id": _resource_id(measure),
            "language": text.language,
            "url": _canonical(measure, base_url),
            "version": str(measure.version),
            "name": "".join(part.capitalize() for part in measure.id.split("-")),
            "title": measure.title,
            "status": "active",
            "subjectType": ["Patient"],
            "copyright": measure.licence.notice,
            "code": [_loinc(measure.coding.panel, measure.title)] if measure.coding.panel else None,
            "item": [*intro, *(_question(measure, item, text, base_url) for item in measure.items)],
        }
    )


def questionnaire_response(
    measure: Measure,
    text: TextPack,
    answers: Answers,
    *,
    answered_on: date,
    base_url: str,
    standing: Standing | None = None,
) -> Resource:
    """One form as a QuestionnaireResponse. Answers that were refused are not in it.

    Where nothing says how the form stands, one with all its answers is completed and any other in progress.
    """
    complete = answers.is_valid and not missing_items(measure, answers)
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{_canonical(measure, base_url)}|{measure.version}",
        "status": standing or (Standing.COMPLETED if complete else Standing.IN_PROGRESS),
        "authored": answered_on.isoformat(),
        "item": [_answered(measure, item, text, answers, base_url) for item in measure.items],
    }


def observations(
    measure: Measure, score: FormScore, *, answered_on: date, base_url: str, standing: Standing | None = None
) -> list[Resource]:
    """Each score of a form as an Observation; one without a value says that it is unknown, never nought."""
    standing = standing or (Standing.IN_PROGRESS if score.status is FormStatus.INCOMPLETE else Standing.COMPLETED)
    return [
        _without_none(
            {
                "resourceType": "Observation",
                "status": _OF_A_SCORE[standing],
                "category": [SURVEY],
                "code": _score_code(measure, each.key, base_url),
                "effectiveDateTime": answered_on.isoformat(),
                "interpretation": [{"text": each.band}] if each.band else None,
                "note": [{"text": "Estimated: an answer is missing."}] if each.estimated else None,
                "method": {"text": each.rule},
            }
        )
        | _value(measure, each)
        for each in score.scores.values()
    ]


def _value(measure: Measure, score: ScoreValue) -> Resource:
    if score.value is None:
        return {"dataAbsentReason": _absent("unknown")}
    if measure.score(score.key).method is ScoreMethod.CATEGORY:
        return {"valueCodeableConcept": {"text": score.band}}
    return {"valueQuantity": {"value": number(score.value), "unit": "score"}}


def _question(measure: Measure, item: Item, text: TextPack, base_url: str) -> Resource:
    words = text.items[item.label_key]
    options = [
        {"valueCoding": _option(measure, item, code, text, base_url)} for code in item.codes + item.unknown_codes
    ]
    return _without_none(
        {
            "linkId": item.key,
            "code": [_loinc(item.loinc, words)] if item.loinc else None,
            "text": words,
            "type": "text" if item.kind is ItemKind.TEXT else "choice",
            # A person may always leave a question out.
            "required": False,
            "answerOption": options or None,
        }
    )


def _option(measure: Measure, item: Item, code: int, text: TextPack, base_url: str) -> Resource:
    label = text.answers[item.key].get(code, str(code))
    loinc = measure.coding.answers.get(code)
    coding = (
        _loinc(loinc, label) if loinc else {"system": f"{_canonical(measure, base_url)}/answers", "code": str(code)}
    )
    ordinal = [] if code in item.unknown_codes else [{"url": ORDINAL, "valueDecimal": item.scored(code)}]
    return {**({"extension": ordinal} if ordinal else {}), **coding, "display": label}


def _answered(measure: Measure, item: Item, text: TextPack, answers: Answers, base_url: str) -> Resource:
    found: Resource = {"linkId": item.key, "text": text.items[item.label_key]}
    if item.key in answers.codes:
        option = _option(measure, item, answers.codes[item.key], text, base_url)
        return found | {"answer": [{"valueCoding": option}]}
    if item.key in answers.texts:
        return found | {"answer": [{"valueString": answers.texts[item.key]}]}
    reason = _reason(item, answers)
    return found | {"extension": [{"url": ABSENT, "valueCode": reason}]} if reason else found


def _reason(item: Item, answers: Answers) -> str | None:
    """Why there is no answer, in the codes of the value set data-absent-reason."""
    groups = {
        "asked-declined": answers.declined,
        "asked-unknown": answers.unknown,
        NOT_APPLICABLE: answers.not_applicable,
    }
    reason = next((name for name, keys in groups.items() if item.key in keys), None)
    return "not-applicable" if reason == NOT_APPLICABLE else reason


def _score_code(measure: Measure, key: str, base_url: str) -> Resource:
    loinc, label = measure.score(key).loinc, f"{measure.name} {key}"
    own = {"system": f"{_canonical(measure, base_url)}/scores", "code": key, "display": label}
    return {"coding": [_loinc(loinc, label) if loinc else own], "text": label}


def _absent(code: str) -> Resource:
    return {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": code}]}


def _loinc(code: str, display: str) -> Resource:
    return {"system": LOINC, "code": code, "display": display}


def _canonical(measure: Measure, base_url: str) -> str:
    return f"{base_url.rstrip('/')}/fhir/Questionnaire/{_resource_id(measure)}"


def _resource_id(measure: Measure) -> str:
    return f"{measure.id}-{measure.version}"


def _without_none(resource: Mapping[str, Any]) -> Resource:
    return {key: value for key, value in resource.items() if value is not None}
