"""What belongs to a listing beside its document when one is made of two: languages, areas, contacts, collections."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.directory.models import CollectionItem, Contact, Language, Service, ServiceArea

Part = Language | ServiceArea | Contact
# By the name of each list: the columns that its rows are made of.
LISTS: Mapping[str, tuple[type[Part], tuple[str, ...]]] = {
    "languages": (Language, ("name", "code", "note")),
    "service_areas": (ServiceArea, ("name", "description", "extent", "extent_type", "uri")),
    "contacts": (Contact, ("name", "title", "department", "email")),
}


def more_of(keep: Service, drop: Service) -> dict[str, list[Part]]:
    """What the one that goes tells in these lists and the other does not."""
    found = {name: _more(name, keep, drop) for name in LISTS}
    return {name: rows for name, rows in found.items() if rows}


def _more(name: str, keep: Service, drop: Service) -> list[Part]:
    known = {_told(name, row) for row in getattr(keep, name)}
    return [row for row in getattr(drop, name) if _told(name, row) not in known]


def _told(name: str, row: Part) -> str:
    # A language is its code, an area its name, a contact who it is: the rest is said of it.
    columns = ("code",) if name == "languages" and row.__dict__.get("code") else LISTS[name][1][:2]
    return " ".join(str(getattr(row, column) or "") for column in columns).casefold()


def add(session: Session, keep: Service, drop: Service, also: Collection[str]) -> dict[str, list[str]]:
    """Give the one that stays copies of what the other has more of; their ids by the name of the list."""
    added: dict[str, list[str]] = {}
    for name, rows in more_of(keep, drop).items():
        if name in also:
            made, columns = LISTS[name]
            copies = [made(id=uuid4(), **{column: getattr(row, column) for column in columns}) for row in rows]
            getattr(keep, name).extend(copies)
            added[name] = [str(copy.id) for copy in copies]
    session.flush()
    return added


def lead_collections(session: Session, keep: Service, drop: Service) -> list[str]:
    """Collections that name the one that goes name the other from now on, unless they do; the ids of their lines."""
    there = select(CollectionItem.collection_id).where(CollectionItem.service_id == keep.id)
    items = session.scalars(
        select(CollectionItem)
        .where(CollectionItem.service_id == drop.id, CollectionItem.collection_id.not_in(there))
        .order_by(CollectionItem.id)
    ).all()
    for item in items:
        item.service = keep
    session.flush()
    return [str(item.id) for item in items]


def take_back(session: Session, dropped: Service, carried: Mapping[str, Any]) -> None:
    """Take away the copies, and give the collections their listing back."""
    for name, ids in carried.get("added", {}).items():
        for id_ in ids:
            if (row := session.get(LISTS[name][0], UUID(id_))) is not None:
                session.delete(row)
    for id_ in carried.get("items", []):
        if (item := session.get(CollectionItem, UUID(id_))) is not None:
            item.service = dropped
    session.flush()
