"""Collections: made by staff, filled from the pages of services, ordered, published."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete as remove_rows
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotFound, Refused
from app.core.text import slugify
from app.directory.curation.access import is_editor, may_keep
from app.directory.models import Collection, CollectionItem, Service

LONGEST_SLUG = 60
MOST_ITEMS = 100


def make(session: Session, actor: Actor, *, name: str, introduction: str = "") -> Collection:
    """A new collection that only its keepers see: an editor's is for all, other staff's is their organisation's."""
    found = Collection(
        slug=_free_slug(session, name),
        name=name,
        introduction=introduction,
        organization_id=None if is_editor(actor) else actor.organization_id,
        made_by_id=actor.user_id,
    )
    session.add(found)
    session.flush()
    record(session, actor, Action.CREATED, ("collection", found.id), fields=("name", "introduction"))
    return found


def _free_slug(session: Session, name: str) -> str:
    base = slugify(name)[:LONGEST_SLUG].strip("-") or "collection"
    alike = select(Collection.slug).where(Collection.slug.startswith(base, autoescape=True))
    taken = set(session.scalars(alike.order_by(Collection.slug)))
    number = 1
    while (slug := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return slug


def rename(session: Session, actor: Actor, collection: Collection, *, name: str, introduction: str) -> None:
    """Change the words at its top. Its address stays."""
    collection.name, collection.introduction = name, introduction
    _note(session, actor, collection, "name", "introduction")


def add(session: Session, actor: Actor, collection: Collection, service: Service) -> None:
    """Put a service at the end of the list; one that is on it stays where it is."""
    rows = items(session, collection.id)
    if any(item.service_id == service.id for item in rows):
        return
    if len(rows) >= MOST_ITEMS:
        raise InvalidInput("This collection is full. Take something off it first.")
    session.add(CollectionItem(collection_id=collection.id, service_id=service.id, service=service, position=len(rows)))
    _note(session, actor, collection, "items")


def remove(session: Session, actor: Actor, collection: Collection, item_id: UUID) -> None:
    """Take a service off the list."""
    session.delete(_item(session, collection, item_id))
    session.flush()
    _number(items(session, collection.id))
    _note(session, actor, collection, "items")


def move_up(session: Session, actor: Actor, collection: Collection, item_id: UUID) -> None:
    """Change places with the one before."""
    rows = items(session, collection.id)
    at = rows.index(_item(session, collection, item_id))
    if at:
        rows[at - 1], rows[at] = rows[at], rows[at - 1]
    _number(rows)
    _note(session, actor, collection, "items")


def set_notes(session: Session, actor: Actor, collection: Collection, notes: Mapping[UUID, str]) -> None:
    """Say why services are on the list; an item without an entry keeps its note."""
    for item in items(session, collection.id):
        item.note = notes.get(item.id, item.note)
    _note(session, actor, collection, "notes")


def publish(session: Session, actor: Actor, collection: Collection) -> None:
    """Show it to the public. InvalidInput while nothing is on it."""
    if not items(session, collection.id):
        raise InvalidInput("Put at least one service on it first.")
    collection.published_at = collection.published_at or clock.now()
    _note(session, actor, collection, "published_at")


def withdraw(session: Session, actor: Actor, collection: Collection) -> None:
    """Take it out of sight of the public."""
    collection.published_at = None
    _note(session, actor, collection, "published_at")


def delete(session: Session, actor: Actor, collection: Collection) -> None:
    """Throw it away with its notes. Refused while the public sees it: it is taken out of sight first."""
    if collection.published_at is not None:
        raise Refused("The public sees this list. Take it out of sight first.")
    record(session, actor, Action.DELETED, ("collection", collection.id))
    session.execute(remove_rows(CollectionItem).where(CollectionItem.collection_id == collection.id))
    session.delete(collection)
    session.flush()


def kept(session: Session, actor: Actor) -> list[tuple[Collection, int]]:
    """The collections that the actor looks after, by name, and how many services each has."""
    sizes = (
        select(CollectionItem.collection_id, func.count().label("size"))
        .group_by(CollectionItem.collection_id)
        .subquery()
    )
    rows = session.execute(
        select(Collection, func.coalesce(sizes.c.size, 0))
        .outerjoin(sizes, sizes.c.collection_id == Collection.id)
        .where(may_keep(actor))
        .order_by(Collection.name, Collection.id)
    )
    return [(collection, size) for collection, size in rows]


def kept_one(session: Session, actor: Actor, collection_id: UUID) -> Collection:
    """One that the actor looks after. NotFound for any other."""
    statement = select(Collection).where(Collection.id == collection_id, may_keep(actor))
    return _one(session.scalars(statement.order_by(Collection.id)).first())


def published_one(session: Session, slug: str) -> Collection:
    """One that the public is shown. NotFound for any other."""
    statement = select(Collection).where(Collection.slug == slug, Collection.published_at.is_not(None))
    return _one(session.scalars(statement.order_by(Collection.id)).first())


def published(session: Session) -> list[Collection]:
    """The editors' collections that the public is shown, by name.

    An organisation's own are reached by their address alone: it is for the editors to say what stands for Waymark.
    """
    statement = select(Collection).where(Collection.published_at.is_not(None), Collection.organization_id.is_(None))
    return list(session.scalars(statement.order_by(Collection.name, Collection.id)))


def items(session: Session, collection_id: UUID) -> list[CollectionItem]:
    """What is on the list, in its order."""
    return list(
        session.scalars(
            select(CollectionItem)
            .where(CollectionItem.collection_id == collection_id)
            .order_by(CollectionItem.position, CollectionItem.id)
        )
    )


def _one(found: Collection | None) -> Collection:
    if found is None:
        raise NotFound("collection")
    return found


def _item(session: Session, collection: Collection, item_id: UUID) -> CollectionItem:
    found = session.get(CollectionItem, item_id)
    if found is None or found.collection_id != collection.id:
        raise NotFound("item of a collection")
    return found


def _number(rows: list[CollectionItem]) -> None:
    for position, item in enumerate(rows):
        item.position = position


def _note(session: Session, actor: Actor, collection: Collection, *fields: str) -> None:
    session.flush()
    record(session, actor, Action.CHANGED, ("collection", collection.id), fields=fields)
