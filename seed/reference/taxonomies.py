"""Waymark's own taxonomies: the topics ("need"), service types and circumstances."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from app.directory.importing.applying import apply_bundles
from app.directory.importing.bundles import Bundle, Row
from app.directory.importing.identity import minted
from app.directory.wording.queries import changed_topics
from app.directory.wording.rules import TopicWords
from seed.tables import HERE, read_tsv

SOURCE = "waymark"
TAXONOMIES = {
    "need": ("Needs", "What a person needs help with: Waymark's topics."),
    "service-type": ("Service types", "What kind of service it is."),
    "circumstance": ("Circumstances", "Whose circumstances a service is for."),
}


def taxonomy_id(slug: str) -> UUID:
    """The id of one of Waymark's taxonomies."""
    return minted(SOURCE, "taxonomy", slug)


def term_id(taxonomy: str, code: str) -> UUID:
    """The id of a term of one of Waymark's taxonomies."""
    return minted(SOURCE, "taxonomy_term", f"{taxonomy}/{code}")


def load(session: Session) -> int:
    """Bring taxonomies and terms to what the tables say; returns how many terms there are."""
    apply_bundles(session, [_taxonomy(slug, *words) for slug, words in TAXONOMIES.items()])
    terms = topic_terms(changed_topics(session)) + other_terms()
    # Parents first: a term points at one that is there.
    apply_bundles(session, [Bundle("taxonomy_term", row) for row in terms if row["parent_id"] is None])
    apply_bundles(session, [Bundle("taxonomy_term", row) for row in terms if row["parent_id"] is not None])
    return len(terms)


def topic_terms(changed: Mapping[str, TopicWords] | None = None) -> list[Row]:
    """The topic tree in the order shown. `changed` is what staff made of some topics, which a new release leaves so."""
    rows = read_tsv(HERE / "reference" / "topics.tsv", columns=frozenset({"slug", "parent", "label"}))
    shipped = [_term("need", position, row["slug"], row["label"], row["parent"]) for position, row in enumerate(rows)]
    return [_as_changed(row, (changed or {}).get(row["code"])) for row in shipped]


def _as_changed(row: Row, words: TopicWords | None) -> Row:
    if words is None:
        return row
    parent = term_id("need", words.parent) if words.parent else None
    return {
        **row,
        "name": words.name,
        "description": words.description,
        "position": words.position,
        "parent_id": parent,
    }


def other_terms() -> list[Row]:
    """Service types and circumstances."""
    rows = read_tsv(HERE / "reference" / "taxonomies.tsv", columns=frozenset({"taxonomy", "slug", "label"}))
    return [_term(row["taxonomy"], position, row["slug"], row["label"]) for position, row in enumerate(rows)]


def _taxonomy(slug: str, name: str, description: str) -> Bundle:
    return Bundle("taxonomy", {"id": taxonomy_id(slug), "slug": slug, "name": name, "description": description})


def _term(taxonomy: str, position: int, code: str, label: str, parent: str = "") -> Row:
    return {
        "id": term_id(taxonomy, code),
        "taxonomy_id": taxonomy_id(taxonomy),
        "parent_id": term_id(taxonomy, parent) if parent else None,
        "code": code,
        "name": label,
        "description": label,
        "position": position,
    }
