"""Pathways: those that can be used, those of an organisation, and what a version says."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.accounts.models import MemberOrganization
from app.core.actor import Actor
from app.core.errors import NotFound
from app.directory.models import Organization, Service
from app.referrals.codes import Source
from app.referrals.models import Pathway, PathwayVersion
from app.referrals.pathways.definition import Definition
from app.referrals.pathways.reading import definition_of

LISTED = "listed-service"


def open_pathways(session: Session, *, source: Source | None = None) -> list[Pathway]:
    """The pathways that take people, by name; only those for a source where one is given."""
    rows = session.scalars(_open().order_by(Pathway.name, Pathway.id))
    return [row for row in rows if source is None or _takes(row, source)]


def for_self_referral(session: Session) -> list[Pathway]:
    """The pathways by which people can refer themselves, by name."""
    return list(session.scalars(_open().where(Pathway.self_referral).order_by(Pathway.name, Pathway.id)))


def of_service(session: Session, service: Service) -> list[Pathway]:
    """The open pathways that lead to a listing: its own, and those of the organisation whose staff look after it."""
    keeper = (
        select(Organization.member_organization_id).where(Organization.id == service.organization_id).scalar_subquery()
    )
    return list(
        session.scalars(
            _open()
            .where((Pathway.service_id == service.id) | (Pathway.organization_id == keeper))
            .order_by(Pathway.service_id.is_(None), Pathway.name, Pathway.id)
        )
    )


def open_pathway(session: Session, pathway_id: UUID, *, for_oneself: bool = False) -> Pathway:
    """A pathway that takes people. NotFound for any other."""
    statement = _open().where(Pathway.id == pathway_id)
    if for_oneself:
        statement = statement.where(Pathway.self_referral)
    found = session.scalars(statement.order_by(Pathway.id)).one_or_none()
    if found is None:
        raise NotFound("pathway")
    return found


def kept_by(session: Session, actor: Actor) -> list[Pathway]:
    """The pathways that the actor's organisation receives by, open or not, by name."""
    return list(
        session.scalars(
            select(Pathway)
            .where(Pathway.organization_id == actor.organization_id)
            .order_by(Pathway.is_open.desc(), Pathway.name, Pathway.id)
        )
    )


def kept_one(session: Session, actor: Actor, pathway_id: UUID) -> Pathway:
    """One of them. NotFound for any other."""
    found = session.scalars(
        select(Pathway)
        .where(Pathway.id == pathway_id, Pathway.organization_id == actor.organization_id)
        .order_by(Pathway.id)
    ).one_or_none()
    if found is None:
        raise NotFound("pathway")
    return found


def templates(session: Session) -> list[Pathway]:
    """What a manager can take over, by name."""
    return list(session.scalars(_templates().where(Pathway.slug != LISTED).order_by(Pathway.name, Pathway.id)))


def template(session: Session, slug: str) -> Pathway | None:
    """The template of that name."""
    return session.scalars(_templates().where(Pathway.slug == slug).order_by(Pathway.id)).one_or_none()


def listed_pathway(session: Session, service_id: UUID) -> Pathway | None:
    """The way to a listing whose organisation has no account: its group answers by a signed link."""
    return session.scalars(
        select(Pathway)
        .where(Pathway.service_id == service_id, Pathway.organization_id.is_(None))
        .order_by(Pathway.is_open.desc(), Pathway.id)
        .limit(1)
    ).one_or_none()


def definition(session: Session, pathway: Pathway, number: int | None = None) -> Definition:
    """What a version of a pathway says; the one in use where no number is given."""
    document = session.scalar(
        select(PathwayVersion.document).where(
            PathwayVersion.pathway_id == pathway.id, PathwayVersion.number == (number or pathway.version)
        )
    )
    if document is None:
        raise NotFound("pathway version")
    return definition_of(document)


def names_for(session: Session, pathways: Iterable[Pathway], *, of_oneself: bool) -> dict[UUID, str]:
    """What each is called for whoever reads; whoever it is about has words of their own where there are some."""
    names = {each.id: each.name for each in pathways}
    if not of_oneself:
        return names
    statement = (
        select(Pathway.id, PathwayVersion.document)
        .join(PathwayVersion, (PathwayVersion.pathway_id == Pathway.id) & (PathwayVersion.number == Pathway.version))
        .where(Pathway.id.in_(names))
        .order_by(Pathway.id)
    )
    own = {found: str(document.get("self_name", "")) for found, document in session.execute(statement)}
    return {each: own.get(each) or name for each, name in names.items()}


def versions(session: Session, pathway_id: UUID) -> list[PathwayVersion]:
    """Every version, latest first."""
    return list(
        session.scalars(
            select(PathwayVersion)
            .where(PathwayVersion.pathway_id == pathway_id)
            .order_by(PathwayVersion.number.desc(), PathwayVersion.id)
        )
    )


def _open() -> Select[Pathway]:
    has_keeper = Pathway.organization_id.is_(None) | Pathway.organization_id.in_(
        select(MemberOrganization.id).where(MemberOrganization.is_active)
    )
    has_receiver = Pathway.organization_id.is_not(None) | Pathway.service_id.is_not(None)
    return select(Pathway).where(Pathway.is_open, has_receiver, has_keeper)


def _templates() -> Select[Pathway]:
    return select(Pathway).where(Pathway.is_template)


def _takes(pathway: Pathway, source: Source) -> bool:
    return pathway.self_referral if source is Source.SELF else source in pathway.sources
