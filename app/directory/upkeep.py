"""What must hold of the directory beyond what its tables enforce."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.upkeep import check
from app.directory.models import Location, Metadata, Organization, Service, ServiceAtLocation

RESOURCES = {"service": Service, "organization": Organization, "location": Location}


@check("orphans")
def nothing_is_left_over(session: Session) -> Iterator[str]:
    """Places are used, and history is of things that there are."""
    unused = (
        select(func.count())
        .select_from(Location)
        .where(~select(ServiceAtLocation.id).where(ServiceAtLocation.location_id == Location.id).exists())
    )
    if count := session.scalar(unused):
        yield f"{count} places belong to no service."
    for kind, model in RESOURCES.items():
        lost = (
            select(func.count())
            .select_from(Metadata)
            .where(Metadata.resource_type == kind, ~select(model.id).where(model.id == Metadata.resource_id).exists())
        )
        if count := session.scalar(lost):
            yield f"{count} lines of history are about a {kind} that is not there."
