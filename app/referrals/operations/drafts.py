"""Writing a referral and sending it: a draft shares nothing; sending freezes it and needs the person's agreement."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, Refused
from app.core.text import clean
from app.people.codes import PermissionKind, PermissionMethod, SharingLevel
from app.people.models import Person
from app.people.operations import Answer, answer_permission, permit_sharing
from app.people.queries import may_record, permission_versions
from app.people.rules.permissions import may_share_referral
from app.referrals.codes import ClockKind, DangerCall, Move, Party, Priority, Source, Status
from app.referrals.models import Pathway, Referral
from app.referrals.operations.moving import SUBJECT, locked, make_move
from app.referrals.operations.reaching import open_for_triage
from app.referrals.queries.times import definition_for
from app.referrals.rules.clocks import Threshold, Unit, due_at
from app.referrals.rules.eligibility import may_refer
from app.referrals.rules.returning import is_re_referral
from app.referrals.rules.states import Facts
from app.referrals.snapshots import snapshot_of

# Without letters and numbers that are mixed up when read out.
_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ2346789"
CLOSED = "They take nobody new by this way any more. What you wrote is kept. Choose another way, or ring them."
LONGEST_WORDS = 5000
NOT_ON_RECORD = "They do not want a record kept. Ask them, and write down their answer, before you send this."
_NOT_SET = Threshold(5, Unit.WORKING_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What is written while a referral is a draft."""

    source: Source
    priority: Priority = Priority.ROUTINE
    danger: DangerCall = DangerCall.NO_DANGER
    what_would_help: str = ""
    risk_words: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    eligibility: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What the person agreed to, and how; `override_reason` stands in where sharing cannot wait for it."""

    given: bool
    method: PermissionMethod = PermissionMethod.VERBAL
    level: SharingLevel = SharingLevel.SUMMARY
    override_reason: str = ""


def begin(
    session: Session,
    actor: Actor,
    person: Person,
    pathway: Pathway,
    written: Written,
    *,
    submission_key: str,
    continues_from_id: UUID | None = None,
) -> Referral:
    """A draft. The same `submission_key` again, however often it is sent, gives the same referral.

    Refused where the pathway is not for those who send.
    """
    if (found := submitted(session, actor, submission_key)) is not None:
        return found
    draft = Referral(
        reference=_free_reference(session),
        submission_key=submission_key,
        person_id=person.id,
        pathway_id=pathway.id,
        pathway_version=pathway.version,
        source=written.source,
        referrer_organization_id=None if written.source is Source.SELF else actor.organization_id,
        referrer_user_id=actor.user_id if actor.is_staff else None,
        receiver_organization_id=pathway.organization_id,
        receiver_service_id=pathway.service_id,
        continues_from_id=continues_from_id,
    )
    _write(session, draft, written)
    try:
        with session.begin_nested():
            session.add(draft)
            session.flush()
    except IntegrityError:
        found = submitted(session, actor, submission_key)
        if found is None:
            raise
        return found
    session.refresh(draft)
    record(session, actor, Action.CREATED, (SUBJECT, draft.id), person_id=person.id)
    return draft


def rewrite(session: Session, actor: Actor, draft: Referral, written: Written, *, version: int) -> None:
    """Change a draft. Refused once it has been sent: what was sent stays as it was."""
    held = locked(session, draft.id, version)
    if held.status is not Status.DRAFT:
        raise Refused("This referral has been sent. What was sent cannot be changed; add a note instead.")
    _write(session, held, written)
    held.version += 1
    held.changed_at = clock.now()
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, held.id), person_id=held.person_id, fields=("answers",))


def send(session: Session, actor: Actor, draft: Referral, agreement: Agreement, *, version: int) -> Referral:
    """Freeze a draft and send it. Sent already, nothing more happens: a second press is not a second referral."""
    if draft.status is not Status.DRAFT:
        return draft
    held = locked(session, draft.id, version)
    if not held.pathway.is_open:
        raise Refused(CLOSED)
    _agree(session, actor, held, agreement)
    held.snapshot = snapshot_of(session, held, definition_for(session, held))
    held.re_referral_of_id = _returning_from(session, held)
    facts = Facts(
        by=Party.PERSON if held.source is Source.SELF else Party.REFERRER,
        permission_in_force=_is_permitted(session, held),
        override_reason=agreement.override_reason,
        snapshot_taken=True,
        due_by=decision_due(session, held),
    )
    make_move(session, actor, held, Move.SEND, facts, details={"agreement": held.agreement})
    open_for_triage(session, actor, held)
    return held


def receiver_key(referral: Referral) -> UUID:
    """What permission to share is given to: the receiving organisation, or the listing of a group without account."""
    receiver = referral.receiver_organization_id or referral.receiver_service_id
    if receiver is None:
        raise InvalidInput("Nobody receives what is sent by this pathway.")
    return receiver


def receiver_name(referral: Referral) -> str:
    """What the receiver is called."""
    return referral.receiver_organization.name if referral.receiver_organization else referral.pathway.name


def decision_due(session: Session, referral: Referral) -> Any:
    """By when the receiver is to decide: the pathway's own time, else five working days."""
    told = definition_for(session, referral)
    return due_at(clock.now(), told.threshold(ClockKind.DECISION) or _NOT_SET, told.nation)


