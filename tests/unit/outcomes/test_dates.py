"""Due dates over month ends, leap years and changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InvalidInput, NotFound
from app.outcomes.measures import WrongDefinition
from app.outcomes.measures.shelf import read_toml
from app.outcomes.plans import HERE, find_plan, plans, read_plan
from app.outcomes.rules.dates import add_months, first_review, merged, occasions, sending_time
from app.outcomes.rules.jobs import JobKept, job_kept


def due(plan: str, anchor: str) -> list[tuple[str, str, str, str]]:
    found = occasions(find_plan(plan), date.fromisoformat(anchor))
    return [(each.kind, str(each.due), str(each.opens), str(each.closes)) for each in found]


@pytest.mark.parametrize(
    ("anchor", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-01-31", 2, "2026-03-31"),  # from the anchor, not from 28 February
        ("2027-11-30", 3, "2028-02-29"),
        ("2025-11-30", 3, "2026-02-28"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2096-02-29", 48, "2100-02-28"),  # 2100 is no leap year
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-12-31", 9, "2027-09-30"),
        ("2026-05-15", 3, "2026-08-15"),
        ("2026-05-15", 0, "2026-05-15"),
    ],
)
def test_calendar_months(anchor: str, months: int, expected: str) -> None:
    assert str(add_months(date.fromisoformat(anchor), months)) == expected


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.integers(0, 60))
def test_the_day_stays_or_is_the_last_of_its_month(anchor: date, months: int) -> None:
    found = add_months(anchor, months)
    assert (found.year * 12 + found.month) - (anchor.year * 12 + anchor.month) == months
    assert found.day == anchor.day or (found.day < anchor.day and (found + timedelta(days=1)).day == 1)


def test_the_end_of_the_calendar_is_said_in_words() -> None:
    with pytest.raises(InvalidInput, match="past the end"):
        add_months(date(9999, 12, 1), 1)
    with pytest.raises(InvalidInput, match="past the end"):
        occasions(find_plan("support"), date(1, 1, 1))


def test_after_the_close() -> None:
    assert due("after-close", "2027-11-30") == [
        ("end", "2027-11-30", "2027-11-16", "2027-12-14"),
        ("satisfaction", "2027-11-30", "2027-11-30", "2027-12-28"),
        ("after", "2028-02-29", "2028-02-22", "2028-03-28"),
        ("after", "2028-05-30", "2028-05-23", "2028-06-27"),
        ("after", "2028-08-30", "2028-08-23", "2028-09-27"),
    ]


def test_while_support_lasts() -> None:
    assert due("support", "2026-01-31") == [
        ("baseline", "2026-01-31", "2026-01-17", "2026-02-14"),
        ("satisfaction", "2026-02-28", "2026-02-28", "2026-03-28"),
        ("review", "2026-04-30", "2026-04-23", "2026-05-21"),
        ("review", "2026-07-31", "2026-07-24", "2026-08-21"),
        ("review", "2026-10-31", "2026-10-24", "2026-11-21"),
        ("review", "2027-01-31", "2027-01-24", "2027-02-21"),
    ]
    assert [each.or_contact for each in occasions(find_plan("support"), date(2026, 1, 31))] == [
        None,
        None,
        6,
        None,
        None,
        None,
    ]


def test_job_kept() -> None:
    assert due("job-kept", "2026-05-31") == [
        ("job kept", "2026-08-31", "2026-08-31", "2026-09-28"),
        ("job kept", "2026-11-30", "2026-11-30", "2026-12-28"),
        ("job kept", "2027-02-28", "2027-02-28", "2027-03-28"),
    ]


def test_the_window_takes_its_edges() -> None:
    after = occasions(find_plan("after-close"), date(2026, 1, 31))[2]
    assert [
        after.takes(day) for day in (date(2026, 4, 22), date(2026, 4, 23), date(2026, 5, 28), date(2026, 5, 29))
    ] == [
        False,
        True,
        True,
        False,
    ]


def test_messages_keep_the_clock_of_london_and_leave_sundays_alone() -> None:
    # 29 March 2026 is a Sunday, and the clocks go forward that night; 25 October likewise, back.
    spring = occasions(find_plan("job-kept"), date(2025, 12, 29))[0]
    assert spring.due == date(2026, 3, 29)
    assert spring.invite_at == datetime(2026, 3, 30, 8, tzinfo=UTC)
    autumn = occasions(find_plan("job-kept"), date(2026, 7, 24))[0]
    assert autumn.invite_at == datetime(2026, 10, 24, 8, tzinfo=UTC)  # Saturday, still summer time
    assert autumn.remind_at == (datetime(2026, 10, 27, 9, tzinfo=UTC), datetime(2026, 11, 2, 9, tzinfo=UTC))
    assert autumn.call_on == date(2026, 11, 7)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.sampled_from(sorted(plans())))
def test_everything_sent_falls_into_the_window_and_the_hours(anchor: date, plan: str) -> None:
    for each in occasions(find_plan(plan), anchor):
        assert each.opens <= each.due <= each.closes
        for instant in (each.invite_at, *each.remind_at):
            assert sending_time(instant) == instant
        assert list(each.remind_at) == sorted(each.remind_at)
        assert each.call_on is None or each.remind_at[-1].date() < each.call_on


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-06-05T07:59:00+00:00", "2026-06-05T08:00:00+00:00"),  # 08:59 on a Friday in summer
        ("2026-06-05T17:59:00+00:00", "2026-06-05T17:59:00+00:00"),  # 18:59
        ("2026-06-05T18:00:00+00:00", "2026-06-06T08:00:00+00:00"),  # 19:00
        ("2026-06-06T18:00:00+00:00", "2026-06-08T08:00:00+00:00"),  # Saturday evening: Monday
        ("2026-06-07T02:00:00+00:00", "2026-06-08T08:00:00+00:00"),  # Sunday before nine
        ("2026-06-07T12:00:00+00:00", "2026-06-08T08:00:00+00:00"),  # Sunday noon
        ("2026-06-07T23:30:00+00:00", "2026-06-08T08:00:00+00:00"),  # already Monday in London
        ("2026-03-28T19:00:00+00:00", "2026-03-30T08:00:00+00:00"),  # over the night of the change
        ("2026-10-24T18:30:00+00:00", "2026-10-26T09:00:00+00:00"),
        ("2026-12-01T09:00:00+00:00", "2026-12-01T09:00:00+00:00"),
    ],
)
def test_when_a_message_may_go(instant: str, expected: str) -> None:
    assert sending_time(datetime.fromisoformat(instant)) == datetime.fromisoformat(expected)


def test_one_message_for_all_that_is_due_within_seven_days_and_can_be_answered_by_then() -> None:
    closing = occasions(find_plan("after-close"), date(2026, 1, 31))
    sooner, later = (occasions(find_plan("job-kept"), day) for day in (date(2026, 1, 25), date(2026, 2, 7)))
    groups = merged([*closing, *sooner], 7)
    assert [[(each.kind, str(each.due)) for each in group] for group in groups][:3] == [
        [("end", "2026-01-31"), ("satisfaction", "2026-01-31")],
        [("job kept", "2026-04-25"), ("after", "2026-04-30")],
        [("job kept", "2026-07-25"), ("after", "2026-07-31")],
    ]
    assert [len(group) for group in merged([*closing, *sooner], 4)][1:3] == [1, 1]
    assert merged([], 7) == []
    # That a job was kept so long can be said on that day, and not before.
    apart = merged([*closing, *later], 7)
    assert [[each.kind for each in group] for group in apart][1:3] == [["after"], ["job kept"]]


def test_a_review_comes_at_contact_6_if_that_is_sooner() -> None:
    planned, contacts = date(2026, 4, 30), [date(2026, 2, day) for day in (1, 8, 15, 22, 26)]
    assert first_review(planned, contacts, 6) == planned
    assert first_review(planned, [date(2026, 3, 5), *contacts], 6) == date(2026, 3, 5)
    assert first_review(planned, [date(2026, 5, 1), *contacts], 6) == planned


STARTED = date(2026, 5, 31)


@pytest.mark.parametrize(
    ("months", "today", "confirmed", "ended", "expected"),
    [
        (3, "2026-08-30", [], None, JobKept.NOT_YET_DUE),
        (3, "2026-08-31", [], None, JobKept.UNKNOWN),
        (3, "2027-08-31", ["2026-08-30"], None, JobKept.UNKNOWN),
        (3, "2026-08-31", ["2026-08-31"], None, JobKept.YES),
        (3, "2027-01-01", ["2026-12-01"], None, JobKept.YES),  # a later confirmation proves the earlier check
        (9, "2027-01-01", ["2026-12-01"], None, JobKept.NOT_YET_DUE),
        (3, "2026-08-01", [], "2026-07-01", JobKept.NO),
        (6, "2026-12-01", [], "2026-11-29", JobKept.NO),
        (6, "2026-12-01", [], "2026-11-30", JobKept.YES),
        (3, "2026-08-01", [], "2026-09-15", JobKept.NOT_YET_DUE),  # notice is given: nothing is kept before it is due
        (3, "2026-08-01", ["2026-09-15"], None, JobKept.NOT_YET_DUE),
    ],
)
def test_due_and_unconfirmed_is_never_yes(
    months: int, today: str, confirmed: list[str], ended: str | None, expected: JobKept
) -> None:
    found = job_kept(
        STARTED,
        months,
        today=date.fromisoformat(today),
        confirmed_on=map(date.fromisoformat, confirmed),
        ended_on=date.fromisoformat(ended) if ended else None,
    )
    assert found is expected


def test_plans_are_found_however_they_are_written() -> None:
    assert find_plan("Job_Kept") is find_plan("job-kept") is find_plan(" job  kept ")
    assert find_plan("after") is find_plan("after-close")
    for wrong in ("forever", "", "-"):
        with pytest.raises(NotFound, match="after-close, course-completed, group-attended, job-kept, once, support"):
            find_plan(wrong)


@pytest.mark.parametrize(
    "change",
    [
        {"steps": []},
        {"steps": [{"kind": "x", "months": [3, 3], "after": 1}]},
        {"steps": [{"kind": "x", "months": [-1], "after": 1}]},
        {"steps": [{"kind": "x", "months": [1], "after": -1}]},
        {"steps": [{"kind": "x", "months": [1], "after": 1, "befor": 2}]},
        {"messages": {"reminders": [8, 3], "call": 14, "close": 28, "merge_within": 7}},
        {"version": "1"},
        {"more": 1},
    ],
)
def test_a_plan_that_cannot_be_followed_is_refused(change: dict[str, Any]) -> None:
    data = read_toml(HERE / "job-kept.1.toml")
    read_plan(data)
    with pytest.raises(WrongDefinition):
        read_plan(data | change)
