"""Coming back: soon after the end a referral is opened again; later it is a new one, linked to the old."""

from __future__ import annotations

from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from app.referrals.rules.calendars import end_of, local_day

COUNTED_AS_RE_REFERRAL = relativedelta(months=12)


def is_within_reopening_time(ended_at: datetime, now: datetime, days: int | None) -> bool:
    """Whether it may still be opened again, to the end of the last day; never where the pathway set no days."""
    return days is not None and now < end_of(local_day(ended_at) + timedelta(days=days))


def is_re_referral(ended_at: datetime, sent_at: datetime) -> bool:
    """Whether a new referral of the same person is a re-referral: sent within 12 months of the last one's end."""
    return ended_at <= sent_at and local_day(sent_at) <= local_day(ended_at) + COUNTED_AS_RE_REFERRAL
