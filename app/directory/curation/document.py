"""A listing as a document: the part of it that people edit, compare, keep as versions and bring back.

A document is plain JSON: texts, numbers, codes, lists of codes, telephone lines, topic slugs, and rows of places, hours
and costs (`app.directory.curation.parts`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import InvalidInput
from app.directory.codes import Accepting, AccessRoute, Coverage, Gender, Kind, Reach, Status
from app.directory.curation.flags import drop_mended
from app.directory.curation.parts import costs, hours, places
from app.directory.models import Attribute, Metadata, Phone, Service, Taxonomy, TaxonomyTerm

Document = dict[str, Any]
FieldKind = Literal["text", "code", "codes", "number", "phones", "topics", "rows"]
NEED = "need"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the document. A `trusted` one a provider may publish at once."""

    name: str
    kind: FieldKind
    codes: type[StrEnum] | None = None
    trusted: bool = False


FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field("name", "text"),
        Field("alternate_name", "text"),
        Field("kind", "code", Kind),
        Field("status", "code", Status),
        Field("alert", "text", trusted=True),
        Field("description", "text"),
        Field("topics", "topics"),
        Field("phones", "phones"),
        Field("email", "text"),
        Field("url", "text"),
        Field("reach", "codes", Reach),
        Field("coverage", "code", Coverage),
        Field("access_routes", "codes", AccessRoute),
        Field("application_process", "text"),
        Field("what_to_say", "text", trusted=True),
        Field("what_to_bring", "text", trusted=True),
        Field("what_happens_next", "text", trusted=True),
        Field("minimum_age", "number"),
        Field("maximum_age", "number"),
        Field("gender", "code", Gender),
        Field("eligibility_description", "text"),
        Field("not_for", "text"),
        Field("fees_description", "text"),
        Field("interpretation_services", "text"),
        Field("wait_time", "text", trusted=True),
        Field("places", "rows"),
        Field("hours", "rows"),
        Field("costs", "rows"),
    )
}
REQUIRED = frozenset({"name", "description"})
NEVER_NULL = frozenset({"name", "description", "kind", "status", "coverage"})
CAPACITY_FIELDS = {"accepting": Accepting}
ROWS_OF = {"places": places.rows_of, "hours": hours.rows_of, "costs": costs.rows_of}


def document_of(service: Service) -> Document:
    """The document of a service as it stands."""
    return {name: _told(service, field) for name, field in FIELDS.items()}


def _told(service: Service, field: Field) -> Any:
    if field.kind == "rows":
        return ROWS_OF[field.name](service)
    if field.kind == "phones":
        return [_line(phone) for phone in service.phones]
    if field.kind == "topics":
        return sorted(tag.taxonomy_term.code for tag in service.attributes if tag.taxonomy_term.taxonomy.slug == NEED)
    return plain_value(field, getattr(service, field.name))


def plain_value(field: Field, value: Any) -> Any:
    """The value of a column as a document tells it."""
    if field.kind == "codes":
        return sorted(str(code) for code in value or ())
    if field.kind == "number":
        return value
    return str(value) if value is not None else ""


def _line(phone: Phone) -> str:
    return f"{phone.number}, {phone.description}" if phone.description else phone.number


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Document, Document]:
    """The fields in which two documents differ: as they were, and as they should be. Unknown fields are passed over."""
    changed = [name for name in FIELDS if name in after and after[name] != before.get(name)]
    return {name: before.get(name) for name in changed}, {name: after[name] for name in changed}


