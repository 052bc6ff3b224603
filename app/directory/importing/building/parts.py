"""Parts that services, organisations and places have in common: telephones, contacts, tags; and a service's facts."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from app.directory.importing.building.feed import Feed
from app.directory.importing.building.fields import Fields
from app.directory.importing.building.terms import term_of
from app.directory.importing.bundles import Bundle, Row
from app.directory.importing.cleaning import values
from app.directory.importing.identity import part_of
from app.directory.importing.raw import Raw, Where, items
from app.directory.languages import language_code, language_name

LONGEST_NUMBER = 60


def parts_of(
    feed: Feed, bundle: Bundle, table: str, raws: list[Raw], where: Where, *, owner: UUID | None = None
) -> Iterator[tuple[Fields, Row]]:
    """The fields of each raw part, and its row as far as id and owner; an empty table is told as such."""
    rows = bundle.parts.setdefault(table, [])
    for position, raw in enumerate(raws):
        fields = Fields(raw, where, table, feed.staging)
        part_id = feed.part_id(table, owner or bundle.id, fields.old_id, position)
        if any(row["id"] == part_id for row in rows):
            part_id = part_of(owner or bundle.id, table, f"{fields.old_id} {len(rows)}")
        yield fields, {"id": part_id, f"{bundle.kind}_id": bundle.id}


def add_phones(feed: Feed, bundle: Bundle, raw: Raw, where: Where) -> None:
    """Telephones: in their own list, with contacts, or as one field of the object."""
    for fields, row in parts_of(feed, bundle, "phone", _raw_phones(raw), where):
        number = fields.line("number") or ""
        if not any(ch.isdigit() for ch in number):
            fields.note(
                f"phone: {number[:60]!r} has no number in it and was left out" if number else "phone without number"
            )
            continue
        if (whole := values.dialled(number)) != number:
            fields.note(f"phone: {number!r} cannot be dialled as it is written and was taken for {whole}")
        values_ = {
            "number": whole[:LONGEST_NUMBER],
            "extension": fields.line("extension"),
            "type": fields.line("type"),
            "description": fields.line("description"),
            "position": len(bundle.rows("phone")),
        }
        bundle.add("phone", {**row, **values_})


def _raw_phones(raw: Raw) -> list[Raw]:
    phones = items(raw.get("phones"))
    for contact in items(raw.get("contacts")):
        words = values.words(contact.get("title")) or values.words(contact.get("name"))
        phones += [{"description": words, **phone} for phone in items(contact.get("phones"))]
    told = values.words(raw.get("phone") or raw.get("telephone"))
    found = values.phone_numbers(told)
    phones += [{"number": number} for number in (found if len(found) > 1 else [told] if told else [])]
    unique: dict[str, Raw] = {}
    for phone in phones:
        unique.setdefault("".join(values.words(phone.get("number")).split()), phone)
    return list(unique.values())


def add_contacts(feed: Feed, bundle: Bundle, raw: Raw, where: Where) -> None:
    """Whom to ask for."""
    for fields, row in parts_of(feed, bundle, "contact", items(raw.get("contacts")), where):
        told = {
            "name": fields.line("name"),
            "title": fields.line("title"),
            "department": fields.line("department"),
            "email": fields.email("email"),
        }
        if any(told.values()):
            bundle.add("contact", {**row, **told})


def add_tags(feed: Feed, bundle: Bundle, raw: Raw, where: Where) -> None:
    """Terms said of the object: Waymark's own where one has exactly that label or slug, else the source's."""
    seen: set[UUID] = set()
    for fields, row in parts_of(feed, bundle, "attribute", items(raw.get("attributes")), where):
        term = term_of(feed, fields)
        if term is None or term in seen:
            continue
        seen.add(term)
        told = {"taxonomy_term_id": term, "by_rule": fields.truth("by_rule"), "position": len(seen) - 1}
        bundle.add("attribute", {**row, **told})


def add_costs(feed: Feed, bundle: Bundle, raw: Raw, where: Where) -> None:
    """What it costs."""
    for fields, row in parts_of(feed, bundle, "cost_option", items(raw.get("cost_options")), where):
        amount = fields.amount("amount")
        told = {
            "option": fields.line("option"),
            "amount": amount,
            "amount_description": fields.line("amount_description")
            or (fields.line("amount") if amount is None else None),
            "valid_from": fields.day("valid_from"),
            "valid_to": fields.day("valid_to"),
        }
        if any(value is not None for value in told.values()):
            bundle.add("cost_option", {**row, **told, "position": len(bundle.rows("cost_option"))})


def add_languages(feed: Feed, bundle: Bundle, raw: Raw, where: Where) -> None:
    """The languages it is given in."""
    for fields, row in parts_of(feed, bundle, "language", items(raw.get("languages")), where):
        told = fields.line("name", "language", "code")
        code = language_code(fields.words("code")) or (language_code(told) if told else None)
        if told is None:
            continue
        name = language_name(code) if code and told.casefold() == code else told
        bundle.add("language", {**row, "code": code, "name": name, "note": fields.line("note")})


def add_areas(feed: Feed, bundle: Bundle, raw: Raw, where: Where) -> None:
    """Where people must live."""
    for fields, row in parts_of(feed, bundle, "service_area", items(raw.get("service_areas")), where):
        told = {
            "name": fields.line("name", "service_area"),
            "description": fields.text("description"),
            "extent": fields.words("extent")[:100_000] or None,
            "extent_type": fields.line("extent_type"),
            "uri": fields.line("uri"),
        }
        if any(told.values()):
            bundle.add("service_area", {**row, **told})


def add_fundings(feed: Feed, bundle: Bundle, raw: Raw, where: Where) -> None:
    """Who pays for it."""
    for fields, row in parts_of(feed, bundle, "funding", items(raw.get("funding")), where):
        if source := fields.line("source"):
            bundle.add("funding", {**row, "source": source})
