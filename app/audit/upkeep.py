"""What `waymark doctor` asks of the audit trail."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from app.audit.queries import broken_links
from app.core.upkeep import check


@check("audit")
def chain_holds(session: Session) -> Iterator[str]:
    """No entry was changed or taken out."""
    yield from broken_links(session)
