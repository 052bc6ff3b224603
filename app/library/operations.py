"""What the public may write: reports of problems, and needs that were not met."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core import postcode
from app.directory.models import Service
from app.library import ledger
from app.library.codes import LedgerSource, ProblemKind
from app.library.models import ProblemReport


def report_problem(
    session: Session, service: Service, *, kind: ProblemKind, details: str, reply_to: str | None
) -> ProblemReport:
    """Keep a report that something in a listing is wrong, for an editor."""
    report = ProblemReport(service_id=service.id, kind=kind, details=details, reply_to=reply_to)
    session.add(report)
    session.flush()
    return report


def tell_of_missing_help(session: Session, *, topic: str, near: str) -> None:
    """Count that help of a topic (a slug) was not found; of the place only the postcode district is kept."""
    found = postcode.parse(near)
    district = found.district if found else ""
    ledger.record(session, topic=topic, district=district, source=LedgerSource.TOLD_US)
