"""Documents of cases."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.advice.codes import ScanState
from app.advice.models import AdviceCase, AdviceDocument
from app.advice.scope import within
from app.core.actor import Actor
from app.core.errors import NotFound


def documents_of(session: Session, case_id: UUID) -> list[AdviceDocument]:
    """The documents of a case that was found in its scope, the latest first."""
    return list(
        session.scalars(
            select(AdviceDocument)
            .where(AdviceDocument.case_id == case_id)
            .options(joinedload(AdviceDocument.added_by))
            .order_by(AdviceDocument.number.desc(), AdviceDocument.id)
        )
    )


def document(session: Session, actor: Actor, document_id: UUID) -> AdviceDocument:
    """One that the actor may see, with its case. NotFound for any other."""
    found = session.scalars(
        select(AdviceDocument)
        .where(AdviceDocument.id == document_id, within(actor, AdviceDocument.organization_id))
        .options(joinedload(AdviceDocument.case).joinedload(AdviceCase.person))
        .order_by(AdviceDocument.id)
    ).one_or_none()
    if found is None:
        raise NotFound("document")
    return found


def last_number(session: Session, case_id: UUID) -> int:
    """The highest number of a document in a case."""
    return session.scalar(select(func.max(AdviceDocument.number)).where(AdviceDocument.case_id == case_id)) or 0


def count_of(session: Session, case_id: UUID) -> int:
    """How many documents a case has."""
    counted = select(func.count()).select_from(AdviceDocument).where(AdviceDocument.case_id == case_id)
    return session.scalar(counted) or 0


def waiting(session: Session, limit: int) -> list[tuple[UUID, str]]:
    """Documents that nobody has looked at for viruses yet, with the names of their files, the oldest first."""
    rows = session.execute(
        select(AdviceDocument.id, AdviceDocument.stored_as)
        .where(AdviceDocument.scan == ScanState.WAITING)
        .order_by(AdviceDocument.created_at, AdviceDocument.id)
        .limit(limit)
    )
    return [(document_id, name) for document_id, name in rows]


def names_kept(session: Session, names: list[str]) -> set[str]:
    """Which of these files belong to a document that may be read."""
    rows = select(AdviceDocument.stored_as).where(
        AdviceDocument.stored_as.in_(names), AdviceDocument.scan != ScanState.INFECTED
    )
    return set(session.scalars(rows.order_by(AdviceDocument.stored_as)))
