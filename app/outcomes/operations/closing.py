"""Staff end an occasion without an answer: what was begun counts as far as it goes."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.outcomes.codes import SETTLED, CloseReason
from app.outcomes.models import Occasion
from app.outcomes.operations.answering import finish_begun
from app.outcomes.operations.occasions import close, group_of, lead_of, lock, measures_of, set_aside


def end_without_answer(session: Session, actor: Actor, occasion: Occasion, reason: CloseReason) -> None:
    """End it with the reason; with the last of those asked for together the forms that were begun are scored."""
    lead = lead_of(session, occasion)
    lock(session, lead)
    if not _asked_with(session, lead, occasion):
        finish_begun(session, actor, lead)
    close(session, actor, occasion, reason)


def take_out(session: Session, actor: Actor, occasion: Occasion) -> None:
    """Ask for it no more: its link asks nothing of it from now on, so the forms that only it asked for are scored."""
    lead = lead_of(session, occasion)
    lock(session, lead)
    if occasion.state not in SETTLED:
        finish_begun(session, actor, lead, but=measures_of(_asked_with(session, lead, occasion)))
    set_aside(session, actor, occasion)


def _asked_with(session: Session, lead: Occasion, occasion: Occasion) -> list[Occasion]:
    """What else waits for an answer by the same link."""
    return [each for each in group_of(session, lead) if each.id != occasion.id and each.state not in SETTLED]
