"""What the worker does for outcomes."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.notifications.worker import sweep
from app.outcomes import sending
from app.outcomes.operations import escalate_overdue, moving_on
from app.outcomes.operations.staying_in_reach import let_go_of_what_is_over
from app.outcomes.rules.invitations import Action
from app.web.database import READ, db

log = logging.getLogger(__name__)
EVERY = timedelta(minutes=10)
DAILY = timedelta(days=1)
EVERY_MINUTE = timedelta(minutes=1)
MOVES_ON = frozenset({Action.INVITE, Action.REMIND, Action.CLOSE})


@sweep("follow-ups", every=EVERY)
def attend_to_follow_ups() -> int:
    """Invite, remind and close what is due; each leading occasion in a transaction of its own."""
    with Session(db.engines[READ]) as session:
        leads = sending.due_leads(session)
    return sum(_attend_to(lead_id) for lead_id in leads)


def _attend_to(lead_id: UUID) -> bool:
    """Says whether it was moved on. One that fails is left for the next round and does not keep the others waiting."""
    with Session(db.engines[None]) as session:
        try:
            step = sending.attend_to(session, lead_id)
            session.commit()
        except Exception:
            session.rollback()
            log.exception("a follow-up was not attended to")
            return False
        return step is not None and step.action in MOVES_ON


@sweep("follow-ups that are over", every=DAILY)
def let_go() -> int:
    """Whoever followed up somebody whose record is another's sees them no longer once that is over."""
    with Session(db.engines[None]) as session:
        done = let_go_of_what_is_over(session)
        session.commit()
        return done


@sweep("follow-ups on a new schedule", every=EVERY_MINUTE)
def move_follow_ups_on() -> int:
    """Move running follow-ups on to a schedule that was changed, where there are more than a page can wait for."""
    with Session(db.engines[None]) as session:
        done = moving_on.go_on(session)
        session.commit()
        return done


@sweep("safety alerts", every=EVERY_MINUTE)
def pass_on_alerts() -> int:
    """Pass on alerts that nobody acknowledged in time."""
    with Session(db.engines[None]) as session:
        done = escalate_overdue(session)
        session.commit()
        return done
