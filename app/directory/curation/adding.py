"""A listing that an editor begins by hand: the public sees it once they say that it is open."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core.actor import Actor
from app.core.errors import InvalidInput
from app.directory.codes import Status
from app.directory.curation.operations import keep_version
from app.directory.models import Organization, Service

# So many names a browser offers while one is typed; where there are more, the rest are typed whole.
MOST_NAMES = 2_000


def add_listing(session: Session, actor: Actor, *, name: str, description: str, organization: str) -> Service:
    """A hidden listing of the organisation of that name, which is made where there is none yet.

    InvalidInput where that organisation has a listing of that name already.
    """
    runs_it = _organization(session, organization)
    if runs_it is None:
        runs_it = Organization(name=organization)
        session.add(runs_it)
        session.flush()
        record(session, actor, Action.CREATED, ("organization", runs_it.id))
    elif _has_listing(session, runs_it, name):
        raise InvalidInput("This organisation has a listing of that name already.")
    service = Service(organization=runs_it, name=name, description=description, status=Status.INACTIVE)
    session.add(service)
    session.flush()
    record(session, actor, Action.CREATED, ("service", service.id))
    keep_version(session, actor, service, reason="")
    return service


def organization_names(session: Session) -> list[str]:
    """What organisations are called, to choose from."""
    return list(session.scalars(select(Organization.name).distinct().order_by(Organization.name).limit(MOST_NAMES)))


def _organization(session: Session, name: str) -> Organization | None:
    wanted = select(Organization).where(func.lower(Organization.name) == func.lower(name))
    return session.scalars(wanted.order_by(Organization.last_modified.desc(), Organization.id).limit(1)).first()


def _has_listing(session: Session, runs_it: Organization, name: str) -> bool:
    same = Service.organization_id == runs_it.id, func.lower(Service.name) == func.lower(name)
    return session.scalar(select(Service.id).where(*same).limit(1)) is not None
