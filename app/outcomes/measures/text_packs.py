"""The words of a measure: shipped where the licence allows it, otherwise loaded by the organisation that holds one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from app.outcomes.measures.definition import ItemKind, Measure, Verdict
from app.outcomes.measures.tables import Table, content_hash

DEFAULT_LANGUAGE = "en"
MANY_STEPS = 7


@dataclass(frozen=True, slots=True)
class TextPack:
    """Words of one measure and version in one language. `answers` has, for each item, words for (some of) its codes."""

    measure: str
    version: int
    language: str
    intro: str
    items: Mapping[str, str]
    answers: Mapping[str, Mapping[int, str]]
    licence_ref: str
    valid_from: date | None
    valid_to: date | None
    source: str
    content_hash: str

    def is_valid_on(self, day: date) -> bool:
        """Whether the words may be shown on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def read_text_pack(data: Mapping[str, Any], measure: Measure) -> TextPack:
    """Check a text pack against its measure.

    Each item needs its words, no other item and no code outside the item's may be named, and a measure whose words
    are not ours needs a licence reference and a first day.
    """
    table = Table(data, f"text pack of {measure.reference}")
    if (table.text("measure"), table.integer("version")) != (measure.id, measure.version):
        raise table.wrong("measure", f"is not {measure.reference}")
    pack = TextPack(
        measure=measure.id,
        version=measure.version,
        language=table.text("language"),
        intro=table.text("intro", ""),
        items=_items(table, measure),
        answers=_answers(table, measure),
        licence_ref=table.text("licence_ref", ""),
        valid_from=table.day("valid_from"),
        valid_to=table.day("valid_to"),
        source=table.text("source", ""),
        content_hash=content_hash(data),
    )
    table.done()
    if measure.licence.verdict is not Verdict.TEXT and not (pack.licence_ref and pack.valid_from):
        raise table.wrong("licence_ref", "and valid_from are needed: the words belong to " + measure.licence.holder)
    return pack


def blank_pack(measure: Measure, first_day: date) -> str:
    """A text pack to be filled in: every question and answer of the measure by its key, without a word of it."""
    codes = dict.fromkeys(code for item in measure.items for code in _named(item.codes) + item.unknown_codes)
    lines = [
        f'measure = "{measure.id}"',
        f"version = {measure.version}",
        f'language = "{DEFAULT_LANGUAGE}"',
        'licence_ref = ""',
        f"valid_from = {first_day.isoformat()}",
        "# valid_to = the last day of the licence, like the line above, if it has one",
        'intro = ""',
        "",
        "[items]",
        *(f'{key} = ""' for key in dict.fromkeys(item.label_key for item in measure.items)),
        "",
        "[answers]",
        *(f'{code} = ""' for code in codes),
    ]
    return "\n".join(lines) + "\n"


def _named(codes: tuple[int, ...]) -> tuple[int, ...]:
    """The answers that need words: a scale of many steps may name its ends alone."""
    return codes if len(codes) < MANY_STEPS else (codes[0], codes[-1])


def _items(table: Table, measure: Measure) -> Mapping[str, str]:
    words = table.table("items").as_texts()
    keys = {item.label_key for item in measure.items}
    if unknown := sorted(set(words) - keys):
        raise table.wrong("items", f"name {', '.join(unknown)}, which the measure does not have")
    if blank := sorted(key for key in keys if not words.get(key, "").strip()):
        raise table.wrong("items", f"lack words for {', '.join(blank)}")
    return MappingProxyType(words)


def _answers(table: Table, measure: Measure) -> Mapping[str, Mapping[int, str]]:
    common = table.table("answers", optional=True).as_texts()
    own = table.table("item_answers", optional=True)
    found = {}
    for item in measure.items:
        if item.kind is ItemKind.CHOICE:
            words = own.table(item.key, optional=True).as_texts() or common
            found[item.key] = _labels(table, item.codes + item.unknown_codes, words)
    own.done()
    return MappingProxyType(found)


def _labels(table: Table, codes: tuple[int, ...], words: Mapping[str, str]) -> Mapping[int, str]:
    allowed = {str(code): code for code in codes}
    words = {code: label for code, label in words.items() if label.strip()}
    if not set(words) <= set(allowed):
        raise table.wrong("answers", f"have codes that no item has: {sorted(set(words) - set(allowed))}")
    if len(codes) < MANY_STEPS and set(words) != set(allowed):
        raise table.wrong("answers", f"lack words for {sorted(set(allowed) - set(words))}")
    return MappingProxyType({allowed[code]: label for code, label in words.items()})
