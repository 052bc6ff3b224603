"""Addresses that people left to hear an answer: forgotten where none came for half a year."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core import clock
from app.directory.models import ListingSuggestion, ProblemReport, Proposal

KEPT = timedelta(days=180)


def forget_addresses(session: Session) -> int:
    """Forget those that have waited too long; what was told stays. Returns how many."""
    return sum(
        len(
            session.scalars(
                update(told)
                .where(told.reply_to.is_not(None), told.created_at < clock.now() - KEPT)
                .values(reply_to=None)
                .returning(told.id)
            ).all()
        )
        for told in (ProblemReport, Proposal, ListingSuggestion)
    )
