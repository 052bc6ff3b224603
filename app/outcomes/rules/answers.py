"""One form's answers, held against the codes of their measure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from app.core.errors import InvalidInput
from app.core.text import clean
from app.outcomes.codes import AnswerKind
from app.outcomes.measures import Item, ItemKind, Measure

PREFER_NOT: Final = "prefer-not"
# The same as one press: on the number keys of a computer and on those of a telephone.
PREFER_NOT_KEY: Final = "*"
NOT_APPLICABLE: Final = "n/a"
LONGEST_TEXT: Final = 4000
LONGEST_FORM: Final = 65_536


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered.

    `codes` are the raw codes as given, and only those that the item has; `unknown` was answered with a code for "not
    known"; `not_applicable` does not count at all; `problems` says what was refused.
    """

    codes: Mapping[str, int]
    texts: Mapping[str, str]
    declined: frozenset[str]
    unknown: frozenset[str]
    not_applicable: frozenset[str]
    problems: tuple[str, ...]

    @property
    def is_valid(self) -> bool:
        """Whether every answer given is one that its item has."""
        return not self.problems


def read_answers(measure: Measure, values: Any) -> Answers:
    """Answers from a list in the order of the items; null where there is none.

    Whatever can be read is kept even where something else is refused: a safety rule looks at it all the same.
    Optional items at the end may be left off.
    """
    found = _Found()
    if not isinstance(values, Sequence) or isinstance(values, str):
        return found.answers("The answers must be a list, one for each item, with null where there is none.")
    needed = max((number for number, item in enumerate(measure.items, 1) if item.required), default=1)
    for item, value in zip(measure.items, values, strict=False):
        found.take(item, value)
    if not needed <= len(values) <= len(measure.items):
        return found.answers(f"{measure.name} has {len(measure.items)} items; {_count(len(values))} given.")
    return found.answers()


def _count(answers: int) -> str:
    return "1 answer was" if answers == 1 else f"{answers} answers were"


def parse_answers(measure: Measure, text: str) -> Answers:
    """Answers from a JSON list, whatever else the text may be."""
    try:
        if len(text) > LONGEST_FORM:
            raise ValueError("too long")
        values = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        values = None
    return read_answers(measure, values)


@dataclass(frozen=True, slots=True)
class OneAnswer:
    """What was said to one question, as it is kept."""

    kind: AnswerKind
    raw_code: int | None = None
    words: str = ""


def read_answer(item: Item, typed: str) -> OneAnswer:
    """One answer as a form sends it: a code, words, or one of the two that are no answer. InvalidInput for others."""
    if typed == PREFER_NOT or (typed == PREFER_NOT_KEY and item.kind is not ItemKind.TEXT):
        return OneAnswer(AnswerKind.DECLINED)
    if item.kind is ItemKind.CHOICE and typed == NOT_APPLICABLE and item.may_not_apply:
        return OneAnswer(AnswerKind.NOT_APPLICABLE)
    is_code = item.kind is ItemKind.CHOICE
    value: Any = int(typed) if is_code and typed.isascii() and typed.isdigit() and len(typed) < 4 else typed
    found = _Found()
    found.take(item, value)
    problems = found.answers().problems
    if problems:
        raise InvalidInput(problems[0])
    return OneAnswer(AnswerKind.GIVEN, raw_code=value) if is_code else OneAnswer(AnswerKind.GIVEN, words=clean(typed))


def as_typed(answer: OneAnswer) -> str:
    """An answer as it is typed: what `read_answer` reads."""
    if answer.kind is AnswerKind.GIVEN:
        return answer.words if answer.raw_code is None else str(answer.raw_code)
    return PREFER_NOT_KEY if answer.kind is AnswerKind.DECLINED else NOT_APPLICABLE


_KINDS: dict[type[Any], str] = {list: "a list", dict: "an object"}


class _Found:
    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._texts: dict[str, str] = {}
        self._groups: dict[str, set[str]] = {"declined": set(), "unknown": set(), "not_applicable": set()}
        self._problems: list[str] = []

    def take(self, item: Item, value: Any) -> None:
        if value is None:
            return
        if value == PREFER_NOT:
            self._groups["declined"].add(item.key)
        elif item.kind is ItemKind.TEXT:
            self._take_text(item, value)
        elif value == NOT_APPLICABLE and item.may_not_apply:
            self._groups["not_applicable"].add(item.key)
        else:
            self._take_code(item, value)

    def _take_text(self, item: Item, value: Any) -> None:
        if isinstance(value, str) and len(value) <= LONGEST_TEXT:
            self._texts[item.key] = clean(value)
        else:
            self._problems.append(f"The answer to {item.key} must be a text of at most {LONGEST_TEXT} letters.")

    def _take_code(self, item: Item, value: Any) -> None:
        code = _whole(value)
        if code in item.codes:
            self._codes[item.key] = code
        elif code in item.unknown_codes:
            self._groups["unknown"].add(item.key)
        else:
            shown = json.dumps(value)[:20] if isinstance(value, int | float | str) else _KINDS.get(type(value), "null")
            self._problems.append(
                f"The answer to {item.key} is {shown}; it must be {_choice(item.codes + item.unknown_codes)}."
            )

    def answers(self, *problems: str) -> Answers:
        return Answers(
            codes=MappingProxyType(self._codes),
            texts=MappingProxyType(self._texts),
            declined=frozenset(self._groups["declined"]),
            unknown=frozenset(self._groups["unknown"]),
            not_applicable=frozenset(self._groups["not_applicable"]),
            problems=(*self._problems, *problems),
        )


def _whole(value: Any) -> int:
    """The whole number that a JSON number stands for; -1, which no item has, for anything else."""
    if isinstance(value, bool):
        return -1
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, float) and value.is_integer() else -1


def _choice(codes: Sequence[int]) -> str:
    *others, last = map(str, codes)
    return f"{', '.join(others)} or {last}"


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no answer")
