"""The ways to refer to a listing that is merged into another follow it there, and come back with the undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core.actor import Actor
from app.directory.models import Service
from app.referrals.models import Pathway
from app.referrals.operations.pathways import SUBJECT, set_open
from app.referrals.queries.pathways import of_service


def follow(session: Session, actor: Actor, keep: Service, drop: Service) -> dict[str, list[str]]:
    """Have each pathway to `drop` lead to `keep`; the ids of those that were `moved` and `closed`.

    Where `keep` can be referred to already, the signed link to a group without an account is closed and not moved: two
    ways to one group would only make people choose. What was sent by it goes on.
    """
    has_way = bool(of_service(session, keep))
    moved, closed = [], []
    for pathway in _leading_to(session, drop):
        if pathway.organization_id is not None or not has_way:
            _lead(session, actor, pathway, keep)
            moved.append(str(pathway.id))
        elif pathway.is_open:
            set_open(session, actor, pathway, is_open=False)
            closed.append(str(pathway.id))
    return {"moved": moved, "closed": closed}


def come_back(
    session: Session, actor: Actor, keep: Service, drop: Service, followed: Mapping[str, Sequence[str]]
) -> None:
    """Have the pathways lead to `drop` again as they did."""
    for pathway_id in followed.get("moved", ()):
        pathway = session.get(Pathway, UUID(pathway_id))
        if pathway is not None and pathway.service_id == keep.id:
            _lead(session, actor, pathway, drop)
    for pathway_id in followed.get("closed", ()):
        pathway = session.get(Pathway, UUID(pathway_id))
        if pathway is not None and pathway.service_id == drop.id:
            set_open(session, actor, pathway, is_open=True)


def _leading_to(session: Session, service: Service) -> list[Pathway]:
    return list(session.scalars(select(Pathway).where(Pathway.service_id == service.id).order_by(Pathway.id)))


def _lead(session: Session, actor: Actor, pathway: Pathway, service: Service) -> None:
    pathway.service_id = service.id
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, pathway.id), fields=("service_id",))
