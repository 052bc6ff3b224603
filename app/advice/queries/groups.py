"""Group sessions and templates, within the actor's organisation."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.advice.models import ContactTemplate, GroupSession
from app.advice.scope import within
from app.core.actor import Actor
from app.core.errors import NotFound
from app.web.pagination import Page

PAGE = 25
MOST_TEMPLATES = 100


def groups(session: Session, actor: Actor, number: int = 1) -> tuple[list[GroupSession], Page]:
    """Group sessions, the latest first, a page at a time."""
    condition = within(actor, GroupSession.organization_id)
    total = session.scalar(select(func.count()).select_from(GroupSession).where(condition)) or 0
    page = Page(number, PAGE, total)
    rows = session.scalars(
        select(GroupSession)
        .where(condition)
        .options(joinedload(GroupSession.adviser))
        .order_by(GroupSession.happened_on.desc(), GroupSession.id)
        .limit(PAGE)
        .offset(page.offset)
    )
    return list(rows), page


def group(session: Session, actor: Actor, group_id: UUID) -> GroupSession:
    """One that the actor may see. NotFound for any other."""
    found = session.scalars(
        select(GroupSession)
        .where(GroupSession.id == group_id, within(actor, GroupSession.organization_id))
        .order_by(GroupSession.id)
    ).one_or_none()
    if found is None:
        raise NotFound("group session")
    return found


def templates(session: Session, actor: Actor, *, also_retired: bool = False) -> list[ContactTemplate]:
    """The templates of the actor's organisation, by name; those out of use last, where they are wanted."""
    wanted = select(ContactTemplate).where(within(actor, ContactTemplate.organization_id))
    if not also_retired:
        wanted = wanted.where(ContactTemplate.retired_at.is_(None))
    order = (ContactTemplate.retired_at.is_not(None), ContactTemplate.name, ContactTemplate.id)
    return list(session.scalars(wanted.order_by(*order).limit(MOST_TEMPLATES)))


def template(session: Session, actor: Actor, template_id: UUID) -> ContactTemplate:
    """One that the actor may see. NotFound for any other."""
    found = session.scalars(
        select(ContactTemplate)
        .where(ContactTemplate.id == template_id, within(actor, ContactTemplate.organization_id))
        .order_by(ContactTemplate.id)
    ).one_or_none()
    if found is None:
        raise NotFound("template")
    return found
