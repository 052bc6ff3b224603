"""Keys that this installation makes for itself."""

from __future__ import annotations

import secrets
from uuid import uuid4

from sqlalchemy import Insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core import clock
from app.people.models import InstallationSecret

MATCHING = "people.matching"


def secret_for(session: Session, purpose: str) -> bytes:
    """The key for a purpose, made at its first use; of two that make it at once one wins for both."""
    wanted = select(InstallationSecret.value).where(InstallationSecret.purpose == purpose)
    value = session.scalar(wanted)
    if value is None:
        row = {"id": uuid4(), "created_at": clock.now(), "purpose": purpose, "value": secrets.token_hex(32)}
        session.execute(_insert_for(session).values(**row).on_conflict_do_nothing(index_elements=["purpose"]))  # type: ignore[attr-defined]
        value = session.scalars(wanted).one()
    return bytes.fromhex(value)


def _insert_for(session: Session) -> Insert:
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(InstallationSecret) if is_postgresql else sqlite.insert(InstallationSecret)