def _agree(session: Session, actor: Actor, held: Referral, agreement: Agreement) -> None:
    held.agreement = {
        "given": agreement.given,
        "method": agreement.method.value,
        "level": agreement.level.value,
        "override_reason": clean(agreement.override_reason),
    }
    held.override_reason = clean(agreement.override_reason)
    held.sharing_level = agreement.level
    if agreement.given:
        if not may_record(session, held.person_id):
            raise Refused(NOT_ON_RECORD)
        names = {receiver_key(held): receiver_name(held)}
        permit_sharing(session, actor, held.person, names, method=agreement.method)
        told = agreement.level is not SharingLevel.NONE
        answer = Answer(
            kind=PermissionKind.TELL_REFERRER,
            given=told,
            method=agreement.method,
            level=agreement.level if told else None,
        )
        answer_permission(session, actor, held.person, answer)


def _is_permitted(session: Session, held: Referral) -> bool:
    return may_share_referral(permission_versions(session, held.person_id), str(receiver_key(held)), clock.today())


def _write(session: Session, draft: Referral, written: Written) -> None:
    told = definition_for(session, draft)
    if not may_refer(told, written.source):
        raise Refused("This pathway does not take referrals from you. Choose another one.")
    draft.source, draft.danger = written.source, written.danger
    draft.priority = written.priority if written.priority in told.urgencies else Priority.ROUTINE
    draft.what_would_help = _cut(written.what_would_help)
    draft.risk_words = _cut(written.risk_words)
    known = {question.key for question in told.questions}
    draft.answers = {key: _cut(words) for key, words in written.answers.items() if key in known and words.strip()}
    asked = {each.key for each in told.eligibility}
    draft.eligibility = {key: answer for key, answer in written.eligibility.items() if key in asked and answer}


def _cut(words: str) -> str:
    text = clean(words)
    if len(text) > LONGEST_WORDS:
        raise InvalidInput("Use 5,000 characters or fewer.")
    return text


def submitted(session: Session, actor: Actor, key: str) -> Referral | None:
    """The referral that was begun under a key before. InvalidInput where somebody else used it."""
    found = session.scalars(select(Referral).where(Referral.submission_key == key).order_by(Referral.id)).one_or_none()
    if found is not None and found.referrer_user_id != actor.user_id:
        raise InvalidInput("Open the form again: it was used by somebody else.")
    return found


def _free_reference(session: Session) -> str:
    while True:
        made = "".join(secrets.choice(_LETTERS) for _ in range(7))
        reference = f"{made[:3]}-{made[3:]}"
        taken = select(Referral.id).where(Referral.reference == reference)
        if session.scalar(taken) is None:
            return reference


def _returning_from(session: Session, held: Referral) -> UUID | None:
    """The last referral of the person on this pathway, where this one counts as a re-referral of it."""
    last = session.execute(
        select(Referral.id, Referral.ended_at)
        .where(
            Referral.person_id == held.person_id,
            Referral.pathway_id == held.pathway_id,
            Referral.id != held.id,
            Referral.ended_at.is_not(None),
            Referral.sent_at.is_not(None),
            Referral.status != Status.ERROR,
        )
        .order_by(Referral.ended_at.desc(), Referral.id)
        .limit(1)
    ).one_or_none()
    if last is None or last.ended_at is None or not is_re_referral(last.ended_at, clock.now()):
        return None
    return UUID(str(last.id))
