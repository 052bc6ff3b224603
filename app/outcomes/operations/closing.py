"""Staff end an occasion without an answer: what was begun counts as far as it goes."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.outcomes.codes import SETTLED, CloseReason
from app.outcomes.models import Occasion
from app.outcomes.operations.answering import finish_begun
from app.outcomes.operations.occasions import close, group_of, lead_of, lock


def end_without_answer(session: Session, actor: Actor, occasion: Occasion, reason: CloseReason) -> None:
    """End it with the reason; with the last of those asked for together the forms that were begun are scored."""
    lead = lead_of(session, occasion)
    lock(session, lead)
    if all(each.id == occasion.id for each in group_of(session, lead) if each.state not in SETTLED):
        finish_begun(session, actor, lead)
    close(session, actor, occasion, reason)
