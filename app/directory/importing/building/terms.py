"""Taxonomy terms that a feed names."""

from __future__ import annotations

from uuid import UUID

from app.core.text import slugify
from app.directory.importing.building.feed import OWN_SOURCE, OWN_TAXONOMIES, Feed
from app.directory.importing.building.fields import Fields
from app.directory.importing.bundles import Bundle
from app.directory.importing.cleaning import values
from app.directory.importing.identity import as_uuid, kept_or_minted, minted
from app.directory.importing.raw import Raw, Where, first_of

UNNAMED = "terms"


def term_of(feed: Feed, fields: Fields) -> UUID | None:
    """The term that an attribute names; staged with its taxonomy where it is not one of Waymark's own."""
    raw = fields.raw.get("taxonomy_term")
    if not isinstance(raw, dict):
        raw = {"id": fields.raw.get("taxonomy_term_id"), "name": fields.raw.get("name")}
    term = Fields(raw, fields.where, "taxonomy_term", feed.staging)
    old_id = as_uuid(term.old_id)
    if old_id in feed.own_ids:
        return old_id
    name = term.line("name", "term", "label", "description") or ""
    if found := feed.own.like(name, term.words("code"), term.words("term")):
        return found
    if not name:
        fields.note("a tag names no term and was left out")
        return None
    return stage_term(feed, term, name)


def stage_term(feed: Feed, term: Fields, name: str) -> UUID:
    """Stage a foreign term and its taxonomy; the term's id."""
    detail = term.raw.get("taxonomy_detail")
    told: Raw = detail if isinstance(detail, dict) else {}
    taxonomy = _stage_taxonomy(feed, term, told)
    parent_id = _stage_parent(feed, term)
    code = term.line("code", "term_code") or (term.old_id if not as_uuid(term.old_id) else "") or slugify(name)
    term_id = _term_id(feed, term, taxonomy, code)
    row = {
        "id": term_id,
        "taxonomy_id": taxonomy.id,
        "parent_id": parent_id,
        "code": code,
        "name": name,
        "description": term.text("description") or name,
        "term_uri": term.url("term_uri"),
        "position": term.count("position") or 0,
    }
    feed.staging.put(Bundle("taxonomy_term", row), term.where)
    return term_id


def _stage_parent(feed: Feed, term: Fields) -> UUID | None:
    """The id of the term above: told whole inside this one, or by its id alone."""
    told = term.raw.get("parent")
    if isinstance(told, dict):
        parent = Fields(told, term.where, "taxonomy_term", feed.staging)
        if name := parent.line("name", "term"):
            return stage_term(feed, parent, name)
    old_id = term.words("parent_id")
    return kept_or_minted(feed.source, "taxonomy_term", old_id) if old_id else None


def _term_id(feed: Feed, term: Fields, taxonomy: Bundle, code: str) -> UUID:
    if taxonomy.main["slug"] in OWN_TAXONOMIES:
        return minted(OWN_SOURCE, "taxonomy_term", f"{taxonomy.main['slug']}/{code}")
    if term.old_id:
        return kept_or_minted(feed.source, "taxonomy_term", term.old_id)
    return minted(feed.source, "taxonomy_term", f"{taxonomy.main['slug']}/{code}")


def stage_taxonomy(feed: Feed, raw: Raw, where: Where) -> None:
    """Stage a taxonomy by itself."""
    _stage_taxonomy(feed, Fields({}, where, "taxonomy_term", feed.staging), raw)


def _stage_taxonomy(feed: Feed, term: Fields, told: Raw) -> Bundle:
    fields = Fields(told, term.where, "taxonomy", feed.staging)
    name = fields.line("name") or term.line("taxonomy", "vocabulary") or UNNAMED
    old_id = values.words(first_of(told, "id") or term.raw.get("taxonomy_id")).strip()
    slug = _slug(feed, fields.words("slug"), old_id, name)
    row = {
        "id": kept_or_minted(feed.source, "taxonomy", old_id or slug),
        "slug": slug,
        "name": name,
        "description": fields.text("description") or name,
        "uri": fields.url("uri"),
        "version": fields.line("version"),
    }
    bundle = Bundle("taxonomy", row)
    feed.staging.put(bundle, term.where)
    return bundle


def _slug(feed: Feed, told: str, old_id: str, name: str) -> str:
    """A slug of the source's own; Waymark's are only for what bears the ids that Waymark gives."""
    if told in OWN_TAXONOMIES and as_uuid(old_id) == minted(OWN_SOURCE, "taxonomy", told):
        return told
    if told.startswith(f"{feed.source}-") or (told and as_uuid(old_id) and told not in OWN_TAXONOMIES):
        return slugify(told)
    return slugify(f"{feed.source} {name if name != UNNAMED else old_id or name}")
