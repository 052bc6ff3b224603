"""The nested parts of a pathway as lines that a manager can read and change, and back.

A line that begins with "#" is the title of a section. A question is a line: a star at its end says that it must be
answered, brackets say how: (short), (yes or no), (choose: one; two). After "//" comes how a person is asked themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from app.core.errors import InvalidInput
from app.core.text import slugify
from app.referrals.codes import Status
from app.referrals.pathways.definition import (
    Eligibility,
    Item,
    Option,
    Question,
    QuestionKind,
    Section,
    Stage,
)

_HOW = re.compile(r"\s*\((short|yes or no|choose:[^()]*)\)\s*$", re.IGNORECASE)
_WORDS = {QuestionKind.TEXT: " (short)", QuestionKind.YES_NO: " (yes or no)"}
MOST = 60


def lines_of_sections(sections: Iterable[Section]) -> str:
    """Sections and their questions as lines."""
    found: list[str] = []
    for section in sections:
        found += [f"# {section.title}", *(_line_of(question) for question in section.questions), ""]
    return "\n".join(found).strip()


def sections_of(text: str, known: Sequence[Question]) -> tuple[Section, ...]:
    """The sections that lines describe. A question whose words stayed keeps its key, and with it its answers' place."""
    found: list[tuple[str, list[Question]]] = []
    keys: set[str] = set()
    for line in _lines(text):
        if line.startswith("#"):
            found.append((line.lstrip("# ").strip(), []))
            continue
        if not found:
            raise InvalidInput("Begin with the title of a section: a line like “# What is going on”.")
        found[-1][1].append(_question_of(line, known, keys))
    return tuple(Section(title=title, questions=tuple(questions)) for title, questions in found if title)


def lines_of_eligibility(asked: Iterable[Eligibility]) -> str:
    """Each question and, after a bar, what to do if the answer is another."""
    return "\n".join(f"{_both(each.question, each.self_question)} | {each.otherwise}" for each in asked)


def eligibility_of(text: str, known: Sequence[Eligibility]) -> tuple[Eligibility, ...]:
    """The questions that lines describe; the right answer is yes unless the question was there with another."""
    found: list[Eligibility] = []
    keys: set[str] = set()
    for line in _lines(text):
        question, bar, otherwise = line.partition("|")
        if not bar or not otherwise.strip():
            raise InvalidInput(f"“{line}”: write after a bar | what to do if the answer is no.")
        words, own = _parts(question)
        before = next((each for each in known if each.question == words), None)
        found.append(
            Eligibility(
                key=before.key if before else _free(words, keys),
                question=words,
                self_question=own,
                otherwise=otherwise.strip(),
                **({"right": before.right} if before else {}),
            )
        )
        keys.add(found[-1].key)
    return tuple(found)


def lines_of_items(items: Iterable[Item]) -> str:
    """Each item on a line."""
    return "\n".join(item.label for item in items)


def items_of(text: str, known: Sequence[Item]) -> tuple[Item, ...]:
    """The items of a checklist that lines describe."""
    found: list[Item] = []
    keys: set[str] = set()
    for line in _lines(text):
        before = next((each.key for each in known if each.label == line), None)
        found.append(Item(key=before or _free(line, keys), label=line))
        keys.add(found[-1].key)
    return tuple(found)


def lines_of_stages(stages: Iterable[Stage]) -> str:
    """The steps of the work, each on a line."""
    return "\n".join(stage.label for stage in stages if stage.status is Status.ACTIVE)


def stages_of(text: str, known: Sequence[Stage]) -> tuple[Stage, ...]:
    """The steps that lines describe, beside those of other statuses."""
    others = [stage for stage in known if stage.status is not Status.ACTIVE]
    keys = {stage.key for stage in others}
    for line in _lines(text):
        before = next((each.key for each in known if each.label == line), None)
        others.append(Stage(status=Status.ACTIVE, key=before or _free(line, keys), label=line))
        keys.add(others[-1].key)
    return tuple(others)


def _line_of(question: Question) -> str:
    how = _WORDS.get(question.kind, "")
    if question.kind is QuestionKind.CHOICE:
        how = " (choose: " + "; ".join(option.label for option in question.options) + ")"
    return _both(question.label, question.self_label) + how + (" *" if question.required else "")


def _question_of(line: str, known: Sequence[Question], keys: set[str]) -> Question:
    required = line.endswith("*")
    bare = line.rstrip("* ")
    how = _HOW.search(bare)
    label, own = _parts(_HOW.sub("", bare))
    if not label:
        raise InvalidInput(f"“{line}” asks nothing.")
    before = next((each for each in known if each.label == label), None)
    kind, options = _kind_of(how[1] if how else "", before)
    made = Question(
        key=before.key if before else _free(label, keys),
        label=label,
        self_label=own,
        hint=before.hint if before else "",
        kind=kind,
        required=required,
        options=options,
    )
    if {made.key, made.label} & keys:
        raise InvalidInput(f"“{label}” is asked twice.")
    # Labels beside keys: no key has a capital letter or a space, and a one-word label in small letters is its own key.
    keys |= {made.key, made.label}
    return made


def _kind_of(how: str, before: Question | None) -> tuple[QuestionKind, tuple[Option, ...]]:
    match how.lower().split(":")[0]:
        case "short":
            return QuestionKind.TEXT, ()
        case "yes or no":
            return QuestionKind.YES_NO, ()
        case "choose":
            return QuestionKind.CHOICE, _options(how.split(":", 1)[1], before)
        case _:
            return QuestionKind.LONG, ()


def _options(text: str, before: Question | None) -> tuple[Option, ...]:
    labels = [label.strip() for label in text.split(";") if label.strip()]
    if len(labels) < 2:
        raise InvalidInput("A choice needs at least two answers, with a semicolon between them.")
    known = {option.label: option.code for option in before.options} if before else {}
    keys: set[str] = set()
    found = []
    for label in labels:
        code = known.get(label) or _free(label, keys)
        keys.add(code)
        found.append(Option(code=code, label=label))
    return tuple(found)


def _lines(text: str) -> list[str]:
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if len(lines) > MOST:
        raise InvalidInput("Use 60 lines or fewer.")
    return lines


def _both(words: str, own: str) -> str:
    return f"{words} // {own}" if own else words


def _parts(text: str) -> tuple[str, str]:
    words, _bar, own = text.partition("//")
    return words.strip(), own.strip()


def _free(words: str, keys: set[str]) -> str:
    wanted = slugify(words)[:40].strip("-") or "question"
    number = 1
    while (wanted if number == 1 else f"{wanted}-{number}") in keys:
        number += 1
    return wanted if number == 1 else f"{wanted}-{number}"
