"""A report as it leaves the organisation: rounded, so that two reports held against each other tell of nobody.

The method is that of NHS England for its hospital statistics: 1 to 7 hidden, the rest to the nearest 5. A year less its
other quarters could still give a hidden one away; `told_over` moves such a number (decision 33).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import lazy_gettext as _

from app.core.small_numbers import STEP, nearest, told_over
from app.reporting.report import Line, Of, Report, Table, Value

PENCE_STEP = 100_00
NOTE = _(
    "Counts are rounded, mostly to the nearest 5, and money to the nearest £100, so that two reports held against each "
    "other tell of nobody; lines need not add up."
)


def told_outside(report: Report, quarters: Sequence[Report] = ()) -> Report:
    """The report in rounded numbers; `quarters` are those that make up a longer time, which may be read as well."""
    parts = [told_outside(quarter) for quarter in quarters]
    headline, *tables = (_rounded(table, parts) for table in report.all_tables)
    return replace(report, headline=headline, tables=tuple(tables), note=NOTE)


def _rounded(table: Table, parts: Sequence[Report]) -> Table:
    beside = [_lines_of(part, table) for part in parts]
    told = replace(table, lines=tuple(_line(line, table, beside) for line in table.lines))
    # In the order of the true numbers, lines of one size would still say which is the larger.
    return told.largest_first() if table.by_size else told


def _lines_of(part: Report, table: Table) -> dict[str, Line] | None:
    """What a quarter says in the same table, by label; None where all of it is hidden."""
    key = table.definition.key
    found = next((each for each in part.all_tables if each.definition.key == key), None)
    if found is None:
        return None if part.too_few and not table.definition.stands_alone else {}
    return None if found.too_few else {str(line.label): line for line in found.lines}


def _line(line: Line, table: Table, beside: Sequence[dict[str, Line] | None]) -> Line:
    def in_quarters(at: int) -> list[Value]:
        nothing = Line(line.label, (0,) * len(line.values))
        return [None if lines is None else lines.get(str(line.label), nothing).values[at] for lines in beside]

    values = tuple(
        _told(value, line.of or column.of, in_quarters(at))
        for at, (value, column) in enumerate(zip(line.values, table.columns, strict=True))
    )
    return replace(line, values=values)


def _told(value: Value, of: Of, parts: Sequence[Value]) -> Value:
    """A number by what it is of. Sessions and minutes are of the service, not of people, and stay as they are."""
    match of:
        case _ if value is None:
            return None
        case Of.PEOPLE | Of.EVENTS:
            return told_over(value, parts, adds_up=of is Of.EVENTS)
        case Of.PENCE:
            # Taken away from each other these would say what the few of a quarter gained.
            return None if None in parts else nearest(value, PENCE_STEP)
        case Of.PER_CENT:
            return nearest(value, STEP)
        case Of.THINGS:
            return value
