"""How far people came who were asked, kept with the leading occasion: derived, and made anew at any time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, false, func, null, or_, select, true, update
from sqlalchemy.orm import Session

from app.outcomes.codes import Mode
from app.outcomes.models import Measurement, Occasion, OutcomeInvitation


def note_mode(session: Session, occasion_id: UUID) -> None:
    """Whether its forms were answered by link, after one of them was begun or taken back."""
    lead = session.get_one(Occasion, occasion_id)
    lead.by_link = session.scalar(select(_by_link(occasion_id)))
    session.flush()


def rebuild(session: Session) -> int:
    """Put right every occasion that differs from its messages and forms; says how many did."""
    written = {"asked_by": _asked_by(), "opened_at": _opened_at(), "by_link": _by_link(Occasion.id)}
    changed = session.execute(
        update(Occasion)
        .where(differs())
        .values(written)
        .returning(Occasion.id)
        .execution_options(synchronize_session=False)
    )
    return len(changed.all())


def differs() -> ColumnElement[bool]:
    """Occasions whose columns are not what their messages and forms say. A first look is known to be one, not when."""
    return or_(
        Occasion.asked_by.is_distinct_from(_asked_by()),
        and_(Occasion.opened_at.is_(None), _opened_at().is_not(None)),
        and_(Occasion.opened_at.is_not(None), _opened_at().is_(None)),
        Occasion.by_link.is_distinct_from(_by_link(Occasion.id)),
    )


def _asked_by() -> Any:
    """The channel of the last message about it."""
    return (
        select(OutcomeInvitation.channel)
        .where(OutcomeInvitation.occasion_id == Occasion.id)
        .order_by(OutcomeInvitation.number.desc(), OutcomeInvitation.created_at.desc(), OutcomeInvitation.id)
        .limit(1)
        .correlate(Occasion)
        .scalar_subquery()
    )


def _opened_at() -> Any:
    return (
        select(func.min(OutcomeInvitation.opened_at))
        .where(OutcomeInvitation.occasion_id == Occasion.id)
        .correlate(Occasion)
        .scalar_subquery()
    )


def _by_link(occasion_id: Any) -> ColumnElement[bool]:
    standing = (
        select(Measurement.id)
        .where(
            Measurement.occasion_id == occasion_id,
            Measurement.superseded_at.is_(None),
            Measurement.voided_at.is_(None),
        )
        .correlate(Occasion)
    )
    return case(
        (standing.where(Measurement.mode == Mode.LINK).exists(), true()), (standing.exists(), false()), else_=null()
    )
