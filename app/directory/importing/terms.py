"""Writing the taxonomies and terms of a feed."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.directory.importing.applying import apply_bundles
from app.directory.importing.building.feed import OWN_TAXONOMIES
from app.directory.importing.bundles import Bundle, table_of
from app.directory.importing.staging import Staging


def apply_terms(session: Session, staging: Staging) -> None:
    """Write what the feed's tags need; Waymark's own taxonomies are never changed by a feed."""
    taxonomies = list(staging.bundles("taxonomy"))
    if not taxonomies:
        return
    own = _own(session)
    _free_slugs(session, taxonomies)
    apply_bundles(session, [bundle for bundle in taxonomies if bundle.id not in own])
    terms = [bundle for bundle in staging.bundles("taxonomy_term") if bundle.main["taxonomy_id"] not in own]
    _free_codes(session, terms)
    parents = {bundle.id: parent for bundle in terms if (parent := bundle.main.pop("parent_id"))}
    apply_bundles(session, terms)
    known = _ids(session, "taxonomy_term", parents.values())
    related = ((child, parent) for child, parent in parents.items() if parent in known and parent != child)
    apply_bundles(session, [Bundle("taxonomy_term", {"id": child, "parent_id": parent}) for child, parent in related])


def _own(session: Session) -> set[UUID]:
    table = table_of("taxonomy")
    return set(session.scalars(select(table.c.id).where(table.c.slug.in_(OWN_TAXONOMIES)).order_by(table.c.id)))


def _free_slugs(session: Session, taxonomies: list[Bundle]) -> None:
    """A slug that another taxonomy has gets the id's first letters at its end."""
    table = table_of("taxonomy")
    taken = {row.slug: row.id for row in session.execute(select(table.c.slug, table.c.id).order_by(table.c.id))}
    for bundle in taxonomies:
        if taken.setdefault(bundle.main["slug"], bundle.id) != bundle.id:
            bundle.main["slug"] = f"{bundle.main['slug']}-{bundle.id.hex[:8]}"
            taken[bundle.main["slug"]] = bundle.id


def _free_codes(session: Session, terms: list[Bundle]) -> None:
    table = table_of("taxonomy_term")
    ids = {bundle.main["taxonomy_id"] for bundle in terms}
    statement = select(table.c.taxonomy_id, table.c.code, table.c.id).where(table.c.taxonomy_id.in_(ids))
    taken = {(row.taxonomy_id, row.code): row.id for row in session.execute(statement.order_by(table.c.id))}
    for bundle in terms:
        key = bundle.main["taxonomy_id"], bundle.main["code"]
        if taken.setdefault(key, bundle.id) != bundle.id:
            bundle.main["code"] = f"{bundle.main['code']}-{bundle.id.hex[:8]}"


def _ids(session: Session, table_name: str, ids: Iterable[UUID]) -> set[UUID]:
    table, wanted = table_of(table_name), sorted(set(ids))
    found: set[UUID] = set()
    for start in range(0, len(wanted), 500):
        found.update(session.scalars(select(table.c.id).where(table.c.id.in_(wanted[start : start + 500]))))
    return found
