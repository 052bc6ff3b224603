"""What the public may write: needs that were not met."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core import postcode
from app.library import ledger
from app.library.codes import LedgerSource


def tell_of_missing_help(session: Session, *, topic: str, near: str) -> None:
    """Count that help of a topic (a slug) was not found; of the place only the postcode district is kept."""
    found = postcode.parse(near)
    district = found.district if found else ""
    ledger.record(session, topic=topic, district=district, source=LedgerSource.TOLD_US)
