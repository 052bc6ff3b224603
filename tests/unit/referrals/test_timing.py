"""Which clocks of a referral run, from its times: over both changes of the clock, and Easter in the three nations."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.core.clock import LONDON
from app.referrals.codes import ClockKind, Nation, Status
from app.referrals.rules.clocks import DEFAULTS, Threshold, Unit
from app.referrals.rules.timing import Due, Times, clocks, next_due

EW, SC, NI = Nation.ENGLAND_AND_WALES, Nation.SCOTLAND, Nation.NORTHERN_IRELAND
LIMITS = DEFAULTS | {
    ClockKind.FIRST_24_HOURS: Threshold(24, Unit.HOURS),
    ClockKind.FIRST_7_DAYS: Threshold(7, Unit.DAYS),
    ClockKind.DECISION: None,
}
DAY = timedelta(days=1)


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def due(times: Times, nation: Nation = EW, *, now: datetime | None = None) -> dict[ClockKind, str]:
    """When each clock that runs runs out, on the wall in London."""
    at = now or (times.accepted_at or times.sent_at or london("2026-01-01T00:00"))
    read = clocks(times, LIMITS, nation, now=at)
    found = {kind: clock.without_pauses.due_at for kind, clock in read.items()}
    return {kind: f"{at.astimezone(LONDON):%Y-%m-%d %H:%M}" for kind, at in found.items() if at is not None}


@pytest.mark.parametrize(
    ("sent", "nation", "expected"),
    [
        ("2026-04-02T16:00", EW, "2026-04-09 00:00"),  # Maundy Thursday; Good Friday and Easter Monday are free
        ("2026-04-02T16:00", SC, "2026-04-08 00:00"),  # in Scotland Easter Monday is not
        ("2026-04-02T16:00", NI, "2026-04-09 00:00"),
        ("2026-03-16T16:00", NI, "2026-03-20 00:00"),  # St Patrick's Day between
        ("2026-03-16T16:00", EW, "2026-03-19 00:00"),
        ("2026-11-27T16:00", SC, "2026-12-03 00:00"),  # St Andrew's Day between
        ("2026-11-27T16:00", EW, "2026-12-02 00:00"),
        ("2026-12-24T16:00", EW, "2026-12-31 00:00"),  # Boxing Day is a Saturday: the Monday stands in for it
        ("2026-03-27T16:00", EW, "2026-04-01 00:00"),  # summer time begins on the Sunday between
        ("2026-10-23T16:00", EW, "2026-10-28 00:00"),  # and ends on this one
    ],
)
def test_to_be_read_within_two_working_days(sent, nation, expected):
    assert due(Times(status=Status.SENT, sent_at=london(sent)), nation)[ClockKind.ACKNOWLEDGE] == expected


@pytest.mark.parametrize(
    ("accepted", "in_24_hours", "in_7_days"),
    [
        ("2026-03-28T12:00", "2026-03-29 13:00", "2026-04-05 00:00"),  # a day of 23 hours
        ("2026-10-24T12:00", "2026-10-25 11:00", "2026-11-01 00:00"),  # a day of 25 hours
        ("2026-10-25T00:30", "2026-10-25 23:30", "2026-11-02 00:00"),
        (
            "2026-04-02T23:30",
            "2026-04-03 23:30",
            "2026-04-10 00:00",
        ),  # Good Friday counts
    ],
)
def test_the_checklists_over_both_changes_of_the_clock(accepted, in_24_hours, in_7_days):
    begun = london(accepted)
    times = Times(
        status=Status.ACCEPTED,
        sent_at=begun - DAY,
        decided_at=begun,
        accepted_at=begun,
        checklists={ClockKind.FIRST_24_HOURS: None, ClockKind.FIRST_7_DAYS: None},
    )
    found = due(times)
    assert (found[ClockKind.FIRST_24_HOURS], found[ClockKind.FIRST_7_DAYS]) == (in_24_hours, in_7_days)


SENT = london("2026-06-01T10:00")


@pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHDRAWN, Status.ERROR])
def test_what_is_not_under_way_has_no_clock(status):
    assert clocks(Times(status=status, sent_at=SENT, ended_at=SENT), LIMITS, EW, now=SENT) == {}


def test_to_decide_is_to_have_read():
    times = Times(status=Status.ACCEPTED, sent_at=SENT, decided_at=SENT + DAY, accepted_at=SENT + DAY)
    read = clocks(times, LIMITS, EW, now=SENT + 9 * DAY)
    assert read[ClockKind.ACKNOWLEDGE].without_pauses.state == "met"
    earlier = replace(times, acknowledged_at=SENT + DAY / 2)
    assert clocks(earlier, LIMITS, EW, now=SENT + 9 * DAY)[ClockKind.ACKNOWLEDGE].without_pauses.state == "met"


def test_a_clock_that_can_no_longer_stop_is_left_out_and_the_loop_begins():
    ended = SENT + 3 * DAY
    times = Times(status=Status.REJECTED, sent_at=SENT, acknowledged_at=SENT, decided_at=ended, ended_at=ended)
    read = clocks(times, LIMITS, EW, now=ended)
    assert ClockKind.INITIAL_CONTACT not in read
    assert due(times, now=ended)[ClockKind.LOOP] == "2026-06-12 00:00"  # five working days after the Thursday
    done = replace(times, loop_closed_at=ended + DAY)
    assert next_due(done, clocks(done, LIMITS, EW, now=ended + 30 * DAY)) is None


def test_reviews_and_frequency_run_from_the_last_of_their_kind_and_only_at_work():
    times = Times(status=Status.ACTIVE, sent_at=SENT, decided_at=SENT, accepted_at=SENT, first_contact_at=SENT,
                  started_at=SENT)  # fmt: skip
    limits = LIMITS | {ClockKind.FREQUENCY: Threshold(7, Unit.DAYS), ClockKind.REVIEW: Threshold(3, Unit.MONTHS)}
    first = clocks(times, limits, EW, now=SENT)
    later = clocks(replace(times, last_contact_at=SENT + 5 * DAY), limits, EW, now=SENT + 5 * DAY)
    frequency = [each[ClockKind.FREQUENCY].without_pauses.due_at for each in (first, later)]
    assert frequency[1] - frequency[0] == 5 * DAY
    assert ClockKind.FREQUENCY not in clocks(replace(times, status=Status.WAITING), limits, EW, now=SENT)


def test_carers_are_asked_again_a_time_after_they_were_asked_and_only_where_there_are_any():
    times = Times(status=Status.ACTIVE, sent_at=SENT, started_at=SENT, has_carer=True)
    limits = {ClockKind.CARERS_REVIEW: Threshold(12, Unit.MONTHS)}
    first = clocks(times, limits, EW, now=SENT)
    later = clocks(replace(times, carers_asked_at=SENT + 5 * DAY), limits, EW, now=SENT + 5 * DAY)
    due_at = [each[ClockKind.CARERS_REVIEW].without_pauses.due_at for each in (first, later)]
    assert due_at[1] - due_at[0] == 5 * DAY
    assert ClockKind.CARERS_REVIEW not in clocks(replace(times, has_carer=False), limits, EW, now=SENT)


def test_the_first_to_run_out_is_what_is_due():
    times = Times(status=Status.SENT, sent_at=SENT)
    limits = LIMITS | {ClockKind.INITIAL_CONTACT: Threshold(1, Unit.DAYS)}
    found = next_due(times, clocks(times, limits, EW, now=SENT))
    assert found == Due(london("2026-06-03T00:00"), ClockKind.INITIAL_CONTACT)


@pytest.mark.parametrize(
    ("status", "day", "kind", "at"),
    [
        (Status.PAUSED, "2026-10-24", ClockKind.REVIEW, "2026-10-25T00:00"),
        (Status.PAUSED, "2026-10-25", ClockKind.REVIEW, "2026-10-26T00:00"),  # the day of 25 hours ends at its midnight
        (Status.WAITING, "2026-03-29", ClockKind.WAITING_CHECK_IN, "2026-03-30T00:00"),  # and that of 23
    ],
)
def test_who_is_paused_or_waits_is_looked_at_by_the_end_of_the_day(status, day, kind, at):
    told = {Status.PAUSED: "review_by", Status.WAITING: "next_check_on"}[status]
    times = Times(status=status, sent_at=SENT, **{told: date.fromisoformat(day)})
    assert next_due(times, {}) == Due(london(at), kind)
    assert next_due(replace(times, status=Status.COMPLETED), {}) is None
