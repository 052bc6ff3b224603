"""Which files are read, and what the reading says in figures."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.advice.codes import ReviewAnswer, ReviewQuestion

WORTH = {ReviewAnswer.YES: 2, ReviewAnswer.PARTLY: 1, ReviewAnswer.NO: 0}
# How many files of each adviser are read in a month, and how many in all.
OF_EACH_ADVISER = 2
MOST_FILES = 20
# A share of fewer answers says little, and is not shown.
FEWEST_ANSWERS = 10


def drawn(files: Iterable[tuple[UUID, UUID]], month: date) -> list[UUID]:
    """The cases of a month's sample by lot, from cases with their advisers: some of each adviser.

    Every case has a lot of its own, made of its id and the month, so that the sample is the same for everybody and
    all month long, and nobody chooses it.
    """
    taken: Counter[UUID] = Counter()
    found: list[UUID] = []
    for case_id, adviser_id in sorted(files, key=lambda file: (_lot(file[0], month), file[0])):
        if taken[adviser_id] < OF_EACH_ADVISER and len(found) < MOST_FILES:
            taken[adviser_id] += 1
            found.append(case_id)
    return found


def _lot(case_id: UUID, month: date) -> str:
    return hashlib.sha256(f"{month:%Y-%m} {case_id}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Share:
    """Answers to one question over several files; `percent` is of what could be reached."""

    answers: int
    percent: int | None


def quality(reviews: Iterable[Mapping[str, str]]) -> dict[ReviewQuestion, Share]:
    """How the files did on each question: "partly" counts half, what does not apply is left out."""
    found: dict[ReviewQuestion, list[int]] = {question: [] for question in ReviewQuestion}
    for answers in reviews:
        for question in ReviewQuestion:
            answer = answers.get(question.value)
            if answer is not None and ReviewAnswer(answer) in WORTH:
                found[question].append(WORTH[ReviewAnswer(answer)])
    return {question: _share(worths) for question, worths in found.items()}


def _share(worths: list[int]) -> Share:
    enough = len(worths) >= FEWEST_ANSWERS
    return Share(len(worths), round(100 * sum(worths) / (2 * len(worths))) if enough else None)
