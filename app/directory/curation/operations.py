"""The verbs of curation: propose, decide, publish, restore, check, state capacity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, Refused
from app.core.events import announce
from app.directory.codes import Accepting, CheckKind, ProposalState, Status
from app.directory.curation.announcements import ProposalDecided
from app.directory.curation.document import apply, differences, document_of, problems_of
from app.directory.curation.rules import may_publish_at_once, next_check
from app.directory.models import ListingCheck, ListingVersion, Proposal, Service


def publish(session: Session, actor: Actor, service: Service, changes: Mapping[str, Any], *, reason: str = "") -> bool:
    """Bring a listing to `changes` now and keep the version. Returns whether anything changed."""
    keep_first_version(session, service)
    _old, new = differences(document_of(service), changes)
    if not new:
        return False
    apply(session, service, new, by=str(actor.user_id or actor.kind))
    keep_version(session, actor, service, reason=reason)
    _mark_checked(session, actor, service, CheckKind.CHANGED)
    record(session, actor, Action.CHANGED, ("service", service.id), fields=new)
    return True


def propose(
    session: Session,
    actor: Actor,
    service: Service,
    wanted: Mapping[str, Any],
    *,
    note: str = "",
    reply_to: str | None = None,
    instead: Proposal | None = None,
) -> Proposal | None:
    """Ask for a change of a listing; None where `wanted` says what is there already.

    It takes the place of what the same actor proposed before, where it comes `instead` of that.
    A provider's change of trusted fields alone is published at once, and the proposal is kept as approved.
    """
    if wrong := problems_of(wanted):
        raise InvalidInput("This change cannot be used: " + ", ".join(sorted(wrong)) + ".")
    if instead is not None:
        withdraw(session, actor, instead)
    before, after = differences(document_of(service), wanted)
    if not after:
        return None
    proposal = Proposal(
        service_id=service.id,
        service=service,
        proposed_by_id=actor.user_id,
        reply_to=reply_to,
        note=note,
        before=before,
        after=after,
    )
    session.add(proposal)
    session.flush()
    record(session, actor, Action.CREATED, ("proposal", proposal.id), fields=after)
    if actor.is_staff and may_publish_at_once(after):
        publish(session, actor, service, after, reason=note)
        _decide(session, actor, proposal, ProposalState.APPROVED, "")
    return proposal


def approve(
    session: Session, actor: Actor, proposal: Proposal, *, fields: frozenset[str] | None = None, answer: str = ""
) -> None:
    """Publish a proposal, or only some `fields` of it. Refused where the listing has changed there since."""
    _still_open(proposal)
    chosen = {name: value for name, value in proposal.after.items() if fields is None or name in fields}
    if not chosen:
        raise InvalidInput("Choose at least one change to approve, or decline them all.")
    now = document_of(proposal.service)
    if any(now[name] != proposal.before.get(name) for name in chosen):
        raise Refused("The listing has changed since this was proposed. Look at it again and edit it yourself.")
    publish(session, actor, proposal.service, chosen, reason=proposal.note)
    _decide(session, actor, proposal, ProposalState.APPROVED, answer)


def decline(session: Session, actor: Actor, proposal: Proposal, *, answer: str) -> None:
    """Leave the listing as it is, and say why."""
    _still_open(proposal)
    _need_words(answer)
    _decide(session, actor, proposal, ProposalState.DECLINED, answer)


def ask(session: Session, actor: Actor, proposal: Proposal, *, answer: str) -> None:
    """Ask whoever proposed it for more; it stays with the editor's queue as asked."""
    _still_open(proposal)
    _need_words(answer)
    _decide(session, actor, proposal, ProposalState.ASKED, answer)


def withdraw(session: Session, actor: Actor, proposal: Proposal) -> None:
    """Take one's own proposal back."""
    _still_open(proposal)
    if proposal.proposed_by_id != actor.user_id:
        raise Refused("Only whoever proposed a change can take it back.")
    _decide(session, actor, proposal, ProposalState.WITHDRAWN, "")


