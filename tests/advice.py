"""Advice for tests: contacts of a member of staff, with what a test does not say filled in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.advice.codes import Channel, ClientKind, DateKind, Level
from app.advice.details import ToldContact, ToldDate, ToldStep
from app.advice.models import AdviceContact, KeyDate, NextStep
from app.advice.operations.contacts import log_contact
from app.core import clock
from app.core.actor import Actor


def a_contact(session: Session, actor: Actor, **told: Any) -> AdviceContact:
    """Twenty minutes of advice on the phone, today, with somebody who gave no name."""
    plain: dict[str, Any] = {
        "client_kind": ClientKind.NAMED if "person_id" in told else ClientKind.ANONYMOUS,
        "channel": Channel.PHONE,
        "level": Level.ADVICE,
        "minutes": 20,
        "happened_on": clock.today(),
        "issues": ("debt/council-tax",),
    }
    return log_contact(session, actor, ToldContact(**(plain | told)))


def advice_parts(session: Session, actor: Actor) -> dict[str, UUID]:
    """A contact of the actor's organisation with a date and a step; the id of each."""
    told = {"dates": (ToldDate(kind=DateKind.COURT, on=clock.today()),), "steps": (ToldStep(words="Write"),)}
    made = a_contact(session, replace(actor, roles=actor.roles | {Role.ADVISER.value}), **told)
    date = session.scalars(select(KeyDate.id).where(KeyDate.contact_id == made.id)).one()
    step = session.scalars(select(NextStep.id).where(NextStep.contact_id == made.id)).one()
    return {"contact": made.id, "date": date, "step": step}
