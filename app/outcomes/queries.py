"""Reading outcomes, always as far as the actor may see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, not_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound
from app.outcomes.codes import SETTLED, AlertState, FormState
from app.outcomes.models import (
    AttendedContact,
    MeasureChoice,
    Measurement,
    Occasion,
    OutcomePlan,
    OutsideResult,
    OwnGoal,
    SafetyAlert,
    StoredTextPack,
)
from app.outcomes.scope import in_scope
from app.people.codes import PermissionKind
from app.people.models import Person
from app.people.queries import who_refuse

# Days after the due date on which staff call, by the shipped templates; what was planned before days were kept.
CALL_AFTER = timedelta(days=14)
MOST_LISTED = 200
Found = TypeVar("Found")


def choices(session: Session, actor: Actor, person_id: UUID) -> Sequence[MeasureChoice]:
    """What is used with a person, in the order in which it was chosen."""
    return session.scalars(
        select(MeasureChoice)
        .where(
            in_scope(actor, MeasureChoice.organization_id, MeasureChoice.person_id),
            MeasureChoice.person_id == person_id,
            MeasureChoice.ended_on.is_(None),
        )
        .order_by(MeasureChoice.chosen_on, MeasureChoice.measure, MeasureChoice.id)
    ).all()


def goals(session: Session, actor: Actor, person_id: UUID) -> Sequence[OwnGoal]:
    """The person's goals, by number."""
    return session.scalars(
        select(OwnGoal)
        .where(
            in_scope(actor, OwnGoal.organization_id, OwnGoal.person_id),
            OwnGoal.person_id == person_id,
            OwnGoal.ended_on.is_(None),
        )
        .order_by(OwnGoal.number, OwnGoal.id)
    ).all()


def plans(session: Session, actor: Actor, person_id: UUID) -> Sequence[OutcomePlan]:
    """A person's plans with their occasions, the running first."""
    return session.scalars(
        select(OutcomePlan)
        .where(in_scope(actor, OutcomePlan.organization_id, OutcomePlan.person_id), OutcomePlan.person_id == person_id)
        .options(joinedload(OutcomePlan.ended_by), selectinload(OutcomePlan.occasions).joinedload(Occasion.closed_by))
        .order_by(case((OutcomePlan.ended_on.is_(None), 0), else_=1), OutcomePlan.anchor_on.desc(), OutcomePlan.id)
    ).all()


def plan(session: Session, actor: Actor, plan_id: UUID) -> OutcomePlan:
    """One plan. NotFound for any that the actor may not see."""
    return _one(
        session.scalars(
            select(OutcomePlan)
            .where(in_scope(actor, OutcomePlan.organization_id, OutcomePlan.person_id), OutcomePlan.id == plan_id)
            .order_by(OutcomePlan.id)
        ).one_or_none(),
        "plan",
    )


def occasion(session: Session, actor: Actor, occasion_id: UUID) -> Occasion:
    """One occasion. NotFound for any that the actor may not see."""
    return _one(
        session.scalars(
            select(Occasion)
            .where(in_scope(actor, Occasion.organization_id, Occasion.person_id), Occasion.id == occasion_id)
            .options(joinedload(Occasion.person), joinedload(Occasion.closed_by), selectinload(Occasion.reopenings))
            .order_by(Occasion.id)
        ).one_or_none(),
        "occasion",
    )


def measurements(session: Session, actor: Actor, person_id: UUID, measure: str | None = None) -> Sequence[Measurement]:
    """A person's finished forms that stand, by the day they were answered; of one measure, or of all."""
    wanted = [
        in_scope(actor, Measurement.organization_id, Measurement.person_id),
        Measurement.person_id == person_id,
        Measurement.state != FormState.DRAFT,
        Measurement.superseded_at.is_(None),
        Measurement.voided_at.is_(None),
        *([Measurement.measure == measure] if measure else []),
    ]
    return session.scalars(
        select(Measurement).where(*wanted).order_by(Measurement.answered_on, Measurement.finished_at, Measurement.id)
    ).all()


def form(session: Session, actor: Actor, form_id: UUID) -> Measurement:
    """One form. NotFound for any that the actor may not see."""
    return _one(
        session.scalars(
            select(Measurement)
            .where(in_scope(actor, Measurement.organization_id, Measurement.person_id), Measurement.id == form_id)
            .order_by(Measurement.id)
        ).one_or_none(),
        "measurement",
    )


def drafts(session: Session, actor: Actor, person_id: UUID) -> Sequence[Measurement]:
    """Forms that are begun and not finished, latest first."""
    return session.scalars(
        select(Measurement)
        .where(
            in_scope(actor, Measurement.organization_id, Measurement.person_id),
            Measurement.person_id == person_id,
            Measurement.state == FormState.DRAFT,
            Measurement.superseded_at.is_(None),
            Measurement.voided_at.is_(None),
        )
        .order_by(Measurement.created_at.desc(), Measurement.id)
    ).all()


