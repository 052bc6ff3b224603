"""Which schedule counts: the organisation's newest version, else the shipped one; and that which a plan follows."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.outcomes.models import OutcomePlan, OutcomeSchedule
from app.outcomes.plans import Plan, find_plan, read_plan


def current(session: Session, organization_id: UUID, template: str) -> Plan:
    """What follow-ups that begin today follow."""
    found = newest(session, organization_id, find_plan(template).id)
    return read_plan(found.content) if found else find_plan(template)


def newest(session: Session, organization_id: UUID, template: str) -> OutcomeSchedule | None:
    """The organisation's own newest version; None where it uses the shipped one."""
    return session.scalars(
        select(OutcomeSchedule)
        .where(OutcomeSchedule.organization_id == organization_id, OutcomeSchedule.template == template)
        .order_by(OutcomeSchedule.version.desc())
        .limit(1)
    ).first()


def versions(session: Session, organization_id: UUID, template: str) -> Sequence[OutcomeSchedule]:
    """Every version that the organisation wrote, the newest first."""
    return session.scalars(
        select(OutcomeSchedule)
        .where(OutcomeSchedule.organization_id == organization_id, OutcomeSchedule.template == template)
        .order_by(OutcomeSchedule.version.desc())
    ).all()


def followed(plan: OutcomePlan) -> Plan:
    """What a person's plan follows: what counted when it began, or what it was moved on to."""
    return read_plan(plan.schedule) if plan.schedule else find_plan(plan.template)


def count_running(session: Session, organization_id: UUID, template: str) -> int:
    """How many people's follow-ups run by a template."""
    wanted = (
        select(func.count())
        .select_from(OutcomePlan)
        .where(
            OutcomePlan.organization_id == organization_id,
            OutcomePlan.template == template,
            OutcomePlan.ended_on.is_(None),
        )
    )
    return session.scalar(wanted) or 0
