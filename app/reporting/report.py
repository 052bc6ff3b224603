"""What every report is made of: tables whose lines say what they count, small numbers already gone.

A report is put together from counts by `tabled`; screen, paper and CSV all show the same `Report`, so what is hidden
in one is hidden in all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto

from app.core.small_numbers import hidden_lines
from app.core.spreadsheet import line
from app.reporting.rules.periods import Period

HIDDEN = "*"
Words = object  # a text, or one that is translated when it is shown
Value = int | None


class Of(Enum):
    """What a number is of. Somebody can be in several times, so people do not add up over them, and events do."""

    PEOPLE = auto()
    EVENTS = auto()
    THINGS = auto()
    PENCE = auto()
    PER_CENT = auto()


@dataclass(frozen=True, slots=True)
class Definition:
    """What is counted and how, with a version: a changed rule is a new version, so old reports can be told apart.

    `rows` are the rows of the commissioners' documents that ask for it. What `stands_alone` is shown also where there
    were too few clients to say more about them.
    """

    key: str
    version: int
    title: Words
    words: Words
    rows: tuple[str, ...] = ()
    stands_alone: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A heading. What is not of people or of events is never small by itself: it goes with its line when that is."""

    heading: Words
    of: Of = Of.EVENTS

    @property
    def is_money(self) -> bool:
        """Whether its values are pence."""
        return self.of is Of.PENCE


@dataclass(frozen=True, slots=True)
class Row:
    """A line before small numbers are taken out. Lines of one `group` are shown beside each other's sum."""

    label: Words
    values: tuple[int, ...]
    group: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is shown; None where a value is hidden. `of` where it counts something else than its column."""

    label: Words
    values: tuple[Value, ...]
    of: Of | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A definition with its lines; `too_few` where not one of them can be shown."""

    definition: Definition
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    too_few: bool = False
    by_size: bool = False

    @classmethod
    def of_lines(cls, definition: Definition, column: Column, lines: Iterable[Line]) -> Table:
        """A table of one column whose maker has hidden what is small."""
        return cls(definition, (column,), tuple(lines))

    def largest_first(self) -> Table:
        """In the order of the first column. Hidden lines come last by name: their place would tell what they hide."""
        ordered = sorted(self.lines, key=lambda each: (each.values[0] is None, -(each.values[0] or 0), str(each.label)))
        return replace(self, lines=tuple(ordered), by_size=True)

    @property
    def hides(self) -> bool:
        """Whether anything in it is hidden."""
        return self.too_few or any(None in line.values for line in self.lines)


@dataclass(frozen=True, slots=True)
class Report:
    """Tables of one organisation over one period, as the records stood when it was made.

    `too_few` where there were clients, and too few to say more about them; the `note` says what
    was done to its numbers where it leaves the organisation.
    """

    title: Words
    organization: str
    period: Period
    made_at: datetime
    headline: Table
    tables: tuple[Table, ...]
    too_few: bool = False
    note: Words = ""

    @property
    def all_tables(self) -> tuple[Table, ...]:
        """The headline and the rest."""
        return (self.headline, *self.tables)


def tabled(definition: Definition, columns: tuple[Column, ...], rows: Sequence[Row]) -> Table:
    """A table without small numbers, and without what would let somebody work them out."""
    counts = [at for at, column in enumerate(columns) if column.of in {Of.PEOPLE, Of.EVENTS}]
    hidden: set[int] = set()
    groups = dict.fromkeys(row.group for row in rows)
    for group in groups:
        members = [at for at, row in enumerate(rows) if row.group == group]
        found = hidden_lines([[rows[at].values[column] for column in counts] for at in members])
        if found is None and len(groups) == 1:
            return Table(definition, columns, (), too_few=True)
        hidden |= set(members) if found is None else {members[at] for at in found}
    nothing = (None,) * len(columns)
    lines = tuple(Line(row.label, nothing if at in hidden else row.values) for at, row in enumerate(rows))
    return Table(definition, columns, lines)


def csv_lines(report: Report) -> Iterator[str]:
    """The report as CSV: a line for every line of every table, with what the table counts."""
    yield line(("report", "organisation", "from", "to", "made_at"))
    period = report.period
    yield line((str(report.title), report.organization, period.since.isoformat(), period.until.isoformat(),
                report.made_at.isoformat(timespec="seconds")))  # fmt: skip
    if report.note:
        yield line((str(report.note),))
    for table in report.all_tables:
        definition = table.definition
        yield line(())
        yield line((f"{definition.key}.{definition.version}", str(definition.title), str(definition.words)))
        yield line(("", *(str(column.heading) for column in table.columns)))
        for each in table.lines:
            yield line((str(each.label), *map(_cell, each.values, table.columns)))
        if table.too_few:
            yield line((HIDDEN,))


def _cell(value: Value, column: Column) -> object:
    if value is None:
        return HIDDEN
    return f"{value / 100:.2f}" if column.is_money else value
