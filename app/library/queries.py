"""What the public pages read beside the search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import Session

from app.directory.codes import Coverage, Status
from app.directory.models import Attribute, Organization, Service, TaxonomyTerm
from app.directory.queries import SHOWN, shown

SITEMAP_PART = 20_000


# Written once: each page without a result asks for them.
_NATIONAL = (
    select(Service.id)
    .where(Service.coverage == Coverage.NATIONAL, Service.status == Status.ACTIVE)
    .limit(bindparam("most", type_=Integer))
)
# Of the ones that are about something else those come first that are about most: they help anybody a little.
_TOPICS = select(func.count()).where(Attribute.service_id == Service.id).scalar_subquery()
_FITTING = (
    select(Attribute.service_id)
    .join(Attribute.taxonomy_term)
    .where(TaxonomyTerm.code.in_(bindparam("topics", expanding=True)))
)
_NATIONAL_FITTING = _NATIONAL.where(Service.id.in_(_FITTING)).order_by(Service.name, Service.id)
_NATIONAL_OTHERS = _NATIONAL.where(Service.id.not_in(_FITTING)).order_by(_TOPICS.desc(), Service.name, Service.id)


def national_ids(session: Session, topics: Sequence[str], *, limit: int = 4) -> list[UUID]:
    """Services for the whole country, those that bear one of `topics` first."""
    ids = list(session.scalars(_NATIONAL_FITTING, {"topics": list(topics), "most": limit}))
    if len(ids) < limit:
        ids += session.scalars(_NATIONAL_OTHERS, {"topics": list(topics), "most": limit - len(ids)})
    return ids


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
