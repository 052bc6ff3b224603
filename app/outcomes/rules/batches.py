"""Answers from a spreadsheet: what its columns are, and what each row says. No database."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.core.errors import InvalidInput
from app.core.text import clean, single_line
from app.outcomes.measures import Item, Measure
from app.outcomes.rules.answers import OneAnswer, as_typed, read_answer

MOST_ROWS = 500
LARGEST = 200_000
NAMES: Mapping[str, str] = {
    "name": "name",
    "nhs number": "nhs_number",
    "nhs": "nhs_number",
    "date of birth": "born_on",
    "born": "born_on",
    "dob": "born_on",
    "measure": "measure",
    "answered on": "answered_on",
    "date": "answered_on",
    "helped": "helped",
}
NEEDED = {"born_on": "date of birth", "measure": "measure", "answered_on": "answered on"}
HEADINGS = ("name", "date of birth", "NHS number", "measure", "answered on", "helped")
YES = frozenset({"yes", "y", "1", "true", "x"})


class RowProblem(StrEnum):
    """Why a row is not taken."""

    NO_BIRTH = "no date of birth"
    NO_PERSON = "nobody found"
    SEVERAL = "several people"
    REFUSED = "nothing may be written down"
    NO_MEASURE = "no such measure"
    NOT_USABLE = "the measure may not be used"
    NO_DAY = "no day"
    DAY_TO_COME = "a day to come"
    WRONG_ANSWER = "not one of the answers"
    NO_ANSWERS = "no answers"
    OTHER_ANSWERS = "other answers are kept"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file as it was typed; `number` counts the line of headings as 1."""

    number: int
    cells: Mapping[str, str]
    answers: Mapping[str, str]

    def cell(self, name: str) -> str:
        """What stands in a column; nothing where there is none."""
        return self.cells.get(name, "")

    @property
    def helped(self) -> bool:
        """Whether somebody helped to answer."""
        return self.cell("helped").casefold() in YES


@dataclass(frozen=True, slots=True)
class Sheet:
    """All rows, and the headings that mean nothing here."""

    rows: tuple[Row, ...]
    unread: tuple[str, ...]


def read_sheet(text: str) -> Sheet:
    """The rows of a spreadsheet as pasted or saved: commas, semicolons or tabs. InvalidInput where it is none."""
    if len(text) > LARGEST:
        raise InvalidInput("This is too much at once. Split it into smaller files.")
    lines = [line for line in clean(text).split("\n") if line.strip(" ,;\t")]
    if len(lines) < 2:
        raise InvalidInput("There must be a line of headings and at least one row below it.")
    if len(lines) - 1 > MOST_ROWS:
        raise InvalidInput("There are more than 500 rows. Split them into smaller files.")
    mark = max("\t;,", key=lines[0].count)
    try:
        found = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=mark, strict=True))
    except csv.Error:
        raise InvalidInput("A quotation mark is open. Save the file as CSV again.") from None
    headings = [single_line(cell).casefold().replace("_", " ") for cell in found[0]]
    known = [NAMES.get(heading) for heading in headings]
    if missing := [words for name, words in NEEDED.items() if name not in known]:
        raise InvalidInput(f"These columns are missing: {', '.join(missing)}.")
    if not {"name", "nhs_number"} & set(known):
        raise InvalidInput("A column for the name or the NHS number is missing.")
    rows = tuple(_row(number, headings, cells) for number, cells in enumerate(found[1:], 2))
    read = {answer for row in rows for answer in row.answers}
    unread = [heading for heading, name in zip(headings, known, strict=True) if not name and heading not in read]
    return Sheet(rows, tuple(heading for heading in unread if heading and not _number(heading)))


def sheet_row(measure: Measure, said: Mapping[str, OneAnswer], about: Mapping[str, str], numbers: int) -> list[str]:
    """A form as a row of such a sheet, under `HEADINGS` and the numbers of the questions."""
    answers = [as_typed(said[item.key]) if item.key in said else "" for item in measure.items]
    told = {**about, "measure": measure.reference}
    return [*(told.get(heading, "") for heading in HEADINGS), *answers, *[""] * (numbers - len(answers))]


def _row(number: int, headings: list[str], cells: list[str]) -> Row:
    told = {heading: single_line(cell) for heading, cell in zip(headings, cells, strict=False)}
    return Row(
        number,
        {NAMES[heading]: cell for heading, cell in told.items() if heading in NAMES},
        {_number(heading): cell for heading, cell in told.items() if heading not in NAMES and _number(heading)},
    )


def _number(heading: str) -> str:
    """The number of the question that a heading names: "3", "q3", "question 3", "answer 3"."""
    found = re.fullmatch(r"(?:q|question|answer|item)?\s*0*([1-9][0-9]?)", heading)
    return found[1] if found else ""


def read_day(text: str) -> date | None:
    """A day as spreadsheets write it: 2026-11-26, 26/11/2026, 26.11.2026 or 26-11-2026."""
    for shape in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"):
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def read_row_answers(measure: Measure, row: Row) -> dict[str, OneAnswer]:
    """The answers of a row by item, by the number of the question; InvalidInput names the first that is wrong."""
    found: dict[str, OneAnswer] = {}
    for number, typed in row.answers.items():
        if not typed:
            continue
        found[_item(measure, int(number)).key] = _answer(measure, int(number), typed)
    return found


def _item(measure: Measure, number: int) -> Item:
    if number > len(measure.items):
        raise InvalidInput(str(number))
    return measure.items[number - 1]


def _answer(measure: Measure, number: int, typed: str) -> OneAnswer:
    try:
        return read_answer(_item(measure, number), typed)
    except InvalidInput:
        raise InvalidInput(str(number)) from None
