"""The audit trail holds together."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from app.audit.queries import broken_links
from app.core.upkeep import check


@check("audit trail")
def trail_is_whole(session: Session) -> Iterator[str]:
    """No entry is missing and none was changed."""
    for told in broken_links(session):
        yield f"{told[0].upper()}{told[1:]}."
