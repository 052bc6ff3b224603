"""Counts as they may be told, held against the published rule written out once more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.small_numbers import told, told_parts, told_share
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


@pytest.mark.parametrize("evil", ["=1+1", "+44+1", "-2+3", "@SUM(A1)", "\tx", "\rx", "\n=x"])
def test_no_cell_is_a_formula(evil):
    assert line([evil]).lstrip('"').startswith("'")
    assert line([-2, 3.5, "-12.50"]) == "-2,3.5,-12.50\r\n"
