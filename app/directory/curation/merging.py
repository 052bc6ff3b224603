"""Listings that are there twice: making one of two, and undoing it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotFound, Refused
from app.core.events import announce
from app.directory.codes import Status
from app.directory.curation import together
from app.directory.curation.announcements import ListingsMerged, MergeUndone
from app.directory.curation.document import Document, apply, document_of
from app.directory.curation.operations import keep_first_version, keep_version
from app.directory.curation.redirects import led_to, redirect_of
from app.directory.models import DistinctPair, Service, ServiceRedirect

MOST = 100


def merge(
    session: Session,
    actor: Actor,
    *,
    keep: Service,
    drop: Service,
    changes: Mapping[str, Any] | None = None,
    also: Collection[str] = (),
) -> ServiceRedirect:
    """Take `drop` out of sight and lead whoever asks for it to `keep`. Nothing of it is deleted.

    `changes` is what `keep` is to say from now on (see `combining`), and `also` which lists beside its document grow by
    those of `drop` (see `together`). Dates that are booked and ways to refer go over too; what stands in the way of
    that raises InvalidInput. It is no check: nobody has asked the service.
    """
    refuse_unless_two(session, keep, drop)
    redirect = ServiceRedirect(
        old_id=drop.id, service_id=keep.id, merged_by_id=actor.user_id, status_before=drop.status.value
    )
    went_over: dict[str, Any] = {}
    announce(session, ListingsMerged(actor, keep, drop, went_over))
    redirect.carried = {
        **went_over,
        **_carry(session, actor, keep, changes or {}, reason=f"made one with “{drop.name}”"),
        "added": together.add(session, keep, drop, also),
        "items": together.lead_collections(session, keep, drop),
    }
    drop.status, drop.last_modified = Status.DEFUNCT, clock.now()
    session.add(redirect)
    session.flush()
    record(session, actor, Action.CHANGED, ("service", drop.id), fields=("status", "merged"))
    return redirect


def refuse_unless_two(session: Session, keep: Service, drop: Service) -> None:
    """Raise where one of two listings cannot be led to the other."""
    if keep.id == drop.id or redirect_of(session, keep.id) is not None:
        raise InvalidInput("Choose two listings, of which the first stays.")
    if redirect_of(session, drop.id) is not None:
        raise Refused("This listing was merged already.")


def _carry(session: Session, actor: Actor, keep: Service, changes: Mapping[str, Any], *, reason: str) -> Document:
    """Bring a listing to `changes` as a version; what it said of them before, and what it says now."""
    if not changes:
        return {"before": {}, "after": {}}
    keep_first_version(session, keep)
    before = document_of(keep)
    apply(session, keep, changes, by=str(actor.user_id or actor.kind))
    keep_version(session, actor, keep, reason=reason)
    record(session, actor, Action.CHANGED, ("service", keep.id), fields=changes)
    after = document_of(keep)
    return {"before": {name: before[name] for name in changes}, "after": {name: after[name] for name in changes}}


def undo_merge(session: Session, actor: Actor, old_id: UUID) -> Service:
    """Bring a merged listing back as it was, and take from the other what it got from it.

    What somebody has changed there since then stays. NotFound where it was not merged.
    """
    redirect = session.scalars(
        select(ServiceRedirect).where(ServiceRedirect.old_id == old_id).order_by(ServiceRedirect.id)
    ).one_or_none()
    if redirect is None:
        raise NotFound("merge")
    service, carried = session.get_one(Service, old_id), redirect.carried or {}
    kept = session.get_one(Service, redirect.service_id)
    _give_back(session, actor, kept, carried, reason=f"no longer one with “{service.name}”")
    together.take_back(session, service, carried)
    # The one that stayed may have gone into a third since then, and all that it had with it.
    now_with = session.get_one(Service, led_to(session, kept.id))
    announce(session, MergeUndone(actor, now_with, service, carried))
    service.status, service.last_modified = Status(redirect.status_before), clock.now()
    session.delete(redirect)
    session.flush()
    record(session, actor, Action.CHANGED, ("service", old_id), fields=("status", "merged"))
    return service


def _give_back(session: Session, actor: Actor, kept: Service, carried: Mapping[str, Any], *, reason: str) -> None:
    now, after = document_of(kept), carried.get("after", {})
    untouched = {name: value for name, value in carried.get("before", {}).items() if now[name] == after[name]}
    _carry(session, actor, kept, untouched, reason=reason)


def call_distinct(session: Session, actor: Actor, one: Service, two: Service) -> None:
    """Say that two listings are not the same, so that they are not proposed again."""
    first, second = sorted((one.id, two.id))
    session.add(DistinctPair(first_id=first, second_id=second, said_by_id=actor.user_id))
    session.flush()
    record(session, actor, Action.CREATED, ("distinct_pair", first))


def merged_listings(session: Session) -> list[tuple[ServiceRedirect, Service, Service]]:
    """The latest merges: each with the listing that went and the one that stayed."""
    gone, stayed = aliased(Service), aliased(Service)
    rows = session.execute(
        select(ServiceRedirect, gone, stayed)
        .join(gone, gone.id == ServiceRedirect.old_id)
        .join(stayed, stayed.id == ServiceRedirect.service_id)
        .order_by(ServiceRedirect.created_at.desc(), ServiceRedirect.id)
        .limit(MOST)
    )
    return [(redirect, old, new) for redirect, old, new in rows]
