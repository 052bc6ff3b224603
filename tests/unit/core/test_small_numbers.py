"""Counts as they may be told, held against the published rule written out once more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.small_numbers import LARGEST_HIDDEN, is_small, told, told_over, told_parts, told_share
from app.core.spreadsheet import line

COUNTS = st.integers(0, 60)


@pytest.mark.parametrize(
    ("count", "expected"), [(0, 0), (1, None), (7, None), (8, 10), (12, 10), (13, 15), (17, 15), (18, 20), (500, 500)]
)
def test_one_to_seven_are_hidden_and_the_rest_is_rounded_to_five(count, expected):
    assert told(count) == expected


def test_a_single_hidden_part_takes_the_smallest_other_with_it():
    assert told_parts([20, 3, 12]) == [20, None, None]
    assert told_parts([20, 3, 0]) == [None, None, None]
    assert told_parts([3, 7, 20]) == [None, None, 20]
    assert told_parts([20, 10, 0]) == [20, 10, 0]
    assert told_parts([3]) == [None]


@given(st.lists(COUNTS, min_size=2, max_size=6))
def test_no_hidden_part_can_be_worked_out(parts):
    shown = told_parts(parts)
    assert shown.count(None) != 1
    assert all(value is None for value, part in zip(shown, parts, strict=True) if 1 <= part <= 7)
    assert all(value is None or abs(value - part) <= 2 for value, part in zip(shown, parts, strict=True))


def test_a_share_is_of_ten_or_more_and_never_of_a_hidden_part():
    assert told_share(9, 9) is None
    assert told_share(7, 40) is None
    assert told_share(8, 40) == 20
    assert told_share(0, 10) == 0


# Nobody, whatever is hidden, and each remainder that rounding to 5 leaves: every way in which quarters can make a year.
QUARTERS = tuple(combinations_with_replacement(range(13), 4))


def small_quarters(told_year, *, adds_up) -> Iterator[tuple[object, set[int]]]:
    """For each thing a reader can be told of a year and its quarters: what a hidden quarter can have been."""
    found = defaultdict(set)
    for quarters in QUARTERS:
        totals = (sum(quarters),) if adds_up else range(max(quarters), sum(quarters) + 1)
        for total in totals:
            shown = [told(each) for each in quarters]
            read = (*sorted(each for each in shown if each is not None), told_year(total, shown))
            if read[-1] is not None:
                found[read] |= {each for each in quarters if is_small(each)}
    return ((read, values) for read, values in found.items() if values)


@pytest.mark.parametrize("adds_up", [True, False])
def test_a_year_less_its_quarters_leaves_each_hidden_one_wholly_open(adds_up):
    def told_year(total, shown):
        return told_over(total, shown, adds_up=adds_up)

    everything = set(range(1, LARGEST_HIDDEN + 1))
    assert all(values == everything for _read, values in small_quarters(told_year, adds_up=adds_up))


def test_rounding_alone_would_give_a_hidden_quarter_away():
    found = dict(small_quarters(lambda total, _shown: told(total), adds_up=True))
    assert {1} in found.values()
    assert told_over(17, [10, 10, None]) == 25
    assert (told(8), told(8), told(1), told(8 + 8 + 1)) == (10, 10, None, 15)


@pytest.mark.parametrize("adds_up", [True, False])
def test_a_year_is_never_far_from_its_count(adds_up):
    for quarters in QUARTERS:
        total = sum(quarters)
        year = told_over(total, [told(each) for each in quarters], adds_up=adds_up)
        assert (year is None) == is_small(total)
        assert year is None or abs(year - total) <= 8
        if not any(is_small(each) for each in quarters):
            assert year == told(total)


def test_a_quarter_that_is_hidden_only_beside_others_moves_nothing():
    assert told_over(142, [35, 35, 35, None]) == 140
    assert told_over(60, [None, None, 10]) == 60


@pytest.mark.parametrize("evil", ["=1+1", "+44+1", "-2+3", "@SUM(A1)", "\tx", "\rx", "\n=x"])
def test_no_cell_is_a_formula(evil):
    assert line([evil]).lstrip('"').startswith("'")
    assert line([-2, 3.5, "-12.50"]) == "-2,3.5,-12.50\r\n"
