"""Opening again, and coming back later."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.referrals.rules.returning import is_re_referral, is_within_reopening_time


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "days", "may"),
    [
        ("2026-04-03T22:59", 14, True),  # summer time began meanwhile
        ("2026-04-03T23:00", 14, False),
        ("2026-03-20T12:00", None, False),
        ("2026-03-20T12:00", 0, True),
    ],
)
def test_opening_again(now: str, days: int | None, may: bool) -> None:
    assert is_within_reopening_time(utc("2026-03-20T09:00"), utc(now), days) is may


@pytest.mark.parametrize(
    ("sent", "counts"),
    [("2027-03-20T23:59", True), ("2027-03-21T00:00", False), ("2026-03-20T08:59", False), ("2026-03-20T09:00", True)],
)
def test_coming_back(sent: str, counts: bool) -> None:
    assert is_re_referral(utc("2026-03-20T09:00"), utc(sent)) is counts
