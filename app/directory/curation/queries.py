"""Reading for curation, always as far as the actor may curate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound
from app.directory.codes import CheckKind, FlagCode, ProblemState, ProposalState, Status
from app.directory.curation import dead_links, experiences, flags
from app.directory.curation.access import may_curate
from app.directory.curation.rules import EDITORS_TASK, Confidence, confidence
from app.directory.models import (
    ListingCheck,
    ListingVersion,
    Organization,
    ProblemReport,
    Proposal,
    Service,
)
from app.directory.queries import SHOWN, for_page

PAGE = 50
WAITING = (ProposalState.OPEN, ProposalState.ASKED)


def listing(session: Session, actor: Actor, service_id: UUID) -> Service:
    """A listing that the actor may curate, with everything told of it. NotFound for any other."""
    found = session.scalars(
        select(Service)
        .join(Organization, Organization.id == Service.organization_id)
        .where(Service.id == service_id, may_curate(actor))
        .options(*for_page())
        .order_by(Service.id)
    ).one_or_none()
    if found is None:
        raise NotFound("service")
    return found


def listings(
    session: Session, actor: Actor, *, words: str = "", queue: str = "", page: int = 1
) -> tuple[list[Service], int]:
    """Listings that the actor may curate, by name: those of a queue, those whose name has the words; and how many."""
    statement = _curated(actor)
    if queue in QUEUES:
        statement = QUEUES[queue](statement)
    for word in words.split()[:6]:
        statement = statement.where(
            Service.name.icontains(word, autoescape=True) | Organization.name.icontains(word, autoescape=True)
        )
    total = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    rows = session.scalars(statement.order_by(Service.name, Service.id).limit(PAGE).offset((page - 1) * PAGE))
    return list(rows), total


def _curated(actor: Actor) -> Select[Service]:
    return select(Service).join(Organization, Organization.id == Service.organization_id).where(may_curate(actor))


def _due(statement: Select[Service]) -> Select[Service]:
    return statement.where(Service.next_check_on <= clock.today(), Service.status.in_((*SHOWN, Status.INACTIVE)))


def _stale(statement: Select[Service]) -> Select[Service]:
    return statement.where(
        Service.next_check_on <= clock.today() - EDITORS_TASK, Service.status.in_((*SHOWN, Status.INACTIVE))
    )


def _hidden(statement: Select[Service]) -> Select[Service]:
    return statement.where(Service.hidden_as_stale_on.is_not(None))


def _shown(statement: Select[Service]) -> Select[Service]:
    return statement.where(Service.status.in_(SHOWN))


Narrowing = Callable[[Select[Service]], Select[Service]]
# What waits for an editor, by the name it has in the address.
QUEUES: Mapping[str, Narrowing] = {
    "due": _due,
    "stale": _stale,
    "hidden": _hidden,
    "no-topics": lambda statement: flags.without_topics(_shown(statement)),
    "topics-by-rule": lambda statement: flags.with_proposed_topics(_shown(statement)),
    "personal-details": lambda statement: flags.with_flag(
        _shown(statement), [FlagCode.PERSONAL_EMAIL, FlagCode.MOBILE_NUMBER]
    ),
    "says-it-is-over": lambda statement: flags.with_flag(_shown(statement), [FlagCode.SAYS_IT_IS_OVER]),
    "missing": lambda statement: flags.with_flag(
        _shown(statement).where(Service.missing_since.is_not(None)), [FlagCode.MISSING_FROM_FEED]
    ),
    "dead-links": lambda statement: statement.where(Service.id.in_(dead_links.dead())),
    "found-otherwise": lambda statement: statement.where(Service.id.in_(experiences.found_otherwise())),
}


def count_queue(session: Session, actor: Actor, queue: str) -> int:
    """How many listings wait in a queue."""
    statement = QUEUES[queue](_curated(actor))
    return session.scalar(select(func.count()).select_from(statement.subquery())) or 0


def proposals(session: Session, actor: Actor) -> list[Proposal]:
    """Proposed changes that wait, oldest first."""
    return list(session.scalars(_proposals(actor).order_by(Proposal.created_at, Proposal.id).limit(200)))


def count_proposals(session: Session, actor: Actor) -> int:
    """How many proposed changes wait."""
    return session.scalar(select(func.count()).select_from(_proposals(actor).subquery())) or 0


def _proposals(actor: Actor) -> Select[Proposal]:
    return (
        select(Proposal)
        .join(Service, Service.id == Proposal.service_id)
        .join(Organization, Organization.id == Service.organization_id)
        .where(Proposal.state.in_(WAITING), may_curate(actor))
    )


def proposal(session: Session, actor: Actor, proposal_id: UUID) -> Proposal:
    """A proposal about a listing that the actor may curate, whatever became of it."""
    found = session.scalars(
        select(Proposal)
        .join(Service, Service.id == Proposal.service_id)
        .join(Organization, Organization.id == Service.organization_id)
        .where(Proposal.id == proposal_id, may_curate(actor))
        .order_by(Proposal.id)
    ).one_or_none()
    if found is None:
        raise NotFound("proposal")
    return found


def problems(session: Session) -> list[ProblemReport]:
    """Reports that wait for an answer, oldest first."""
    return list(session.scalars(_problems().order_by(ProblemReport.created_at, ProblemReport.id).limit(200)))


def count_problems(session: Session) -> int:
    """How many reports wait for an answer."""
    return session.scalar(select(func.count()).select_from(_problems().subquery())) or 0


def _problems() -> Select[ProblemReport]:
    return select(ProblemReport).where(ProblemReport.state == ProblemState.OPEN)


def problem(session: Session, report_id: UUID) -> ProblemReport:
    """A report, whatever became of it."""
    found = session.get(ProblemReport, report_id)
    if found is None:
        raise NotFound("problem report")
    return found


def versions(session: Session, service_id: UUID) -> list[ListingVersion]:
    """Every version of a listing, latest first."""
    return list(
        session.scalars(
            select(ListingVersion)
            .where(ListingVersion.service_id == service_id)
            .order_by(ListingVersion.number.desc(), ListingVersion.id)
        )
    )


def proposals_of(session: Session, service_id: UUID) -> list[Proposal]:
    """What was proposed for a listing and has not been decided."""
    return list(
        session.scalars(
            select(Proposal)
            .where(Proposal.service_id == service_id, Proposal.state.in_(WAITING))
            .order_by(Proposal.created_at, Proposal.id)
        )
    )


def own_waiting(session: Session, actor: Actor, service_id: UUID, proposal_id: UUID | None) -> Proposal | None:
    """What the actor proposed for a listing and nobody has decided; None for anything else."""
    return session.scalars(
        select(Proposal)
        .where(
            Proposal.id == proposal_id,
            Proposal.service_id == service_id,
            Proposal.proposed_by_id == actor.user_id,
            Proposal.state.in_(WAITING),
        )
        .order_by(Proposal.id)
    ).one_or_none()


def problems_of(session: Session, service_id: UUID) -> list[ProblemReport]:
    """What people say is wrong with a listing and nobody has answered."""
    statement = _problems().where(ProblemReport.service_id == service_id)
    return list(session.scalars(statement.order_by(ProblemReport.created_at, ProblemReport.id).limit(50)))


def checks_of(session: Session, service_id: UUID, *, limit: int = 10) -> list[ListingCheck]:
    """What was found out of late about whether a listing is right, latest first."""
    return list(
        session.scalars(
            select(ListingCheck)
            .where(ListingCheck.service_id == service_id)
            .order_by(ListingCheck.created_at.desc(), ListingCheck.id)
            .limit(limit)
        )
    )


def last_checked_by(session: Session, service: Service) -> UUID | None:
    """The member of staff who last said that the listing is right, or put it right."""
    return session.scalar(
        select(ListingCheck.by_id)
        .where(
            ListingCheck.service_id == service.id,
            ListingCheck.kind.in_((CheckKind.STILL_RIGHT, CheckKind.CHANGED)),
        )
        .order_by(ListingCheck.created_at.desc(), ListingCheck.id)
        .limit(1)
    )


def names_of(session: Session, user_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of members of staff, by id."""
    rows = session.execute(select(User.id, User.name).where(User.id.in_(set(user_ids) - {None})).order_by(User.id))
    return {user_id: name for user_id, name in rows if name}


def confidence_in(session: Session, service: Service) -> Confidence:
    """How far a listing can be trusted today, and why."""
    evidence: list[tuple[CheckKind, date]] = [
        (kind, at.date())
        for kind, at in session.execute(
            select(ListingCheck.kind, ListingCheck.created_at)
            .where(ListingCheck.service_id == service.id)
            .order_by(ListingCheck.created_at.desc(), ListingCheck.id)
            .limit(50)
        )
    ]
    reports = session.scalar(
        select(func.count()).select_from(_problems().where(ProblemReport.service_id == service.id).subquery())
    )
    return confidence(
        checked_on=service.assured_date,
        evidence=evidence,
        open_reports=reports or 0,
        today=clock.today(),
        experiences=experiences.of_listing(session, service),
    )
