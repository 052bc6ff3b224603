"""Pathways between a document (JSON or TOML) and the value, checked strictly: a wrong key or code says where."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from app.core.errors import InvalidInput
from app.core.text import clean
from app.referrals.codes import ClockKind, Destination, Nation, Priority, Source, Status
from app.referrals.pathways.definition import (
    NAMES,
    PREVIEW_DAYS,
    Answer,
    Checklist,
    Definition,
    Eligibility,
    Item,
    Option,
    Question,
    QuestionKind,
    Section,
    Stage,
    WaitingRule,
)
from app.referrals.rules.clocks import DEFAULTS, Threshold, Unit

Document = Mapping[str, Any]
Made = TypeVar("Made")
Codes = TypeVar("Codes", bound=StrEnum)
KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
# How often somebody is seen, and when a carer's needs are looked at again, only a pathway can say.
_USUAL: dict[ClockKind, Threshold | None] = dict(DEFAULTS) | {ClockKind.FREQUENCY: None, ClockKind.CARERS_REVIEW: None}
_THRESHOLD = re.compile(r"([1-9][0-9]{0,3}) (hour|day|working-day|month)s?")


def definition_of(document: Document) -> Definition:
    """The pathway that a document describes. InvalidInput names the first fault."""
    if unknown := sorted(set(document) - NAMES):
        raise InvalidInput(f"A pathway has no {unknown[0]}.")
    told = Definition(
        name=_text(document, "name", needed=True),
        introduction=_text(document, "introduction", needed=True),
        self_name=_text(document, "self_name"),
        self_introduction=_text(document, "self_introduction"),
        team=_text(document, "team"),
        sources=frozenset(_codes(document, "sources", Source)),
        self_referral=_flag(document, "self_referral"),
        areas=tuple(_text({"area": each}, "area", needed=True).upper() for each in document.get("areas", ())),
        practices=tuple(_text({"code": each}, "code", needed=True).upper() for each in document.get("practices", ())),
        minimum_age=_number(document, "minimum_age"),
        maximum_age=_number(document, "maximum_age"),
        eligibility=_many(document, "eligibility", _eligibility),
        sections=_many(document, "sections", _section),
        urgencies=_codes(document, "urgencies", Priority) or (Priority.ROUTINE,),
        stages=_many(document, "stages", _stage),
        clocks=_clocks(document.get("clocks", {})),
        checklists=_many(document, "checklists", _checklist),
        waiting_rule=_code(document, "waiting_rule", WaitingRule, WaitingRule.LONGEST_FIRST),
        reopening_days=_number(document, "reopening_days"),
        preview_days=_number(document, "preview_days") if "preview_days" in document else PREVIEW_DAYS,
        destinations=_codes(document, "destinations", Destination) or tuple(Destination),
        what_happens_next=_text(document, "what_happens_next"),
        letter_accepted=_text(document, "letter_accepted"),
        letter_closing=_text(document, "letter_closing"),
        letter_phone=_text(document, "letter_phone"),
        social_prescribing=_flag(document, "social_prescribing"),
        nation=_code(document, "nation", Nation, Nation.ENGLAND_AND_WALES),
    )
    check(told)
    return told


def check(told: Definition) -> None:
    """What must hold between the parts."""
    keys = [each.key for each in told.eligibility] + [each.key for each in told.questions]
    _once(keys, "question")
    _once([stage.key for stage in told.stages], "stage")
    _once([item.key for each in told.checklists for item in each.items], "item of a checklist")
    if not told.sources and not told.self_referral:
        raise InvalidInput("Say who may refer, or that people may refer themselves.")
    if told.minimum_age is not None and told.maximum_age is not None and told.maximum_age < told.minimum_age:
        raise InvalidInput("The oldest age must not be below the youngest.")
    for question in told.questions:
        if (question.kind is QuestionKind.CHOICE) != bool(question.options):
            raise InvalidInput(f"“{question.label}”: a choice has answers to choose from, other questions have none.")


def document_of(told: Definition) -> dict[str, Any]:
    """The document of a pathway, ready to be kept as JSON; `definition_of` reads it back."""
    return {
        "name": told.name,
        "introduction": told.introduction,
        "self_name": told.self_name,
        "self_introduction": told.self_introduction,
        "team": told.team,
        "sources": sorted(told.sources),
        "self_referral": told.self_referral,
        "areas": list(told.areas),
        "practices": list(told.practices),
        "minimum_age": told.minimum_age,
        "maximum_age": told.maximum_age,
        "eligibility": [_plain(each) for each in told.eligibility],
        "sections": [
            {"title": each.title, "questions": [_question_document(question) for question in each.questions]}
            for each in told.sections
        ],
        "urgencies": [each.value for each in told.urgencies],
        "stages": [_plain(each) for each in told.stages],
        "clocks": {kind.value: threshold_words(limit) for kind, limit in told.clocks.items()},
        "checklists": [_plain(each) | {"items": [_plain(item) for item in each.items]} for each in told.checklists],
        "waiting_rule": told.waiting_rule.value,
        "reopening_days": told.reopening_days,
        "preview_days": told.preview_days,
        "destinations": [each.value for each in told.destinations],
        "what_happens_next": told.what_happens_next,
        "letter_accepted": told.letter_accepted,
        "letter_closing": told.letter_closing,
        "letter_phone": told.letter_phone,
        "social_prescribing": told.social_prescribing,
        "nation": told.nation.value,
    }


def threshold_of(text: str) -> Threshold | None:
    """A threshold as written, such as "2 working-days"; None for an empty text. InvalidInput for any other."""
    if not text.strip():
        return None
    found = _THRESHOLD.fullmatch(" ".join(text.lower().split()).replace("working day", "working-day"))
    if not found:
        raise InvalidInput(f"“{text}” is no time: write for example 24 hours, 7 days, 2 working days or 12 months.")
    return Threshold(int(found[1]), Unit(f"{found[2]}s"))


def threshold_words(threshold: Threshold | None) -> str:
    """A threshold as `threshold_of` reads it."""
    return f"{threshold.amount} {threshold.unit.value}" if threshold else ""


def _clocks(document: Document) -> dict[ClockKind, Threshold | None]:
    try:
        told = {ClockKind(kind): threshold_of(str(text)) for kind, text in document.items()}
    except ValueError as error:
        raise InvalidInput(f"There is no such clock: {error}") from error
    return _USUAL | told


def _question_document(question: Question) -> dict[str, Any]:
    return _plain(question) | {"options": [_plain(option) for option in question.options]}


def _plain(part: Any) -> dict[str, Any]:
    values = {name: getattr(part, name) for name in part.__dataclass_fields__}
    return {name: value.value if isinstance(value, StrEnum) else value for name, value in values.items()}


def _eligibility(document: Document) -> Eligibility:
    return Eligibility(
        key=_key(document),
        question=_text(document, "question", needed=True),
        self_question=_text(document, "self_question"),
        otherwise=_text(document, "otherwise", needed=True),
        right=_code(document, "right", Answer, Answer.YES),
    )


def _section(document: Document) -> Section:
    return Section(title=_text(document, "title", needed=True), questions=_many(document, "questions", _question))


def _question(document: Document) -> Question:
    return Question(
        key=_key(document),
        label=_text(document, "label", needed=True),
        self_label=_text(document, "self_label"),
        hint=_text(document, "hint"),
        kind=_code(document, "kind", QuestionKind, QuestionKind.LONG),
        required=_flag(document, "required"),
        options=_many(document, "options", _option),
    )


def _option(document: Document) -> Option:
    return Option(code=_key(document, "code"), label=_text(document, "label", needed=True))


def _stage(document: Document) -> Stage:
    return Stage(
        status=_code(document, "status", Status, Status.ACTIVE),
        key=_key(document),
        label=_text(document, "label", needed=True),
    )


def _checklist(document: Document) -> Checklist:
    return Checklist(
        key=_key(document),
        title=_text(document, "title", needed=True),
        clock=_code(document, "clock", ClockKind, ClockKind.FIRST_24_HOURS),
        items=_many(document, "items", _item),
    )


def _item(document: Document) -> Item:
    return Item(key=_key(document), label=_text(document, "label", needed=True))


def _many(document: Document, name: str, make: Callable[[Document], Made]) -> tuple[Made, ...]:
    return tuple(make(each) for each in document.get(name, ()))


def _key(document: Document, name: str = "key") -> str:
    text = _text(document, name, needed=True)
    if not KEY.fullmatch(text):
        raise InvalidInput(f"“{text}” cannot be a key: use small letters, numbers and hyphens.")
    return text


def _text(document: Document, name: str, *, needed: bool = False) -> str:
    text = clean(str(document.get(name, "") or ""))
    if needed and not text:
        raise InvalidInput(f"A part of the pathway lacks its {name.replace('_', ' ')}.")
    return text


def _flag(document: Document, name: str) -> bool:
    return document.get(name, False) is True


def _number(document: Document, name: str) -> int | None:
    value = document.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 3650:
        raise InvalidInput(f"{name}: a whole number from 0 to 3650.")
    return value


def _code(document: Document, name: str, codes: type[Codes], default: Codes) -> Codes:
    value = document.get(name)
    return default if value in (None, "") else _one_of(name, codes, value)


def _codes(document: Document, name: str, codes: type[Codes]) -> tuple[Codes, ...]:
    return tuple(_one_of(name, codes, value) for value in document.get(name, ()))


def _one_of(name: str, codes: type[Codes], value: Any) -> Codes:
    try:
        return codes(value)
    except ValueError as error:
        raise InvalidInput(f"{name}: there is no code {value}.") from error


def _once(keys: list[str], what: str) -> None:
    for key in keys:
        if keys.count(key) > 1:
            raise InvalidInput(f"The key {key} of a {what} is used twice.")
