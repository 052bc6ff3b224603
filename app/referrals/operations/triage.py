"""What the receiver decides, and what the referrer or the person answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.accounts.models import User
from app.accounts.queries import staff_holding
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotFound, Refused
from app.core.text import clean
from app.referrals.codes import DangerCall, Move, Party, Priority, Source, Status, Told
from app.referrals.models import ChecklistItem, Pathway, Referral
from app.referrals.operations.directory_word import tell_directory
from app.referrals.operations.drafts import Agreement, Written, begin, send
from app.referrals.operations.due import set_due
from app.referrals.operations.loop import close_for
from app.referrals.operations.moving import SUBJECT, locked, make_move, name_of, touch
from app.referrals.operations.reaching import end_reach, open_for_work
from app.referrals.operations.tasks import ask_to_tell_person, settle_moved, settle_taken_back
from app.referrals.parties import RECEIVING, parties_of
from app.referrals.queries.times import definition_for
from app.referrals.rules.clocks import due_at
from app.referrals.rules.states import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a referral cannot be taken on, what the person is offered instead, and how and when they were told."""

    reason: str
    comment: str = ""
    next_step: str = ""
    told_how: Told | None = None
    told_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Onward:
    """Where somebody is passed on to, and that they agreed to it."""

    target: Pathway
    agreement: Agreement
    submission_key: str


def acknowledge(session: Session, actor: Actor, referral: Referral, *, version: int) -> Referral:
    """A named human has opened it. Opened already, nothing happens."""
    if referral.acknowledged_at is not None or referral.status is not Status.SENT:
        return referral
    held = locked(session, referral.id, version)
    opener = name_of(session, actor) or held.pathway.name
    make_move(session, actor, held, Move.ACKNOWLEDGE, Facts(by=Party.RECEIVER, opened_by=opener))
    return held


def ask(session: Session, actor: Actor, referral: Referral, *, question: str, version: int) -> Referral:
    """Ask whoever referred for more. The clock runs on."""
    held = locked(session, referral.id, version)
    words = clean(question)
    make_move(session, actor, held, Move.ASK, Facts(by=Party.RECEIVER, question=words), details={"question": words})
    return held


def answer(
    session: Session, actor: Actor, referral: Referral, *, words: str, version: int, speaks_of_danger: bool = False
) -> Referral:
    """Answer what the receiver asked; that the answer sounds like danger is marked for whoever reads it."""
    held = locked(session, referral.id, version)
    if speaks_of_danger and held.danger is DangerCall.NO_DANGER:
        held.danger = DangerCall.IN_WORDS
    by = Party.REFERRER if Party.REFERRER in parties_of(actor, held) else Party.PERSON
    text = clean(words)
    make_move(session, actor, held, Move.ANSWER, Facts(by=by, answer=text), details={"answer": text})
    return held


def accept(
    session: Session,
    actor: Actor,
    referral: Referral,
    *,
    version: int,
    coordinator_id: UUID | None = None,
    coordinator_name: str = "",
) -> Referral:
    """Take somebody on, with a named coordinator, and start the checklists.

    A group without an account gives a name; an organisation of ours one of its workers.
    """
    held = locked(session, referral.id, version)
    if held.receiver_organization_id is not None:
        worker = worker_of(session, held.receiver_organization_id, coordinator_id)
        held.coordinator_id, name = worker.id, worker.name
    else:
        name = clean(coordinator_name)
    held.coordinator_name = name
    make_move(
        session,
        actor,
        held,
        Move.ACCEPT,
        Facts(by=Party.RECEIVER, coordinator=name),
        details={"coordinator": name},
    )
    open_for_work(session, actor, held)
    _start_checklists(session, held)
    return held


def allocate(session: Session, actor: Actor, referral: Referral, *, coordinator_id: UUID, version: int) -> Referral:
    """Give a referral that was accepted to another worker of the same organisation."""
    held = locked(session, referral.id, version)
    if not parties_of(actor, held) & {Party.WORKER, Party.MANAGER} or held.receiver_organization_id is None:
        raise NotFound("referral")
    if held.status not in {Status.ACCEPTED, Status.WAITING, Status.ACTIVE, Status.PAUSED}:
        raise Refused("Only a referral that was accepted and has not ended has a coordinator.")
    worker = worker_of(session, held.receiver_organization_id, coordinator_id)
    held.coordinator_id, held.coordinator_name = worker.id, worker.name
    _say(session, actor, held, f"coordinator:{worker.id}")
    settle_moved(session, held)
    return held


def reject(session: Session, actor: Actor, referral: Referral, refusal: Refusal, *, version: int) -> Referral:
    """Say no, with a coded reason and what the person was offered instead, and how they were told."""
    held = locked(session, referral.id, version)
    held.next_step, held.closing_summary = clean(refusal.next_step), clean(refusal.comment)
    details = {
        "next_step": held.next_step,
        "told_how": refusal.told_how.value if refusal.told_how else "",
        "told_on": refusal.told_on.isoformat() if refusal.told_on else "",
    }
    make_move(session, actor, held, Move.REJECT, _facts_of(refusal), details=details)
    tell_directory(session, actor, held)
    end_reach(session, actor, held)
    close_for(session, actor, held)
    if refusal.told_how is Told.THROUGH_REFERRER:
        ask_to_tell_person(session, held)
    return held


