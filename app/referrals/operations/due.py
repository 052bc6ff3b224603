"""Working out what is due first, whenever something of a referral changed."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core import clock
from app.referrals.models import Referral
from app.referrals.queries.times import definition_for, times_of
from app.referrals.rules.timing import clocks, next_due


def set_due(session: Session, referral: Referral) -> None:
    """Bring `due_at` and `due_clock` up to date; nothing is due of what has ended and been told."""
    told = definition_for(session, referral)
    times = times_of(session, referral, told)
    due = next_due(times, clocks(times, told.clocks, told.nation, now=clock.now()))
    referral.due_at, referral.due_clock = (due.at, due.clock) if due else (None, None)
    session.flush()
