"""What outcomes keep of a person: for the record's timeline, a copy of everything, merging and erasing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.actor import Actor, ActorKind
from app.core.clock import LONDON
from app.notifications import operations as outbox
from app.notifications.about import About
from app.outcomes.codes import FormState
from app.outcomes.measures import find_measure
from app.outcomes.models import (
    Answer,
    AttendedContact,
    MeasureChoice,
    Measurement,
    Occasion,
    OccasionReopening,
    OutcomePlan,
    OutcomePoint,
    OutsideResult,
    OwnGoal,
    SafetyAlert,
)
from app.outcomes.operations.occasions import SUBJECT
from app.outcomes.scope import in_scope
from app.outcomes.showing import asked_scores
from app.people.models import Person
from app.people.parts import ExportItem, RecordAction, RecordPart, TimelineEntry, register
from app.people.scope import READERS


def timeline(session: Session, actor: Actor, person_id: UUID) -> Iterable[TimelineEntry]:
    """When a form was answered; never what came out."""
    wanted = select(Measurement).where(
        Measurement.person_id == person_id,
        Measurement.state != FormState.DRAFT,
        Measurement.superseded_at.is_(None),
        Measurement.voided_at.is_(None),
    )
    if actor.kind is not ActorKind.PERSON:
        wanted = wanted.where(in_scope(actor, Measurement.organization_id, Measurement.person_id))
    for form in session.scalars(wanted.order_by(Measurement.answered_on, Measurement.id)):
        measure = find_measure(form.measure)
        yield TimelineEntry(
            at=form.finished_at or form.created_at,
            words=str(_("Questions answered: %(title)s", title=measure.title)),
            url=f"/desk/people/{person_id}/outcomes/{measure.id}.{measure.version}" if actor.is_staff else "",
        )


def export(session: Session, person_id: UUID) -> Iterable[ExportItem]:
    """Every form with its answers and scores, goals in their own words; what staff wrote is read before it goes out."""
    forms = session.scalars(
        select(Measurement).where(Measurement.person_id == person_id).order_by(Measurement.answered_on, Measurement.id)
    )
    for form in forms:
        measure = find_measure(form.measure)
        answers = [
            (each.item, each.words or str(each.raw_code if each.raw_code is not None else each.kind))
            for each in form.answers
        ]
        scores = [
            (each.key, f"{each.value if each.value is not None else ''} {each.band or ''}".strip())
            for each in asked_scores(measure, form)
        ]
        at = datetime.combine(form.answered_on, time(12), LONDON)
        yield ExportItem(heading=measure.title, at=at, lines=[*answers, *scores])
    goals = session.scalars(
        select(OwnGoal).where(OwnGoal.person_id == person_id).order_by(OwnGoal.created_at, OwnGoal.id)
    )
    if lines := [(str(_("Goal %(number)s", number=goal.number)), goal.words) for goal in goals]:
        yield ExportItem(heading=str(_("Own goals")), lines=lines)
    yield from _written_by_staff(session, person_id)


def _written_by_staff(session: Session, person_id: UUID) -> Iterable[ExportItem]:
    choices = session.scalars(
        select(MeasureChoice)
        .where(MeasureChoice.person_id == person_id)
        .order_by(MeasureChoice.chosen_on, MeasureChoice.id)
    )
    results = session.scalars(
        select(OutsideResult)
        .where(OutsideResult.person_id == person_id)
        .order_by(OutsideResult.happened_on, OutsideResult.id)
    )
    alerts = session.scalars(
        select(SafetyAlert).where(SafetyAlert.person_id == person_id).order_by(SafetyAlert.raised_at, SafetyAlert.id)
    ).all()
    reopened = session.scalars(
        select(OccasionReopening)
        .join(Occasion, Occasion.id == OccasionReopening.occasion_id)
        .where(Occasion.person_id == person_id)
        .order_by(OccasionReopening.created_at, OccasionReopening.id)
    )
    lines = [(find_measure(each.measure).title, each.reason) for each in choices if each.reason]
    lines += [(each.tool, each.summary) for each in results]
    lines += [(str(_("Looked at an answer")), each.note) for each in alerts if each.note]
    lines += [(str(_("Taken up again")), each.reason) for each in reopened]
    if lines:
        yield ExportItem(heading=str(_("Written down about the answers")), lines=lines, needs_review=True)


def erase(session: Session, actor: Actor, person_id: UUID) -> int:  # noqa: ARG001 - whoever erases is on record already
    """Wipe every word; codes, scores and dates stay to be counted."""
    forms = select(Measurement.id).where(Measurement.person_id == person_id)
    asked = select(Occasion.id).where(Occasion.person_id == person_id)
    wiped = 0
    statements = (
        update(Answer).where(Answer.measurement_id.in_(forms), Answer.words != "").values(words=""),
        update(OwnGoal).where(OwnGoal.person_id == person_id).values(words=""),
        update(MeasureChoice).where(MeasureChoice.person_id == person_id).values(reason=""),
        update(OutsideResult).where(OutsideResult.person_id == person_id).values(summary="-", link=None),
        update(OutcomePlan).where(OutcomePlan.person_id == person_id, OutcomePlan.template != "once").values(label=""),
        update(SafetyAlert).where(SafetyAlert.person_id == person_id).values(note=""),
        update(OccasionReopening).where(OccasionReopening.occasion_id.in_(asked)).values(reason="-"),
        update(Measurement)
        .where(Measurement.person_id == person_id, Measurement.void_reason != "")
        .values(void_reason="-"),
    )
    for statement in statements:
        table = statement.table.c.id
        done = session.execute(statement.returning(table).execution_options(synchronize_session=False))
        wiped += len(done.all())
    for occasion_id in session.scalars(asked.order_by(Occasion.id)).all():
        outbox.erase(session, About(type=SUBJECT, id=occasion_id))
    session.expire_all()
    return wiped


def actions(actor: Actor, person: Person) -> Iterable[RecordAction]:
    """To how they are doing."""
    if actor.holds(*(role.value for role in READERS)):
        yield RecordAction(label=str(_("How they are doing")), url=f"/desk/people/{person.id}/outcomes", order=40)


register(
    RecordPart(
        name="outcomes",
        columns=(
            AttendedContact.person_id,
            MeasureChoice.person_id,
            Measurement.person_id,
            Occasion.person_id,
            OutcomePlan.person_id,
            OutcomePoint.person_id,
            OutsideResult.person_id,
            OwnGoal.person_id,
            SafetyAlert.person_id,
        ),
        timeline=timeline,
        export=export,
        erase=erase,
        actions=actions,
    )
)
