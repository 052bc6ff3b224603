"""Safety alerts: raised with the answer itself, then acknowledged, escalated and closed by people."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import SYSTEM, Actor
from app.core.errors import Refused
from app.core.events import announce
from app.core.text import clean
from app.outcomes import duty
from app.outcomes.codes import AlertAction, AlertKind, AlertOutcome, AlertState
from app.outcomes.events import SafetyAlertEscalated, SafetyAlertRaised
from app.outcomes.models import DutyDesk, Measurement, Occasion, OutcomePlan, SafetyAlert, SafetyAlertEvent
from app.outcomes.operations.staying_in_reach import keep_in_reach, let_go
from app.outcomes.rules.safety import due_by
from app.outcomes.rules.scoring import Flag, FlagState

SUBJECT = "safety_alert"
# Where no hours are known any more: better too soon than not at all.
WITHOUT_HOURS = timedelta(hours=1)


def raise_alerts(
    session: Session, actor: Actor, measurement: Measurement, flags: tuple[Flag, ...]
) -> list[SafetyAlert]:
    """An alert for each flag that has none yet, to whoever is on duty. Never fails for want of somebody on duty."""
    known = set(
        session.execute(
            select(SafetyAlert.item, SafetyAlert.kind)
            .where(SafetyAlert.measurement_id == measurement.id)
            .order_by(SafetyAlert.item, SafetyAlert.kind)
        ).all()
    )
    kinds = {FlagState.RAISED: AlertKind.ANSWERED, FlagState.UNKNOWN: AlertKind.UNKNOWN}
    new = [flag for flag in flags if (flag.item, kinds[flag.state]) not in known]
    return [_raise(session, actor, measurement, flag.item, kinds[flag.state]) for flag in new]


def _raise(session: Session, actor: Actor, measurement: Measurement, item: str, kind: AlertKind) -> SafetyAlert:
    now, desk = clock.now(), duty.desk_of(session, measurement.organization_id)
    alert = SafetyAlert(
        organization_id=measurement.organization_id,
        person_id=measurement.person_id,
        measurement_id=measurement.id,
        item=item,
        kind=kind,
        raised_at=now,
        due_by=_due_by(desk, now),
        owner_id=_owner(session, measurement, desk),
    )
    session.add(alert)
    session.flush()
    _note(session, alert, AlertAction.RAISED)
    keep_in_reach(session, alert)
    record(session, actor, Action.CREATED, (SUBJECT, alert.id), person_id=alert.person_id)
    announce(session, SafetyAlertRaised(alert))
    return alert


def _due_by(desk: DutyDesk | None, now: datetime) -> datetime:
    try:
        return due_by(duty.hours_of(desk), now, duty.within_of(desk)) if desk else now + WITHOUT_HOURS
    except Refused:
        return now + WITHOUT_HOURS


def _owner(session: Session, measurement: Measurement, desk: DutyDesk | None) -> UUID | None:
    """Whoever is on duty and still works there; else their deputy, else the worker of the follow-up plan."""
    plan_owner = session.scalars(
        select(OutcomePlan.owner_id)
        .join(Occasion, Occasion.plan_id == OutcomePlan.id)
        .where(Occasion.id == measurement.occasion_id)
        .order_by(OutcomePlan.id)
    ).first()
    likely = [*((desk.owner_id, desk.deputy_id) if desk else ()), plan_owner, measurement.entered_by_id]
    return next((each for each in likely if duty.works_there(session, measurement.organization_id, each)), None)


def acknowledge(session: Session, actor: Actor, alert: SafetyAlert) -> None:
    """Say that one is looking after it. Whoever comes second changes nothing."""
    session.refresh(alert, with_for_update={"of": SafetyAlert})
    if alert.state in {AlertState.ACKNOWLEDGED, AlertState.CLOSED}:
        return
    alert.state, alert.acknowledged_by_id = AlertState.ACKNOWLEDGED, actor.user_id
    _note(session, alert, AlertAction.ACKNOWLEDGED, actor.user_id)
    record(session, actor, Action.CHANGED, (SUBJECT, alert.id), person_id=alert.person_id, fields=["state"])


def close(session: Session, actor: Actor, alert: SafetyAlert, outcome: AlertOutcome, note: str = "") -> None:
    """Say what came of looking at it. Refused where it is closed already."""
    session.refresh(alert, with_for_update={"of": SafetyAlert})
    if alert.state is AlertState.CLOSED:
        raise Refused("Somebody has closed this already. Open it again and look.")
    alert.state, alert.outcome, alert.note = AlertState.CLOSED, outcome, clean(note)
    alert.acknowledged_by_id = alert.acknowledged_by_id or actor.user_id
    _note(session, alert, AlertAction.CLOSED, actor.user_id)
    record(session, actor, Action.CHANGED, (SUBJECT, alert.id), person_id=alert.person_id, fields=["state", "outcome"])
    let_go(session, alert)


def escalate_overdue(session: Session, *, limit: int = 50) -> int:
    """Pass on what nobody acknowledged in time. Says how many."""
    late = session.scalars(
        select(SafetyAlert)
        .where(SafetyAlert.state == AlertState.RAISED, SafetyAlert.due_by <= clock.now())
        .order_by(SafetyAlert.due_by, SafetyAlert.id)
        .limit(limit)
        .with_for_update(of=SafetyAlert, skip_locked=True)
    ).all()
    for alert in late:
        alert.state = AlertState.ESCALATED
        _note(session, alert, AlertAction.ESCALATED)
        record(session, SYSTEM, Action.CHANGED, (SUBJECT, alert.id), person_id=alert.person_id, fields=["state"])
        announce(session, SafetyAlertEscalated(alert))
    session.flush()
    return len(late)


def _note(session: Session, alert: SafetyAlert, action: AlertAction, user_id: UUID | None = None) -> None:
    session.flush()
    session.add(SafetyAlertEvent(alert_id=alert.id, action=action, user_id=user_id))
    session.flush()
