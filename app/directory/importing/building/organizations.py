"""Organisations of a feed."""

from __future__ import annotations

from uuid import UUID

from app.directory.geography import place_key
from app.directory.importing.building.feed import Feed
from app.directory.importing.building.fields import Fields
from app.directory.importing.building.parts import add_contacts, add_phones, add_tags, parts_of
from app.directory.importing.bundles import Bundle
from app.directory.importing.raw import Raw, Where, items

KIND = "organization"
NAMELESS = "Organisation not named"


def stage_organization(feed: Feed, raw: Raw, where: Where) -> Bundle:
    """Stage an organisation with what is told of it."""
    fields = Fields(raw, where, KIND, feed.staging)
    name = fields.line("name")
    source_id = fields.old_id or f"named {place_key(name or NAMELESS)}"
    if name is None:
        fields.note("the organisation has no name")
    identity = feed.object_id(KIND, source_id, where, name)
    if isinstance(above := raw.get("parent_organization"), dict):
        stage_organization(feed, above, where)
    parent = fields.words("parent_organization_id")
    bundle = Bundle(
        KIND,
        {
            "id": identity.id,
            "source": feed.source,
            "source_id": source_id,
            "name": name or NAMELESS,
            "alternate_name": fields.line("alternate_name"),
            "description": fields.text("description") or "",
            "email": fields.email("email"),
            "website": fields.url("website", "url"),
            "logo": fields.url("logo"),
            "uri": fields.url("uri"),
            "parent_organization_id": feed.object_id(KIND, parent, where).id if parent else None,
        },
        stands_in=name is None or identity.is_theirs,
    )
    _add_identifiers(feed, bundle, raw, where)
    add_phones(feed, bundle, raw, where)
    add_contacts(feed, bundle, raw, where)
    add_tags(feed, bundle, raw, where)
    feed.staging.put(bundle, where)
    return bundle


def stand_in(feed: Feed, old_id: str, name: str, where: Where) -> UUID:
    """An organisation of which the feed tells no more than an id, or nothing: it bears its service's name."""
    source_id = old_id or f"named {place_key(name)}"
    main = {
        "id": feed.object_id(KIND, source_id, where).id,
        "source": feed.source,
        "source_id": source_id,
        "name": name,
        "description": "",
    }
    bundle = Bundle(KIND, main, stands_in=True)
    feed.staging.put(bundle, where)
    return bundle.id


def _add_identifiers(feed: Feed, bundle: Bundle, raw: Raw, where: Where) -> None:
    told = items(raw.get("organization_identifiers"))
    for fields, row in parts_of(feed, bundle, "organization_identifier", told, where):
        identifier = fields.line("identifier")
        if identifier is None:
            continue
        scheme = fields.line("identifier_scheme")
        values = {
            "identifier_scheme": scheme,
            "identifier_type": fields.line("identifier_type") or scheme or "identifier",
            "identifier": identifier,
        }
        bundle.add("organization_identifier", {**row, **values})
