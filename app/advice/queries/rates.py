"""When the links to rates of benefits were last opened, within the actor's organisation."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.advice.models import RatesCheck
from app.advice.scope import within
from app.core.actor import Actor


def last_rates_check(session: Session, actor: Actor) -> RatesCheck | None:
    """The last time, with who it was."""
    return session.scalars(
        select(RatesCheck)
        .where(within(actor, RatesCheck.organization_id))
        .options(joinedload(RatesCheck.user))
        .order_by(RatesCheck.checked_on.desc(), RatesCheck.created_at.desc(), RatesCheck.id)
        .limit(1)
    ).first()
