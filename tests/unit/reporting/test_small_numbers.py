"""Small numbers: none is shown, and none can be worked out from the total and the lines that are shown."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.small_numbers import LARGEST_HIDDEN, hidden_lines, is_small
from app.core.spreadsheet import line
from app.reporting.report import HIDDEN, Column, Definition, Of, Row, tabled
from app.reporting.rules.periods import Period, named

COUNTS = st.one_of(st.integers(0, 12), st.integers(0, 400))
ROWS = st.lists(st.tuples(COUNTS, COUNTS), max_size=12)
DEFINITION = Definition("d", 1, "A title", "=words")


def possible(hidden: list[int], column: list[int]) -> list[range]:
    """What each hidden line can be, for who knows the total, the lines that are shown and that none is empty."""
    rest = sum(column[at] for at in hidden)
    return [range(1, rest - (len(hidden) - 1) + 1) for _at in hidden]


@given(ROWS)
def test_nothing_small_is_shown_or_follows(rows):
    found = hidden_lines(rows)
    if found is None:
        assert any(is_small(count) for row in rows for count in row)
        return
    shown = [row for at, row in enumerate(rows) if at not in found]
    assert not any(is_small(count) for row in shown for count in row)
    for column in zip(*rows, strict=True) if found else ():
        for values in possible(sorted(found), list(column)):
            assert set(range(1, LARGEST_HIDDEN + 1)) <= set(values)


@given(ROWS)
def test_nothing_is_hidden_without_need(rows):
    if not any(is_small(count) for row in rows for count in row):
        assert hidden_lines(rows) == frozenset()


@pytest.mark.parametrize(
    ("rows", "hidden"),
    [
        ([(100,), (3,), (20,), (50,)], {1, 2}),
        ([(100,), (3,), (5,), (50,)], {1, 2}),
        ([(100,), (1,), (1,), (50,)], {1, 2, 3}),
        ([(100,), (0,), (8,)], set()),
        ([(8, 0), (30, 30), (9, 1)], {0, 1, 2}),
        ([(5,)], None),
        ([(1,)] * 8, None),
        ([], set()),
    ],
)
def test_examples(rows, hidden):
    assert hidden_lines(rows) == (None if hidden is None else frozenset(hidden))


def test_a_branch_that_is_all_small_goes_without_the_others():
    rows = [Row("a", (50, 1), "one"), Row("b", (3, 30), "two"), Row("c", (9, 90), "three")]
    table = tabled(DEFINITION, (Column("Clients"), Column("Worth", Of.PENCE)), rows)
    assert [line.values for line in table.lines] == [(50, 1), (None, None), (9, 90)]
    assert table.hides


def test_money_is_no_count_and_goes_with_its_line():
    table = tabled(DEFINITION, (Column("Worth", Of.PENCE), Column("Clients")), [Row("a", (3, 40))])
    assert table.lines[0].values == (3, 40)
    alone = tabled(DEFINITION, (Column("Worth", Of.PENCE), Column("Clients")), [Row("a", (900_000, 4))])
    assert alone.too_few


def test_cells_of_a_spreadsheet_are_no_formulas():
    assert line(["=1+1", "@x", "plain", -3, HIDDEN]) == "'=1+1,'@x,plain,-3,*\r\n"


@pytest.mark.parametrize(
    ("name", "since", "until"),
    [
        ("month", date(2026, 2, 1), date(2026, 2, 17)),
        ("last-month", date(2026, 1, 1), date(2026, 1, 31)),
        ("quarter", date(2026, 1, 1), date(2026, 2, 17)),
        ("last-quarter", date(2025, 10, 1), date(2025, 12, 31)),
        ("year", date(2025, 4, 1), date(2026, 2, 17)),
        ("last-year", date(2024, 4, 1), date(2025, 3, 31)),
    ],
)
def test_periods_by_name(name, since, until):
    assert named(name, date(2026, 2, 17)) == Period(since, until)


def test_a_period_has_the_days_of_london():
    summer = Period(date(2026, 6, 1), date(2026, 6, 1))
    assert (summer.begins.hour, summer.begins.day, summer.is_over_at.day) == (23, 31, 1)
    for since, until in [(date(2026, 2, 2), date(2026, 2, 1)), (date(1, 1, 1), date(2026, 1, 1))]:
        with pytest.raises(ValueError, match="period"):
            Period(since, until)
    assert named("year", date(2026, 4, 1)) == Period(date(2026, 4, 1), date(2026, 4, 1))
    assert named("rubbish", date(2026, 4, 1)) is None


def test_the_place_of_a_hidden_line_tells_nothing():
    rows = [Row("e", (3,)), Row("b", (4,)), Row("d", (20,)), Row("a", (4,)), Row("f", (4,)), Row("c", (90,))]
    table = tabled(DEFINITION, (Column("Contacts"),), rows).largest_first()
    shown = [(each.label, each.values[0]) for each in table.lines]
    assert shown == [("c", 90), ("d", 20), ("a", None), ("b", None), ("e", None), ("f", None)]
