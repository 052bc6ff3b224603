"""Reports that a listing is wrong: told by anyone, answered by an editor."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import Refused
from app.core.events import announce
from app.directory.codes import CheckKind, ProblemKind, ProblemState
from app.directory.curation.announcements import ProblemAnswered
from app.directory.models import ListingCheck, ProblemReport, Service


def report_problem(
    session: Session,
    actor: Actor,
    service: Service,
    *,
    kind: ProblemKind,
    details: str = "",
    reply_to: str | None = None,
) -> ProblemReport:
    """Keep a report that something in a listing is wrong, for an editor.

    What staff found when they rang counts against the listing at once; pressing again tells nothing new.
    """
    if not details and (waiting := _told_already(session, actor, service, kind)) is not None:
        return waiting
    report = ProblemReport(
        service_id=service.id,
        kind=kind,
        details=details,
        reply_to=reply_to,
        reporter_id=actor.user_id if actor.is_staff else None,
    )
    session.add(report)
    if actor.is_staff:
        session.add(ListingCheck(service_id=service.id, kind=CheckKind.FOUND_WRONG, by_id=actor.user_id))
    session.flush()
    return report


def _told_already(session: Session, actor: Actor, service: Service, kind: ProblemKind) -> ProblemReport | None:
    if not actor.is_staff:
        return None
    return session.scalars(
        select(ProblemReport)
        .where(
            ProblemReport.service_id == service.id,
            ProblemReport.kind == kind,
            ProblemReport.reporter_id == actor.user_id,
            ProblemReport.state == ProblemState.OPEN,
        )
        .order_by(ProblemReport.created_at, ProblemReport.id)
        .limit(1)
    ).first()


def take_on(session: Session, actor: Actor, report: ProblemReport) -> None:
    """Say that the editor looks after this report."""
    report.owner_id = actor.user_id
    session.flush()
    record(session, actor, Action.CHANGED, ("problem_report", report.id), fields=("owner",))


def answer_problem(session: Session, actor: Actor, report: ProblemReport, *, mended: bool, answer: str) -> None:
    """Close a report with words for whoever sent it. Refused where it was closed already."""
    if report.state is not ProblemState.OPEN:
        raise Refused("Somebody has answered this report already.")
    report.state = ProblemState.MENDED if mended else ProblemState.NOT_A_PROBLEM
    report.answer, report.answered_by_id, report.answered_at = answer, actor.user_id, clock.now()
    session.flush()
    record(session, actor, Action.CHANGED, ("problem_report", report.id), fields=("state", "answer"))
    announce(session, ProblemAnswered(report))
