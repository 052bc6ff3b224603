"""Changing several listings at once: what would change, and doing it. None of it counts as a check of a listing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import MemberOrganization
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput
from app.directory.codes import Status
from app.directory.curation.access import may_curate
from app.directory.curation.document import NEED, Document, apply
from app.directory.curation.flags import proposed_topics, topics_are_right
from app.directory.curation.operations import keep_first_version, keep_version
from app.directory.models import Organization, Service
from app.directory.queries import for_page

MOST = 50


class Act(StrEnum):
    """What can be done to several listings."""

    NEXT_CHECK = "next-check"
    OWNER = "owner"
    ADD_TOPIC = "add-topic"
    TAKE_TOPIC = "take-topic"
    TOPICS_RIGHT = "topics-right"
    HIDE = "hide"
    SHOW = "show"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be done, with the day, the topic's slug or the organisation of staff (None: nobody) that it needs."""

    act: Act
    day: date | None = None
    topic: str = ""
    owner: UUID | None = None


Value = date | UUID | Status | str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One listing: how it is in this respect, and how it would be. `also` counts others that go with it."""

    service: Service
    before: Value
    after: Value
    also: int = 0

    @property
    def is_change(self) -> bool:
        """Whether there is anything to do."""
        return self.before != self.after


def chosen(session: Session, actor: Actor, ids: Iterable[UUID]) -> list[Service]:
    """The listings with these ids that the actor may curate, by name."""
    statement = (
        select(Service)
        .join(Organization, Organization.id == Service.organization_id)
        .where(Service.id.in_(sorted(set(ids))[:MOST]), may_curate(actor))
        .options(*for_page())
        .order_by(Service.name, Service.id)
    )
    return list(session.scalars(statement))


def lines(session: Session, services: Sequence[Service], wanted: Wanted) -> list[Line]:
    """What would become of each listing. InvalidInput for a day that is over."""
    match wanted.act:
        case Act.NEXT_CHECK:
            if wanted.day is None or wanted.day < clock.today():
                raise InvalidInput("Enter a day from today on.")
            return [Line(service, service.next_check_on, wanted.day) for service in services]
        case Act.OWNER:
            others = _others(session, services)
            return [
                Line(service, _owner(service), wanted.owner, also=others.get(service.organization_id, 0))
                for service in services
            ]
        case Act.ADD_TOPIC | Act.TAKE_TOPIC:
            after = wanted.topic if wanted.act is Act.ADD_TOPIC else ""
            return [
                Line(service, wanted.topic if wanted.topic in _topics(service) else "", after) for service in services
            ]
        case Act.TOPICS_RIGHT:
            return [Line(service, _proposed(service), "") for service in services]
        case Act.HIDE:
            return [_hiding(service) for service in services]
        case Act.SHOW:
            return [Line(service, service.status, _shown(service.status)) for service in services]


def change(session: Session, actor: Actor, services: Sequence[Service], wanted: Wanted) -> int:
    """Do it to each listing, with a version and a line in the trail. Returns how many were changed."""
    to_do = [line for line in lines(session, services, wanted) if line.is_change]
    for line in to_do:
        if wanted.act is Act.TOPICS_RIGHT:
            # Nothing that a person reads of it changes.
            topics_are_right(session, actor, line.service)
            continue
        keep_first_version(session, line.service)
        field = _change(session, actor, line, wanted)
        line.service.last_modified = clock.now()
        keep_version(session, actor, line.service, reason=_reason(wanted))
        record(session, actor, Action.CHANGED, ("service", line.service.id), fields=(field,), reason="several at once")
    return len(to_do)


def owners(session: Session) -> list[MemberOrganization]:
    """Organisations whose staff can look after listings."""
    return list(session.scalars(select(MemberOrganization).order_by(MemberOrganization.name, MemberOrganization.id)))


def _change(session: Session, actor: Actor, line: Line, wanted: Wanted) -> str:
    service, by = line.service, str(actor.user_id or actor.kind)
    match wanted.act:
        case Act.NEXT_CHECK:
            service.next_check_on = wanted.day
            return "next_check_on"
        case Act.OWNER:
            if service.organization.member_organization_id != wanted.owner:
                service.organization.member_organization_id = wanted.owner
                record(session, actor, Action.CHANGED, ("organization", service.organization_id), fields=("owner",))
            return "owner"
        case Act.ADD_TOPIC | Act.TAKE_TOPIC:
            kept = [slug for slug in _topics(service) if slug != wanted.topic]
            _set_topics(session, service, [*kept, wanted.topic] if wanted.act is Act.ADD_TOPIC else kept, by)
            return "topics"
        case _:
            apply(session, service, {"status": line.after}, by=by)
            if wanted.act is Act.SHOW:
                _give_time(service)
            return "status"


def _set_topics(session: Session, service: Service, slugs: list[str], by: str) -> None:
    """Topics in this order. Those that a rule proposed are not thereby looked at by anybody."""
    by_rule = {tag.taxonomy_term_id: tag.by_rule for tag in service.attributes}
    changes: Document = {"topics": slugs}
    apply(session, service, changes, by=by)
    for tag in service.attributes:
        tag.by_rule = by_rule.get(tag.taxonomy_term_id, False)


def _give_time(service: Service) -> None:
    """What is shown again is not hidden for its age the next minute: it is due for a check today."""
    service.hidden_as_stale_on = None
    if service.next_check_on is not None:
        service.next_check_on = max(service.next_check_on, clock.today())


def _hiding(service: Service) -> Line:
    after = service.status if service.status is Status.DEFUNCT else Status.INACTIVE
    return Line(service, service.status, after)


def _shown(status: Status) -> Status:
    return Status.ACTIVE if status is Status.INACTIVE else status


def _topics(service: Service) -> list[str]:
    return [tag.taxonomy_term.code for tag in service.attributes if tag.taxonomy_term.taxonomy.slug == NEED]


def _proposed(service: Service) -> str:
    return ", ".join(term.name for term in proposed_topics(service))


def _has(service: Service, topic: str) -> str:
    return topic if topic in _topics(service) else ""


def _owner(service: Service) -> UUID | None:
    return service.organization.member_organization_id


def _others(session: Session, services: Sequence[Service]) -> dict[UUID, int]:
    """How many listings of the same organisations are not among these."""
    statement = (
        select(Service.organization_id, func.count())
        .where(
            Service.organization_id.in_({service.organization_id for service in services}),
            Service.id.not_in([service.id for service in services]),
        )
        .group_by(Service.organization_id)
        .order_by(Service.organization_id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def _reason(wanted: Wanted) -> str:
    what = {
        Act.NEXT_CHECK: f"next check {wanted.day}",
        Act.OWNER: "who looks after it",
        Act.ADD_TOPIC: f"topic {wanted.topic} added",
        Act.TAKE_TOPIC: f"topic {wanted.topic} taken away",
        Act.HIDE: "hidden",
        Act.SHOW: "shown again",
    }
    return what[wanted.act]
