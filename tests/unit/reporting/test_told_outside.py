"""A report for other houses: rounded, and a year that does not give its quarters away."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.small_numbers import LARGEST_HIDDEN, is_small
from app.reporting.outside import told_outside
from app.reporting.report import Column, Definition, Line, Of, Report, Row, Table, csv_lines, tabled
from app.reporting.rules.periods import Period, quarters_of

YEAR = Period(date(2025, 4, 1), date(2026, 3, 31))
QUARTERS = quarters_of(YEAR)
COUNTED = Definition("counted", 1, "Counted", "Words")
COLUMNS = (Column("Contacts"), Column("Worth", Of.PENCE), Column("Minutes", Of.THINGS))
LABELS = ("a", "b", "c", "d")
# A quarter's contacts by line: most lines with few, so that something is hidden nearly always.
A_QUARTER = st.tuples(*[st.one_of(st.integers(0, 9), st.integers(8, 60))] * len(LABELS))


def a_report(period, counts, *, too_few=False, columns=COLUMNS):
    """With one table; a line that nobody is in is not there. Each contact brought £123.45 in 31 minutes."""
    rows = [Row(label, (n, n * 123_45, n * 31)[: len(columns)]) for label, n in zip(LABELS, counts, strict=True) if n]
    headline = Table.of_lines(
        Definition("head", 1, "Head", "Words"),
        Column("Number"),
        [Line("Clients", (None if too_few else sum(counts),), Of.PEOPLE), Line("Share", (68,), Of.PER_CENT)],
    )
    tables = () if too_few else (tabled(COUNTED, columns, rows),)
    return Report("Title", "House", period, datetime(2026, 4, 2, tzinfo=UTC), headline, tables, too_few=too_few)


def read(report):
    """The first table by label; empty where it is not there."""
    return {line.label: line.values for line in report.tables[0].lines} if report.tables else {}


def test_what_is_rounded_and_what_is_not():
    told = told_outside(a_report(YEAR, (41, 12, 0, 28)))
    assert [line.values for line in told.headline.lines] == [(80,), (70,)]
    assert read(told) == {"a": (40, 5100_00, 1271), "b": (10, 1500_00, 372), "d": (30, 3500_00, 868)}
    assert str(told.note) in "".join(csv_lines(told)).replace('"', "")
    assert a_report(YEAR, (41, 12, 0, 28)).note == ""


def test_lines_of_one_size_stand_by_name_whatever_they_are_truly():
    made = a_report(YEAR, (18, 22, 19, 21))
    made = Report(made.title, made.organization, YEAR, made.made_at, made.headline,
                  (made.tables[0].largest_first(),))  # fmt: skip
    assert list(read(made)) == ["b", "d", "c", "a"]
    assert list(read(told_outside(made))) == ["a", "b", "c", "d"]


def test_money_of_a_year_is_hidden_where_a_quarter_hides_it():
    quarters = [(20, 30, 0, 0), (3, 4, 0, 0), (20, 30, 0, 0), (20, 30, 0, 0)]
    made = [a_report(*each) for each in zip(QUARTERS, quarters, strict=True)]
    told = read(told_outside(a_report(YEAR, (63, 94, 0, 0)), made))
    assert [values[1] for values in told.values()] == [None, None]
    assert read(told_outside(a_report(YEAR, (63, 94, 0, 0))))["a"][1] == 7800_00


@given(st.tuples(*[A_QUARTER] * 4))
def test_no_hidden_line_of_a_quarter_follows_from_its_year(quarters):
    """For who takes what they were told of the other quarters away, with all the room that rounding left."""
    counts = [sum(line) for line in zip(*quarters, strict=True)]
    made = [a_report(period, each, columns=COLUMNS[:1]) for period, each in zip(QUARTERS, quarters, strict=True)]
    year = read(told_outside(a_report(YEAR, counts, columns=COLUMNS[:1]), made))
    parts = [told_outside(each) for each in made]
    for at, label in enumerate(LABELS):
        if year.get(label, (None,))[0] is None:
            continue
        told = [None if part.tables[0].too_few else read(part).get(label, (0,))[0] for part in parts]
        small = [is_small(each[at]) for each in quarters]
        if told.count(None) != 1 or not small[told.index(None)]:
            continue
        room = 2 + 2 * sum(1 for each in told if each)
        rest = year[label][0] - sum(each for each in told if each)
        assert rest - room <= 1
        assert rest + room >= LARGEST_HIDDEN


def test_a_quarter_of_very_few_clients_counts_as_hidden_and_an_empty_one_as_nobody():
    quarters = [(8, 0, 0, 20), (8, 0, 0, 20), (1, 0, 0, 0), (0, 0, 0, 0)]
    made = [a_report(period, each, too_few=0 < sum(each) <= LARGEST_HIDDEN)
            for period, each in zip(QUARTERS, quarters, strict=True)]  # fmt: skip
    told = read(told_outside(a_report(YEAR, (17, 0, 0, 40)), made))
    assert told["a"][0] == 25


@pytest.mark.parametrize(
    ("period", "found"),
    [
        (YEAR, [(4, 6), (7, 9), (10, 12), (1, 3)]),
        (Period(date(2025, 4, 1), date(2025, 6, 30)), []),
        (Period(date(2025, 5, 1), date(2026, 4, 30)), []),
    ],
)
def test_the_quarters_of_a_year(period, found):
    assert [(each.since.month, each.until.month) for each in quarters_of(period)] == found
    if found:
        assert (quarters_of(period)[0].since, quarters_of(period)[-1].until) == (period.since, period.until)
