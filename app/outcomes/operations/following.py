"""Follow-ups that begin because something happened: support ended, a course was completed, a group was attended."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.actor import SYSTEM
from app.core.text import shorten
from app.outcomes.codes import EndReason
from app.outcomes.measures import find_measure
from app.outcomes.models import MeasureChoice, OutcomePlan
from app.outcomes.operations.choices import is_usable
from app.outcomes.operations.planning import end_plan, start_plan
from app.people.codes import PermissionKind
from app.people.models import Person
from app.people.queries import standings

LONGEST_LABEL = 80


def follow_up(  # noqa: PLR0913 - what follow-ups are made of
    session: Session,
    organization_id: UUID,
    person_id: UUID,
    *,
    template: str,
    anchor_on: date,
    label: str = "",
    owner_id: UUID | None = None,
    anew: bool = False,
) -> OutcomePlan | None:
    """Plan what is asked now that something happened: the template's own questions, and what is measured already.

    Nothing without the permission to get in touch later. The same thing happening again is the plan there is;
    `anew`, where its end was moved, ends that plan and begins another. Two that come at once wait for each other.
    """
    label = shorten(label, LONGEST_LABEL)
    session.execute(select(Person.id).where(Person.id == person_id).order_by(Person.id).with_for_update())
    if not standings(session, person_id)[PermissionKind.FOLLOW_UP].in_force:
        return None
    known = _known(session, organization_id, person_id, template, label)
    if known is not None and (not anew or known.anchor_on == anchor_on):
        return known
    if known is not None:
        end_plan(session, SYSTEM, known, EndReason.FINISHED)
    return start_plan(
        session,
        SYSTEM,
        person_id,
        template=template,
        anchor_on=anchor_on,
        measures=_measured(session, organization_id, person_id),
        owner_id=owner_id,
        organization_id=organization_id,
        label=label,
    )


def _known(session: Session, organization_id: UUID, person_id: UUID, template: str, label: str) -> OutcomePlan | None:
    return session.scalars(
        select(OutcomePlan)
        .where(
            OutcomePlan.organization_id == organization_id,
            OutcomePlan.person_id == person_id,
            OutcomePlan.template == template,
            OutcomePlan.label == label,
        )
        .order_by(OutcomePlan.anchor_on.desc(), OutcomePlan.id)
    ).first()


def _measured(session: Session, organization_id: UUID, person_id: UUID) -> list[str]:
    chosen = session.scalars(
        select(MeasureChoice.measure)
        .where(
            MeasureChoice.organization_id == organization_id,
            MeasureChoice.person_id == person_id,
            MeasureChoice.ended_on.is_(None),
        )
        .order_by(MeasureChoice.measure)
    ).all()
    return [reference for reference in chosen if is_usable(session, organization_id, find_measure(reference))]
