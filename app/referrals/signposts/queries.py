"""Reading signposts: staff those of their own organisation, a person the one whose link they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.actor import Actor
from app.core.errors import NotFound
from app.directory.models import Service
from app.directory.queries import NEED, SHOWN, topic, whole_services_by_id
from app.notifications import links
from app.referrals.signposts.access import is_own
from app.referrals.signposts.models import Signpost, SignpostLine
from app.referrals.signposts.rules import PURPOSE

PAGE = 50


class Show(StrEnum):
    """Which signposts of the own organisation."""

    ALL = "all"
    ANSWERED = "answered"
    WAITING = "waiting"
    CAME_BACK = "came-back"
    MINE = "mine"


HAS_NEWS = Signpost.answered_at.is_not(None) & or_(
    Signpost.noted_at.is_(None), Signpost.noted_at < Signpost.answered_at
)


def _shown(statement: Select[Signpost], show: Show, actor: Actor) -> Select[Signpost]:
    if show is Show.ANSWERED:
        return statement.where(HAS_NEWS)
    if show is Show.CAME_BACK:
        return statement.where(Signpost.bounced_at.is_not(None))
    if show is Show.MINE:
        return statement.where(_is_to_see_to(actor))
    return (
        statement.where(Signpost.answered_at.is_(None), Signpost.declined.is_(None))
        if show is Show.WAITING
        else statement
    )


def own(session: Session, actor: Actor, *, show: Show = Show.ALL, page: int = 1) -> tuple[list[Signpost], int]:
    """Signposts of the actor's organisation, latest first, and how many there are."""
    statement = _shown(select(Signpost).where(is_own(actor)), show, actor)
    total = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    latest = statement.order_by(Signpost.created_at.desc(), Signpost.id).limit(PAGE).offset((page - 1) * PAGE)
    return list(session.scalars(latest)), total


def count_answered(session: Session, actor: Actor) -> int:
    """How many signposts of the actor's organisation have answers that nobody has noted."""
    statement = select(func.count()).select_from(Signpost).where(is_own(actor), HAS_NEWS)
    return session.scalar(statement) or 0


def count_came_back(session: Session, actor: Actor) -> int:
    """How many signposts of the actor's organisation never reached anybody, and were not given again."""
    statement = select(func.count()).select_from(Signpost).where(is_own(actor), Signpost.bounced_at.is_not(None))
    return session.scalar(statement) or 0


def count_mine(session: Session, actor: Actor) -> int:
    """How many of those the actor is to see to."""
    statement = select(func.count()).select_from(Signpost).where(is_own(actor), _is_to_see_to(actor))
    return session.scalar(statement) or 0


def _is_to_see_to(actor: Actor) -> ColumnElement[bool]:
    return Signpost.bounced_at.is_not(None) & (Signpost.owner_id == actor.user_id)


def signpost(session: Session, actor: Actor, signpost_id: UUID) -> Signpost:
    """One of the actor's organisation. NotFound for any other."""
    statement = select(Signpost).where(Signpost.id == signpost_id, is_own(actor)).order_by(Signpost.id)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound("signpost")
    return found


def by_token(session: Session, token: str) -> Signpost | None:
    """The signpost of a link that still works."""
    link = links.find(session, PURPOSE, token)
    return session.get(Signpost, link.subject_id) if link else None


def line_of(signpost: Signpost, line_id: UUID) -> SignpostLine:
    """One line of a signpost. NotFound for any other."""
    found = next((line for line in signpost.lines if line.id == line_id), None)
    if found is None:
        raise NotFound("signpost line")
    return found


def shown_services(session: Session, ids: Sequence[UUID]) -> list[Service]:
    """The services that the public is shown, in the order of `ids`, with everything told of each."""
    return [found for found in whole_services_by_id(session, ids) if found.status in SHOWN]


def services_of(session: Session, signpost: Signpost) -> Mapping[UUID, Service]:
    """The services of a signpost as they are now, those that are gone left out."""
    ids = [line.service_id for line in signpost.lines if line.service_id]
    return {found.id: found for found in shown_services(session, ids)}


def topics_of(services: Sequence[Service]) -> dict[str, str]:
    """Slug and name of every topic that one of the services bears, in order."""
    terms = [attribute.taxonomy_term for service in services for attribute in service.attributes]
    return {term.code: term.name for term in terms if term.taxonomy.slug == NEED}


def staff_of(session: Session, signposts: Sequence[Signpost]) -> dict[UUID, str]:
    """The names of the staff who made them, and of those who see to what came back."""
    ids = {user_id for found in signposts for user_id in (found.made_by_id, found.owner_id) if user_id}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(ids)).order_by(User.id))
    return {user_id: name for user_id, name in rows}  # noqa: C416 - the types are clearer so


def topic_name(session: Session, code: str) -> str:
    """The name of a topic as the record tells it; empty for one that is not there."""
    found = topic(session, code) if code else None
    return found.name if found else ""
