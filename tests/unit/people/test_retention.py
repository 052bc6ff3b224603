"""Until when records are kept."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people.codes import RetentionClass
from app.people.operations.requests import one_month_after
from app.people.rules.retention import kept_until, years_after

ADULT, CHILD, MENTAL = RetentionClass.ADULT, RetentionClass.CHILD, RetentionClass.MENTAL_HEALTH
BEGUN = date(2025, 7, 1)


@pytest.mark.parametrize(
    ("retention", "seen", "born", "died", "until"),
    [
        (ADULT, "2026-02-28", None, None, "2034-02-28"),
        (ADULT, "2024-02-29", None, None, "2032-02-29"),
        (MENTAL, "2026-05-01", "1980-01-01", None, "2046-05-01"),
        (MENTAL, "2026-05-01", "1980-01-01", "2026-06-01", "2036-06-01"),
        (MENTAL, None, None, "2026-06-01", "2036-06-01"),
        (CHILD, "2026-05-01", "2015-03-02", None, "2040-03-02"),  # seen at 11: the 25th birthday
        (CHILD, "2026-05-01", "2008-09-01", None, "2034-09-01"),  # seen at 17: the 26th
        (CHILD, "2026-05-01", "2008-05-02", None, "2034-05-02"),  # the day before the 18th birthday
        (CHILD, "2026-05-01", "2001-01-01", None, "2034-05-01"),  # eight years are longer
        (CHILD, "2026-05-01", None, None, "2034-05-01"),
    ],
)
def test_the_day_is_the_one_of_the_code(retention, seen, born, died, until):
    day = {"last_seen": seen, "born": born, "died": died}
    told = {name: date.fromisoformat(value) if value else None for name, value in day.items()}
    assert kept_until(retention, begun=BEGUN, **told) == date.fromisoformat(until)


@pytest.mark.parametrize(("retention", "until"), [(ADULT, "2033-07-01"), (CHILD, "2033-07-01"), (MENTAL, "2045-07-01")])
def test_of_who_was_never_seen_it_counts_from_the_begin_of_the_record(retention, until):
    assert kept_until(retention, begun=BEGUN) == date.fromisoformat(until)


def test_who_is_seen_on_29_february_is_kept_to_1_march():
    assert years_after(date(2024, 2, 29), 25) == date(2049, 3, 1)


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.sampled_from(RetentionClass))
def test_a_later_visit_never_shortens_the_time(seen, retention):
    later = years_after(seen, 1)
    assert kept_until(retention, begun=BEGUN, last_seen=seen) < kept_until(retention, begun=BEGUN, last_seen=later)


@pytest.mark.parametrize(
    ("asked", "due"), [("2026-01-31", "2026-02-28"), ("2024-01-31", "2024-02-29"), ("2026-12-15", "2027-01-15")]
)
def test_a_month_ends_on_the_same_day_or_the_last(asked, due):
    assert one_month_after(date.fromisoformat(asked)) == date.fromisoformat(due)
