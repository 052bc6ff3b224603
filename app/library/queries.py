"""What the public pages read beside the search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.directory.codes import Coverage, Status
from app.directory.models import Attribute, Organization, Service, TaxonomyTerm
from app.directory.queries import SHOWN, for_cards, shown

SITEMAP_PART = 20_000


def national_services(session: Session, topics: Sequence[str], *, limit: int = 4) -> list[Service]:
    """Services for the whole country, those that bear one of `topics` first."""
    national = select(Service.id).where(Service.coverage == Coverage.NATIONAL, Service.status == Status.ACTIVE)
    fitting = select(Attribute.service_id).join(Attribute.taxonomy_term).where(TaxonomyTerm.code.in_(topics))
    fits = national.where(Service.id.in_(fitting)).order_by(Service.name, Service.id).limit(limit)
    ids = list(session.scalars(fits))
    if len(ids) < limit:
        others = national.where(Service.id.not_in(fitting)).order_by(Service.name, Service.id).limit(limit - len(ids))
        ids += session.scalars(others)
    found = select(Service).where(Service.id.in_(ids)).options(*for_cards()).order_by(Service.id)
    return sorted(session.scalars(found), key=lambda service: ids.index(service.id))


def sitemap_parts(session: Session) -> int:
    """Into how many parts the addresses of the services are cut."""
    total = session.scalar(select(func.count()).select_from(Service).where(Service.status.in_(SHOWN))) or 0
    return max(1, -(-total // SITEMAP_PART))


def sitemap_services(session: Session, part: int) -> list[tuple[UUID, datetime]]:
    """Ids of the services of one part (from 1), and when each last changed."""
    statement = select(Service.id, Service.last_modified).where(Service.status.in_(SHOWN)).order_by(Service.id)
    rows = session.execute(statement.offset((part - 1) * SITEMAP_PART).limit(SITEMAP_PART))
    return [(row.id, row.last_modified) for row in rows]


def sitemap_organizations(session: Session) -> list[UUID]:
    """Ids of the organisations that offer something."""
    statement = select(Organization.id).where(
        Organization.id.in_(shown(select(Service)).with_only_columns(Service.organization_id))
    )
    return list(session.scalars(statement.order_by(Organization.id).limit(SITEMAP_PART)))