def problems_of(changes: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with values that a document is to take, by field; codes that are not ours are among it."""
    wrong: dict[str, str] = {}
    for name, value in changes.items():
        field = FIELDS.get(name)
        if field is None:
            wrong[name] = "unknown"
        elif name in REQUIRED and not value:
            wrong[name] = "missing"
        elif field.kind == "rows" and not (isinstance(value, list) and all(isinstance(row, dict) for row in value)):
            wrong[name] = "rows"
        elif field.codes and not _codes_are_known(field, value):
            wrong[name] = "code"
    return wrong


def _codes_are_known(field: Field, value: Any) -> bool:
    known = {code.value for code in field.codes or ()}
    given = value if field.kind == "codes" else [value] if value else []
    return set(given) <= known and not (field.kind == "code" and field.name in NEVER_NULL and not value)


def apply(session: Session, service: Service, changes: Mapping[str, Any], *, by: str) -> None:
    """Bring a service to what `changes` say, and note each field in its metadata. InvalidInput for unusable values."""
    if wrong := problems_of(changes):
        raise InvalidInput("This change cannot be used: " + ", ".join(sorted(wrong)) + ".")
    before = document_of(service)
    old, new = differences(before, changes)
    for name, value in new.items():
        _put(session, service, FIELDS[name], value)
    if "places" in new and "hours" not in new:
        # The hours of a place that is gone stay with the listing.
        hours.put(service, before["hours"])
    if not new:
        return
    service.last_modified = clock.now()
    drop_mended(session, service.id, new)
    session.add_all(_metadata(service, name, old[name], new[name], by=by) for name in new)
    session.flush()


def _put(session: Session, service: Service, field: Field, value: Any) -> None:
    if field.name == "places":
        places.put(session, service, value)
    elif field.name == "hours":
        hours.put(service, value)
    elif field.name == "costs":
        costs.put(service, value)
    elif field.kind == "phones":
        _put_phones(service, value)
    elif field.kind == "topics":
        _put_topics(session, service, value)
    elif field.kind == "codes" and field.codes:
        setattr(service, field.name, frozenset(field.codes(code) for code in value))
    elif field.kind == "code" and field.codes:
        setattr(service, field.name, field.codes(value) if value else None)
    elif field.kind == "number":
        setattr(service, field.name, value)
    else:
        setattr(service, field.name, value or ("" if field.name in NEVER_NULL else None))


def _put_phones(service: Service, lines: Iterable[str]) -> None:
    known = {phone.number: phone for phone in service.phones}
    rows = []
    for position, line in enumerate(lines):
        number, _, description = (part.strip() for part in line.partition(","))
        phone = known.get(number) or Phone(number=number)
        phone.description, phone.position = description or None, position
        rows.append(phone)
    service.phones = rows


def _put_topics(session: Session, service: Service, slugs: Iterable[str]) -> None:
    wanted = list(dict.fromkeys(slugs))
    terms = {
        term.code: term
        for term in session.scalars(
            select(TaxonomyTerm)
            .join(Taxonomy)
            .where(Taxonomy.slug == NEED, TaxonomyTerm.code.in_(wanted))
            .order_by(TaxonomyTerm.id)
        )
    }
    kept = [tag for tag in service.attributes if tag.taxonomy_term.taxonomy.slug != NEED]
    known = {tag.taxonomy_term.code: tag for tag in service.attributes if tag.taxonomy_term.taxonomy.slug == NEED}
    for position, slug in enumerate(slug for slug in wanted if slug in terms):
        tag = known.get(slug) or Attribute(taxonomy_term_id=terms[slug].id, taxonomy_term=terms[slug])
        tag.by_rule, tag.position = False, position
        kept.append(tag)
    service.attributes = kept


def _metadata(service: Service, name: str, old: Any, new: Any, *, by: str) -> Metadata:
    return Metadata(
        resource_id=service.id,
        resource_type="service",
        last_action_type="update",
        field_name=name,
        previous_value=_plain(old),
        replacement_value=_plain(new),
        updated_by=by,
    )


def _plain(value: Any) -> str:
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        # Where a place is kept secret, the history that others read says no more than that.
        told = [{"confidential": True} if item.get("confidential") else item for item in value]
        return json.dumps(told, sort_keys=True)
    return "; ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
