"""Where a listing that was merged into another has gone."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.directory.models import ServiceRedirect


def redirect_of(session: Session, service_id: UUID) -> UUID | None:
    """The listing that it was merged into; None where it is one of its own."""
    return session.scalar(
        select(ServiceRedirect.service_id).where(ServiceRedirect.old_id == service_id).order_by(ServiceRedirect.id)
    )


def led_to(session: Session, service_id: UUID) -> UUID:
    """The listing that stands for it now: itself, or the last of those that it was merged into."""
    while (further := redirect_of(session, service_id)) is not None:
        service_id = further
    return service_id
