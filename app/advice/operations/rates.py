"""The links to rates of benefits: opened and found right."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.advice.details import worker_of
from app.advice.models import RatesCheck
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor

SUBJECT = "advice_rates_check"


def note_rates_check(session: Session, actor: Actor) -> RatesCheck:
    """Write down that the actor opened the links today and that they lead where they should."""
    worker = worker_of(actor)
    made = RatesCheck(organization_id=worker.organization_id, user_id=worker.user_id, checked_on=clock.today())
    session.add(made)
    session.flush()
    record(session, actor, Action.CREATED, (SUBJECT, made.id))
    return made
