"""What must hold of the directory beyond what its tables enforce."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.upkeep import check, remark
from app.directory.models import FeedImport, Location, Metadata, Organization, Service, ServiceAtLocation
from app.settings import Settings

A_WHILE = timedelta(hours=1)
RESOURCES = {"service": Service, "organization": Organization, "location": Location}


@check("imports")
def imports_are_whole(session: Session) -> Iterator[str]:
    """What was begun to be imported is finished."""
    began = clock.now() - A_WHILE
    left = select(FeedImport.source_name).where(FeedImport.finished_at.is_(None), FeedImport.created_at < began)
    for name in session.scalars(left.order_by(FeedImport.created_at, FeedImport.id)):
        yield f"The import of “{name}” was not finished. The worker goes on with it; else import the list again."


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


@remark("web addresses of listings")
def links_are_looked_at_or_not() -> Iterator[str]:
    """Whether the worker looks whether the websites in listings still answer."""
    settings: Settings = current_app.extensions["waymark_settings"]
    if settings.check_links:
        yield "The worker looks whether they still answer, a few at a time. WAYMARK_CHECK_LINKS=0 turns that off."
    else:
        yield "Nobody looks whether they still answer, so dead ones do not count. WAYMARK_CHECK_LINKS=1 turns that on."