def outside_results(session: Session, actor: Actor, person_id: UUID) -> Sequence[OutsideResult]:
    """What tools said that are used elsewhere, latest first."""
    return session.scalars(
        select(OutsideResult)
        .where(
            in_scope(actor, OutsideResult.organization_id, OutsideResult.person_id),
            OutsideResult.person_id == person_id,
        )
        .order_by(OutsideResult.happened_on.desc(), OutsideResult.id)
    ).all()


def contacts(session: Session, actor: Actor, person_id: UUID) -> Sequence[date]:
    """The days on which person and organisation met."""
    return session.scalars(
        select(AttendedContact.happened_on)
        .where(
            in_scope(actor, AttendedContact.organization_id, AttendedContact.person_id),
            AttendedContact.person_id == person_id,
        )
        .order_by(AttendedContact.happened_on, AttendedContact.id)
    ).all()


def alerts(session: Session, actor: Actor, *, person_id: UUID | None = None) -> Sequence[SafetyAlert]:
    """What somebody must look at: what was passed on first, then by when it must be looked at."""
    return session.scalars(
        select(SafetyAlert)
        .where(_open_alert(actor), *([SafetyAlert.person_id == person_id] if person_id else []))
        .order_by(case((SafetyAlert.state == AlertState.ESCALATED, 0), else_=1), SafetyAlert.due_by, SafetyAlert.id)
    ).all()


def alert(session: Session, actor: Actor, alert_id: UUID) -> SafetyAlert:
    """One alert with its story. NotFound for any that the actor may not see."""
    return _one(
        session.scalars(
            select(SafetyAlert)
            .where(in_scope(actor, SafetyAlert.organization_id, SafetyAlert.person_id), SafetyAlert.id == alert_id)
            .options(selectinload(SafetyAlert.events))
            .order_by(SafetyAlert.id)
        ).one_or_none(),
        "alert",
    )


def count_alerts(session: Session, actor: Actor) -> int:
    """How many wait."""
    return session.scalar(select(func.count()).select_from(SafetyAlert).where(_open_alert(actor))) or 0


def _open_alert(actor: Actor) -> ColumnElement[bool]:
    return and_(
        in_scope(actor, SafetyAlert.organization_id, SafetyAlert.person_id), SafetyAlert.state != AlertState.CLOSED
    )


def due(session: Session, actor: Actor, *, overdue: bool) -> Sequence[Occasion]:
    """What is due and not answered; overdue where it is time for a call, and they may be called. Longest due first."""
    return session.scalars(
        select(Occasion)
        .where(_due(actor, overdue=overdue))
        .options(joinedload(Occasion.person))
        .order_by(Occasion.due_on, Occasion.kind, Occasion.id)
        .limit(MOST_LISTED)
    ).all()


def count_due(session: Session, actor: Actor, *, overdue: bool) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).select_from(Occasion).where(_due(actor, overdue=overdue))) or 0


def _due(actor: Actor, *, overdue: bool) -> ColumnElement[bool]:
    today = clock.today()
    asked_long_ago = Occasion.due_on <= today - CALL_AFTER
    is_time = case((Occasion.call_on.is_not(None), Occasion.call_on <= today), else_=asked_long_ago)
    who_want_none = select(Person.id).where(Person.do_not_contact)
    may_be_called = and_(
        Occasion.person_id.not_in(who_want_none),
        Occasion.person_id.not_in(who_refuse(PermissionKind.FOLLOW_UP, today)),
    )
    late = and_(is_time, may_be_called)
    return and_(
        in_scope(actor, Occasion.organization_id, Occasion.person_id),
        Occasion.state.not_in(SETTLED),
        Occasion.due_on <= today,
        late if overdue else not_(late),
    )


def text_packs(session: Session, actor: Actor) -> Sequence[StoredTextPack]:
    """The words that the actor's organisation has loaded."""
    return session.scalars(
        select(StoredTextPack)
        .where(StoredTextPack.organization_id == actor.organization_id)
        .order_by(StoredTextPack.measure, StoredTextPack.language, StoredTextPack.created_at.desc(), StoredTextPack.id)
    ).all()


def text_pack(session: Session, actor: Actor, pack_id: UUID) -> StoredTextPack:
    """One of them. NotFound for another organisation's."""
    return _one(next((pack for pack in text_packs(session, actor) if pack.id == pack_id), None), "text pack")


def _one(found: Found | None, what: str) -> Found:
    if found is None:
        raise NotFound(what)
    return found
