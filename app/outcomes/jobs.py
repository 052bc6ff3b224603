"""Whether jobs were kept: each job has its own clock, and what is due but unconfirmed is never a yes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.outcomes.codes import FormState
from app.outcomes.models import Measurement, MeasurementScore, Occasion, OutcomePlan
from app.outcomes.rules.jobs import JobKept, job_kept
from app.outcomes.schedules import followed
from app.outcomes.scope import in_scope

MEASURE, TEMPLATE, KIND = "job-kept/1", "job-kept", "job kept"


@dataclass(frozen=True, slots=True)
class JobCheck:
    """One job at one check."""

    plan: OutcomePlan
    months: int
    verdict: JobKept


def checks(session: Session, actor: Actor, person_id: UUID) -> list[JobCheck]:
    """Every job of a person at each of its checks."""
    jobs = session.scalars(
        select(OutcomePlan)
        .where(
            in_scope(actor, OutcomePlan.organization_id, OutcomePlan.person_id),
            OutcomePlan.person_id == person_id,
            OutcomePlan.template == TEMPLATE,
        )
        .order_by(OutcomePlan.anchor_on, OutcomePlan.id)
    ).all()
    return [
        JobCheck(job, month, _verdict(session, job, month))
        for job in jobs
        for step in followed(job).steps
        for month in step.months
    ]


def _verdict(session: Session, job: OutcomePlan, months: int) -> JobKept:
    said = session.execute(
        select(Measurement.answered_on, MeasurementScore.band, Occasion.months)
        .join(MeasurementScore, MeasurementScore.measurement_id == Measurement.id)
        .join(Occasion, or_(Occasion.id == Measurement.occasion_id, Occasion.lead_id == Measurement.occasion_id))
        .where(
            Measurement.measure == MEASURE,
            Measurement.state == FormState.COMPLETE,
            Measurement.superseded_at.is_(None),
            Measurement.voided_at.is_(None),
            Occasion.plan_id == job.id,
            Occasion.kind == KIND,
        )
        .order_by(Measurement.answered_on, Measurement.id)
    ).all()
    confirmed = [day for day, band, _months in said if band == "yes"]
    found = job_kept(job.anchor_on, months, today=clock.today(), confirmed_on=confirmed)
    # A "no" says that it had ended by that check, and nothing of the checks before.
    if found is not JobKept.YES and any(band == "no" and checked <= months for _day, band, checked in said):
        return JobKept.NO
    return found