def restore(session: Session, actor: Actor, service: Service, number: int) -> bool:
    """Bring back what version `number` of a listing said. Returns whether anything changed."""
    version = session.scalars(
        select(ListingVersion)
        .where(ListingVersion.service_id == service.id, ListingVersion.number == number)
        .order_by(ListingVersion.id)
    ).one_or_none()
    if version is None:
        raise InvalidInput("There is no such version.")
    return publish(session, actor, service, version.document, reason=f"version {number}")


def still_right(session: Session, actor: Actor, service: Service, *, note: str = "") -> None:
    """Somebody who knows says that the listing is right as it stands."""
    _mark_checked(session, actor, service, CheckKind.STILL_RIGHT, note=note)
    record(session, actor, Action.CHANGED, ("service", service.id), fields=("assured_date",))


def state_capacity(
    session: Session, actor: Actor, service: Service, accepting: Accepting, *, wait_weeks: int | None = None
) -> None:
    """Say whether the service takes new people, and from when that is known. `wait_weeks` only with a waiting list."""
    if wait_weeks is not None and not 0 <= wait_weeks <= 520:
        raise InvalidInput("Enter the weeks as a number from 0 to 520.")
    service.accepting = accepting
    service.wait_weeks = wait_weeks if accepting is Accepting.WAITING_LIST else None
    service.capacity_stated_at = service.last_modified = clock.now()
    session.flush()
    record(session, actor, Action.CHANGED, ("service", service.id), fields=("accepting", "wait_weeks"))


def hide_as_stale(session: Session, actor: Actor, service: Service) -> None:
    """Take a listing that nobody has checked for too long out of sight; a check brings it back."""
    service.status, service.hidden_as_stale_on = Status.INACTIVE, clock.today()
    service.last_modified = clock.now()
    session.add(ListingCheck(service_id=service.id, kind=CheckKind.HIDDEN))
    session.flush()
    record(session, actor, Action.CHANGED, ("service", service.id), fields=("status",), reason="stale")


def _mark_checked(session: Session, actor: Actor, service: Service, kind: CheckKind, *, note: str = "") -> None:
    service.assured_date = clock.today()
    service.next_check_on = next_check(service.kind, clock.today())
    if service.hidden_as_stale_on is not None:
        service.hidden_as_stale_on = None
        if service.status is Status.INACTIVE:
            service.status = Status.ACTIVE
    session.add(ListingCheck(service_id=service.id, kind=kind, by_id=actor.user_id, note=note))
    session.flush()


def _still_open(proposal: Proposal) -> None:
    if proposal.state not in {ProposalState.OPEN, ProposalState.ASKED}:
        raise Refused("Somebody has decided on this already.")


def _need_words(answer: str) -> None:
    if not answer.strip():
        raise InvalidInput("Say why, so that whoever asked knows what to do next.")


def _decide(session: Session, actor: Actor, proposal: Proposal, state: ProposalState, answer: str) -> None:
    proposal.state, proposal.answer = state, answer
    proposal.decided_by_id, proposal.decided_at = actor.user_id, clock.now()
    session.flush()
    record(session, actor, Action.CHANGED, ("proposal", proposal.id), fields=("state",))
    announce(session, ProposalDecided(proposal))


def keep_first_version(session: Session, service: Service) -> None:
    """Before the first change of a listing, keep it as it stands."""
    if not _last_number(session, service):
        keep_version(session, None, service, reason="")


def _last_number(session: Session, service: Service) -> int:
    return session.scalar(select(func.max(ListingVersion.number)).where(ListingVersion.service_id == service.id)) or 0


def keep_version(session: Session, actor: Actor | None, service: Service, *, reason: str) -> None:
    """Keep what a listing says now as its latest version."""
    session.add(
        ListingVersion(
            service_id=service.id,
            number=_last_number(session, service) + 1,
            document=document_of(service),
            made_by_id=actor.user_id if actor else None,
            reason=reason,
        )
    )
    session.flush()
