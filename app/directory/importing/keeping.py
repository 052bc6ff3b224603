"""What staff changed in a listing stays when its feed comes again, and what the feed has now is told to an editor.

A field is staff's from the first time that somebody published a change of it (`metadata` says so, field by field).
What the feed says of it is left out of what is written; where that differs, it becomes a proposal, which an editor
takes or declines like any other. A feed that keeps saying the same is not heard twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import SYSTEM
from app.directory.codes import ProposalState
from app.directory.curation.document import FIELDS, Document, differences, document_of, plain_value
from app.directory.curation.flags import mended_in
from app.directory.curation.parts import costs, hours
from app.directory.importing.bundles import Bundle
from app.directory.models import (
    CostOption,
    Metadata,
    Proposal,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceRedirect,
    Taxonomy,
    TaxonomyTerm,
)
from app.directory.queries import NEED, for_page

# The parts in which a feed tells a field of the document that is no column. Hours hang on places.
PARTS_OF: Mapping[str, tuple[str, ...]] = {
    "topics": ("attribute",),
    "phones": ("phone",),
    "costs": ("cost_option",),
    "hours": ("schedule", "service_at_location"),
    "places": ("service_at_location", "schedule"),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A listing some of whose fields stay as staff made them, and in which of them the feed says something else."""

    id: UUID
    name: str
    before: Document
    after: Document

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that differ."""
        return tuple(self.after)


def keep_staff_fields(session: Session, bundles: Sequence[Bundle]) -> list[Kept]:
    """Take what is staff's out of the bundles of services; returns the listings of which the feed differs there."""
    fields = _staff_fields(session, [bundle.id for bundle in bundles])
    if not fields:
        return []
    services = whole(session, fields)
    merged = _merged(session, list(fields))
    kept = []
    for bundle in bundles:
        if bundle.id in fields and bundle.id in services:
            service = services[bundle.id]
            told = told_by(session, bundle, service)
            theirs = {name: value for name, value in told.items() if name in fields[bundle.id]}
            if bundle.id in merged:
                theirs.pop("status", None)
            before, after = differences(document_of(service), theirs)
            if after:
                kept.append(Kept(service.id, service.name, before, after))
            _leave_out(bundle, fields[bundle.id])
    return kept


def keep_staff_places(session: Session, bundles: Iterable[Bundle]) -> list[Bundle]:
    """The bundles of places without those of listings whose places are staff's."""
    wanted = list(bundles)
    changed = select(Metadata.resource_id).where(*_BY_STAFF, Metadata.field_name == "places")
    held = select(ServiceAtLocation.location_id).where(
        ServiceAtLocation.location_id.in_([bundle.id for bundle in wanted]), ServiceAtLocation.service_id.in_(changed)
    )
    staffs = set(session.scalars(held.order_by(ServiceAtLocation.location_id)))
    return [bundle for bundle in wanted if bundle.id not in staffs]


def propose_theirs(session: Session, kept: Iterable[Kept], source_name: str) -> None:
    """Put before an editor what the feed says; what was put before one in the same words is not put again."""
    note = f"The list “{source_name}” says this now."
    for one in kept:
        known = session.scalars(
            select(Proposal)
            .where(Proposal.service_id == one.id, Proposal.proposed_by_id.is_(None), Proposal.note == note)
            .order_by(Proposal.created_at.desc(), Proposal.id)
        ).all()
        if known and known[0].after == one.after and known[0].before == one.before:
            continue
        for earlier in known:
            if earlier.state in {ProposalState.OPEN, ProposalState.ASKED}:
                earlier.state, earlier.decided_at = ProposalState.WITHDRAWN, clock.now()
        proposal = Proposal(service_id=one.id, note=note, before=one.before, after=one.after)
        session.add(proposal)
        session.flush()
        record(session, SYSTEM, Action.CREATED, ("proposal", proposal.id), fields=one.after, reason="import")


def told_by(session: Session, bundle: Bundle, service: Service) -> Document:
    """What a bundle says of a listing that is there, as far as a document can tell it."""
    told: Document = {
        name: plain_value(field, bundle.main[name])
        for name, field in FIELDS.items()
        if name in bundle.main and field.kind in {"text", "code", "codes", "number"}
    }
    if "phone" in bundle.parts:
        rows = sorted(bundle.rows("phone"), key=lambda row: row.get("position") or 0)
        told["phones"] = [", ".join(filter(None, (row["number"], row.get("description")))) for row in rows]
    if any(not row.get("by_rule") for row in bundle.rows("attribute")):
        told["topics"] = _topics(session, bundle)
    if "cost_option" in bundle.parts:
        told["costs"] = [costs.row_of(CostOption(**row)) for row in bundle.rows("cost_option")]
    links = {link.id for link in service.service_at_locations}
    if "schedule" in bundle.parts and links >= {_link(row) for row in bundle.rows("schedule") if _link(row)}:
        told["hours"] = [
            hours.row_of(Schedule(**row), str(_link(row)) if _link(row) else None)
            for row in sorted(bundle.rows("schedule"), key=lambda row: _link(row) is not None)
        ]
    return told


def _link(row: Mapping[str, Any]) -> UUID | None:
    found: UUID | None = row.get("service_at_location_id")
    return found


def _topics(session: Session, bundle: Bundle) -> list[str]:
    ids = [row["taxonomy_term_id"] for row in bundle.rows("attribute")]
    codes = select(TaxonomyTerm.code).join(Taxonomy).where(Taxonomy.slug == NEED, TaxonomyTerm.id.in_(ids))
    return sorted(session.scalars(codes.order_by(TaxonomyTerm.code)))


def _leave_out(bundle: Bundle, fields: Set[str]) -> None:
    for name in fields:
        bundle.main.pop(name, None)
        for part in PARTS_OF.get(name, ()):
            bundle.parts.pop(part, None)
    # What the feed says there is not what people read.
    bundle.flags = [flag for flag in bundle.flags if mended_in(flag["field_name"]) not in fields]


# The history of an import names no field; that of somebody who published a change does.
_BY_STAFF = (Metadata.resource_type == "service", Metadata.field_name != "")


def _staff_fields(session: Session, ids: Sequence[UUID]) -> dict[UUID, set[str]]:
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    changed = select(Metadata.resource_id, Metadata.field_name).where(*_BY_STAFF, Metadata.resource_id.in_(ids))
    for service_id, name in session.execute(changed.distinct().order_by(Metadata.resource_id, Metadata.field_name)):
        found[service_id].add(name)
    # Waymark itself took these out of sight, because nobody had checked them for too long: a feed is no check.
    hidden = select(Service.id).where(Service.id.in_(ids), Service.hidden_as_stale_on.is_not(None))
    for service_id in (*session.scalars(hidden.order_by(Service.id)), *_merged(session, ids)):
        found[service_id].add("status")
    return found


def _merged(session: Session, ids: Sequence[UUID]) -> set[UUID]:
    """Those that an editor made one with another listing: they stay out of sight, and nobody is asked again."""
    gone = select(ServiceRedirect.old_id).where(ServiceRedirect.old_id.in_(ids)).order_by(ServiceRedirect.old_id)
    return set(session.scalars(gone))


def whole(session: Session, ids: Iterable[UUID]) -> dict[UUID, Service]:
    """These services with everything told of them, by id."""
    statement = select(Service).where(Service.id.in_(sorted(ids))).options(*for_page()).order_by(Service.id)
    return {service.id: service for service in session.scalars(statement)}