def redirect(
    session: Session,
    actor: Actor,
    referral: Referral,
    refusal: Refusal,
    onward: Onward,
    *,
    version: int,
) -> Referral:
    """Pass somebody on to another pathway with fresh agreement: the old referral ends, a linked new one is sent."""
    if not onward.agreement.given:
        raise InvalidInput("Ask the person first. Without their agreement it cannot be passed on.")
    target = onward.target
    held = locked(session, referral.id, version)
    if target.id == held.pathway_id:
        raise InvalidInput("Choose another pathway than the one that it came by.")
    facts = Facts(
        by=Party.RECEIVER,
        reason=refusal.reason,
        comment=refusal.comment,
        target=target.name,
        target_permission=onward.agreement.given,
    )
    held.next_step, held.closing_summary = target.name, clean(refusal.comment)
    make_move(session, actor, held, Move.REDIRECT, facts, details={"target": target.name, "next_step": target.name})
    tell_directory(session, actor, held)
    new = _pass_on(session, actor, held, target, onward.submission_key)
    send(session, actor, new, onward.agreement, version=new.version)
    end_reach(session, actor, held)
    close_for(session, actor, held)
    return new


def withdraw(
    session: Session, actor: Actor, referral: Referral, *, reason: str, comment: str = "", version: int
) -> Referral:
    """Take a referral back before work has begun; later only where the receiver may not see it any more."""
    held = locked(session, referral.id, version)
    by = Party.REFERRER if Party.REFERRER in parties_of(actor, held) else Party.PERSON
    was_sent = held.sent_at is not None
    facts = Facts(by=by, reason=reason, comment=clean(comment), taken_back=held.hidden_at is not None)
    make_move(session, actor, held, Move.WITHDRAW, facts)
    settle_taken_back(session, actor, held)
    if was_sent:
        end_reach(session, actor, held)
    return held


def add_to_waiting_list(
    session: Session, actor: Actor, referral: Referral, *, next_check_on: date | None = None, version: int
) -> Referral:
    """Put somebody who was accepted on the list; they are asked every four weeks whether they still wait."""
    held = locked(session, referral.id, version)
    told = definition_for(session, held)
    held.waiting_since = held.waiting_since or clock.today()
    held.waiting_list = told.name
    held.next_check_on = next_check_on or clock.today() + timedelta(days=28)
    facts = Facts(
        by=Party.RECEIVER,
        added_on=held.waiting_since,
        waiting_list=told.name,
        priority_rule=told.waiting_rule.value,
        next_check_on=held.next_check_on,
    )
    details = {"next_check_on": held.next_check_on.isoformat(), "rule": told.waiting_rule.value}
    make_move(session, actor, held, Move.ADD_TO_WAITING_LIST, facts, details=details)
    return held


def workers_of(session: Session, organization_id: UUID) -> list[User]:
    """Who takes people on in an organisation, by name."""
    return list(staff_holding(session, organization_id, {*RECEIVING, Role.MANAGER}))


def worker_of(session: Session, organization_id: UUID, user_id: UUID | None) -> User:
    """One of them. InvalidInput for anybody else."""
    found = next((user for user in workers_of(session, organization_id) if user.id == user_id), None)
    if found is None:
        raise InvalidInput("Choose who looks after this person.")
    return found


def _facts_of(refusal: Refusal) -> Facts:
    told_at = _noon(refusal.told_on) if refusal.told_on else None
    return Facts(
        by=Party.RECEIVER,
        reason=refusal.reason,
        comment=clean(refusal.comment),
        next_step=clean(refusal.next_step),
        person_told_how=refusal.told_how.value if refusal.told_how else "",
        person_told_at=told_at,
    )


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=clock.LONDON)


def _pass_on(session: Session, actor: Actor, held: Referral, target: Pathway, submission_key: str) -> Referral:
    """The draft of the linked referral, with what still fits of the old one. The receiver sends it."""
    told = definition_for(session, held)
    lines = [
        f"{question.label}\n{held.answers[question.key]}"
        for question in told.questions
        if held.answers.get(question.key)
    ]
    written = Written(
        source=_source_at(held, target),
        priority=Priority(held.priority),
        danger=held.danger,
        what_would_help="\n\n".join([held.what_would_help, *lines])[:5000],
        risk_words=held.risk_words,
        answers=held.answers,
        eligibility={},
    )
    return begin(
        session,
        actor,
        held.person,
        target,
        written,
        submission_key=submission_key,
        continues_from_id=held.id,
    )


def _source_at(held: Referral, target: Pathway) -> Source:
    """Who refers as the other pathway sees it: the old source, or that of whoever passes it on."""
    if held.source in target.sources:
        return held.source
    own = (Source.VOLUNTARY_SECTOR, Source.OTHER)
    return next((source for source in own if source in target.sources), held.source)


def _start_checklists(session: Session, held: Referral) -> None:
    told = definition_for(session, held)
    position = 0
    for checklist in told.checklists:
        limit = told.threshold(checklist.clock)
        for item in checklist.items:
            position += 1
            session.add(
                ChecklistItem(
                    referral_id=held.id,
                    checklist=checklist.key,
                    key=item.key,
                    label=item.label,
                    position=position,
                    due_at=due_at(held.accepted_at or clock.now(), limit, told.nation) if limit else None,
                )
            )
    session.flush()
    if position:
        set_due(session, held)


def _say(session: Session, actor: Actor, held: Referral, reason: str) -> None:
    touch(session, held)
    record(session, actor, Action.CHANGED, (SUBJECT, held.id), person_id=held.person_id, reason=reason)
