"""Who is told of what: the receiver of what arrives, the referrer of what changes, a named person of what lies."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.codes import UserStatus
from app.accounts.models import User
from app.core import clock
from app.core.actor import SYSTEM, Actor, ActorKind
from app.core.events import on
from app.directory.curation.announcements import ListingsMerged, MergeUndone
from app.notifications import links
from app.notifications.about import About
from app.notifications.codes import Channel
from app.notifications.operations import Draft, send
from app.notifications.rendering import address_of, render_message
from app.people.codes import ContactChannel, PermissionKind
from app.people.emails import language_read_by
from app.people.events import PermissionChanged, RecordsParted
from app.people.operations.own_page import safe_way
from app.people.queries import safety_of
from app.people.rules.contact import may_contact
from app.referrals import emails, record  # noqa: F401 - the record of a person learns of referrals
from app.referrals.codes import ENDED, Move, Party, Recipient, Source, TaskKind
from app.referrals.events import (
    AppointmentRecorded,
    LinkWanted,
    MessageIssued,
    PreviewOffered,
    ReferralMoved,
    TaskRaised,
)
from app.referrals.leaving import TASK_KEY, give_notice
from app.referrals.models import Referral, Telling
from app.referrals.operations.following import come_back, follow
from app.referrals.operations.loop import narrow
from app.referrals.operations.missed import may_hear_of_appointments, tell_practice
from app.referrals.operations.moving import touch
from app.referrals.operations.reaching import end_reach, open_for_triage, open_for_work, safe_messages
from app.referrals.operations.tasks import (
    owner_anywhere,
    owner_with_receiver,
    owner_with_referrer,
    raise_task,
    settle_hidden,
    settle_moved,
    settle_taken_back,
)
from app.referrals.operations.triage import withdraw, workers_of
from app.referrals.operations.work import attendances
from app.referrals.queries.desks import managers_at, readers_at
from app.referrals.queries.referrals import passed_from
from app.referrals.queries.times import definition_for
from app.referrals.rules.attendance import Step, ladder, try_by
from app.referrals.rules.calendars import local_day

SUBJECT = "referral"
GROUP_LINK, PERSON_LINK, PREVIEW_LINK = "referral-group", "referral-person", "referral-preview"
LINK_LASTS = timedelta(days=120)
MOST_TOLD = 12
# What the referrer did not do themselves and has to know.
_TELLS_REFERRER = frozenset(
    {
        Move.ACKNOWLEDGE,
        Move.ASK,
        Move.REJECT,
        Move.REDIRECT,
        Move.ACCEPT,
        Move.ADD_TO_WAITING_LIST,
        Move.START,
        Move.PAUSE,
        Move.RESUME,
        Move.COMPLETE,
        Move.END_EARLY,
        Move.REOPEN,
    }
)
_TELLS_RECEIVER = frozenset({Move.SEND, Move.ANSWER, Move.WITHDRAW})
_TELLS_PERSON = frozenset({Move.ASK, Move.REJECT, Move.REDIRECT, Move.ACCEPT, Move.COMPLETE, Move.END_EARLY})


@on(ListingsMerged)
def follow_the_listing(session: Session, event: ListingsMerged) -> None:
    """The ways to refer to it lead to the listing that stays."""
    event.carried["pathways"] = follow(session, event.actor, event.keep, event.drop)


@on(MergeUndone)
def come_back_with_it(session: Session, event: MergeUndone) -> None:
    """The ways to refer that went over lead to it again."""
    come_back(session, event.actor, event.keep, event.drop, event.carried.get("pathways", {}))


@on(ReferralMoved)
def tell_of_move(session: Session, event: ReferralMoved) -> None:
    """A neutral notice to the other side, and to the person who referred themselves."""
    referral, moved = event.referral, event.event
    key = f"referral:{referral.id}:{moved.number}"
    is_seen = referral.hidden_at is None
    if is_seen and moved.move in _TELLS_RECEIVER and moved.from_status is not moved.to_status:
        _tell_receiver(session, referral, moved.move, key)
    if moved.move in _TELLS_REFERRER and moved.party is not Party.REFERRER:
        _tell_referrer(session, referral, key)
    if moved.move in _TELLS_REFERRER:
        _tell_first_referrers(session, referral, key)
    if moved.move in _TELLS_PERSON and referral.source is Source.SELF:
        tell_person(session, referral, key)


@on(ReferralMoved)
def settle_what_it_answers(session: Session, event: ReferralMoved) -> None:
    """Nobody has to look any more at what this move has put right."""
    settle_moved(session, event.referral)


@on(MessageIssued)
def notify_readers(session: Session, event: MessageIssued) -> None:
    """The practice of a GP who did not refer learns that there is a message for it; a referrer, that it has come."""
    telling = event.telling
    if event.late and telling.recipient is Recipient.REFERRER:
        _tell_referrer(session, telling.referral, f"telling:{telling.id}:{telling.issued_at}")
    if telling.recipient is not Recipient.GP or telling.organization_id is None:
        return
    key = f"telling:{telling.id}:{telling.issued_at}"
    for number, user in enumerate(workers_of_practice(session, telling)):
        if user.email:
            _mail_reader(session, telling, user.email, f"{key}:{number}")


@on(PreviewOffered)
def tell_of_preview(session: Session, event: PreviewOffered) -> None:
    """A neutral line that there is something to read, by a way that is safe and that nobody else reads.

    Where there is none, it stands on the person's own page.
    """
    preview, person = event.preview, event.preview.referral.person
    way = safe_way(person)
    if way is None:
        return
    verdict = may_contact(safety_of(person), ContactChannel(way.value), clock.now())
    if not verdict.allowed and verdict.next_at is None:
        return
    about = About(type=SUBJECT, id=preview.referral_id)
    token = links.issue(session, PREVIEW_LINK, about, lifetime=LINK_LASTS, once=False)
    address = address_of("referrals.own_message", token=token)
    words = render_message(emails.PREVIEW.name, language_read_by(person), by=way, address=address)
    recipient = person.mobile if way is Channel.SMS else person.email
    key = f"preview:{preview.id}:{preview.times}"
    send(
        session,
        Draft(words=words, dedupe_key=key, recipient=recipient or "", about=about, not_before=verdict.next_at),
    )


@on(LinkWanted)
def send_link_again(session: Session, event: LinkWanted) -> None:
    """Once for what it is sent for; else once an hour at most, however often it is pressed."""
    _send_link(session, event.referral, event.key or f"referral:{event.referral.id}:link:{clock.now():%Y%m%d%H}")


@on(TaskRaised)
def tell_owner(session: Session, event: TaskRaised) -> None:
    """Whoever has to look at something is told that there is something."""
    task = event.task
    _mail_staff(session, task.referral, emails.TASK.name, task.owner, f"{TASK_KEY}{task.id}:{task.owner_id}")


@on(AppointmentRecorded)
def follow_up(session: Session, event: AppointmentRecorded) -> None:
    """After a missed appointment: try again each time, tell others from the second, decide at the third."""
    referral = event.referral
    after = ladder(attendances(session, referral.id))
    if not after.steps or event.appointment.attendance.value not in {"3", "7"}:
        return
    nation = definition_for(session, referral).nation
    due_on = try_by(local_day(clock.now()), nation)
    kind = TaskKind.DECIDE if Step.DECIDE in after.steps else TaskKind.MISSED_ONCE
    if (owner := owner_with_receiver(session, referral)) is not None:
        raise_task(session, referral, kind, owner=owner[0], organization_id=owner[1], due_on=due_on)
    if Step.TELL_MANAGER in after.steps:
        for user in managers_at(session, referral.receiver_organization_id)[:MOST_TOLD]:
            key = f"referral:{referral.id}:missed:{event.appointment.id}:{user.id}"
            _mail_staff(session, referral, emails.UPDATE.name, user, key)
    if Step.TELL_REFERRER_AND_GP in after.steps:
        may_hear = may_hear_of_appointments(session, referral)
        if may_hear:
            _tell_referrer(session, referral, f"referral:{referral.id}:missed:{event.appointment.id}")
        # Who may not hear of appointments gets no task that says they were missed; a colleague thinks about it then.
        found = owner_anywhere(session, referral, at_receiver=not may_hear)
        if found is not None:
            raise_task(
                session, referral, TaskKind.MISSED_TWICE, owner=found[0], organization_id=found[1], due_on=due_on
            )
        tell_practice(session, referral, after.in_a_row, due_on=due_on)


@on(PermissionChanged)
def cut_what_waits(session: Session, event: PermissionChanged) -> None:
    """Less may be told than before: a message that nobody has had yet says no more than that."""
    if event.permission.kind is PermissionKind.TELL_REFERRER:
        narrow(session, event.person.id)


@on(PermissionChanged)
def hide_from_receivers(session: Session, event: PermissionChanged) -> None:
    """Permission to share taken back: who had received by it sees the record no longer, and a task says so."""
    if event.permission.kind is not PermissionKind.SHARE_REFERRAL:
        return
    allowed = {each.organization_id for each in event.permission.organizations} if event.permission.given else set()
    for referral in session.scalars(
        select(Referral)
        .where(
            Referral.person_id == event.person.id,
            Referral.sent_at.is_not(None),
            Referral.hidden_at.is_(None),
            Referral.status.not_in(ENDED),
            Referral.override_reason == "",
        )
        .order_by(Referral.sent_at, Referral.id)
    ).all():
        if (referral.receiver_organization_id or referral.receiver_service_id) not in allowed:
            _hide(session, referral, event.permission.created_at)


@on(RecordsParted)
def show_again(session: Session, event: RecordsParted) -> None:
    """What another person's refusal had hidden while the two records were one is with its receiver again."""
    hidden = (
        select(Referral)
        .where(
            Referral.person_id == event.merge.kept_id,
            Referral.hidden_at.in_(event.refusals),
            Referral.status.not_in(ENDED),
        )
        .order_by(Referral.sent_at, Referral.id)
    )
    for referral in session.scalars(hidden).unique().all():
        _show_again(session, referral)


def tell_person(session: Session, referral: Referral, key: str) -> None:
    """A neutral line by a way that the person called safe, at a time that is; else nothing is sent."""
    person = referral.person
    for by, address, not_before in safe_messages(person)[:1]:
        address_there = address_of("referrals.own_status", token=person_token(session, referral))
        words = render_message(emails.PERSON.name, language_read_by(person), by=by, address=address_there)
        about = About(type=SUBJECT, id=referral.id)
        key = f"{key}:person"
        send(session, Draft(words=words, dedupe_key=key, recipient=address, about=about, not_before=not_before))


def person_token(session: Session, referral: Referral) -> str:
    """A link by which the person sees where their referral stands."""
    about = About(type=SUBJECT, id=referral.id)
    return links.issue(session, PERSON_LINK, about, lifetime=LINK_LASTS, once=False)


def workers_of_practice(session: Session, telling: Telling) -> list[User]:
    """Who reads messages at the practice."""
    return readers_at(session, telling.organization_id)[:MOST_TOLD]


def _tell_receiver(session: Session, referral: Referral, move: Move, key: str) -> None:
    if referral.receiver_organization_id is None:
        if move is Move.SEND or move is Move.ANSWER:
            _send_link(session, referral, key)
        return
    if referral.coordinator is not None and _is_there(referral.coordinator):
        _mail_staff(session, referral, emails.UPDATE.name, referral.coordinator, f"{key}:coordinator")
        return
    kind = emails.ARRIVED.name if move is Move.SEND else emails.UPDATE.name
    if referral.pathway.notify_email:
        _mail(session, referral, kind, referral.pathway.notify_email, f"{key}:team")
        return
    for user in workers_of(session, referral.receiver_organization_id)[:MOST_TOLD]:
        _mail_staff(session, referral, kind, user, f"{key}:{user.id}")


def _send_link(session: Session, referral: Referral, key: str) -> None:
    """The link by which a group without an account reads and answers."""
    about = About(type=SUBJECT, id=referral.id)
    token = links.issue(session, GROUP_LINK, about, lifetime=LINK_LASTS, once=False)
    address = address_of("referrals.answer_by_link", token=token)
    words = render_message(emails.GROUP.name, "en", reference=referral.reference, address=address)
    if referral.pathway.notify_email:
        send(session, Draft(words=words, dedupe_key=key, recipient=referral.pathway.notify_email, about=about))


def _tell_referrer(session: Session, referral: Referral, key: str) -> None:
    """Whoever sent it; where they have left, whoever answers for it there now."""
    reader = referral.referrer
    if reader is not None and not _is_there(reader):
        found = owner_with_referrer(session, referral)
        reader = found[0] if found is not None else None
    if reader is not None:
        _mail_staff(session, referral, emails.UPDATE.name, reader, f"{key}:referrer")


def _tell_first_referrers(session: Session, referral: Referral, key: str) -> None:
    """Whoever referred before it was passed on: their own page of it says what became of it."""
    if referral.hidden_at is not None:
        return
    for earlier in passed_from(session, referral):
        if earlier.referrer_user_id != referral.referrer_user_id:
            _tell_referrer(session, earlier, f"{key}:{earlier.id}")


def _mail_staff(session: Session, referral: Referral, kind: str, user: User, key: str) -> None:
    if user.email:
        _mail(session, referral, kind, user.email, key)


def _mail_reader(session: Session, telling: Telling, recipient: str, key: str) -> None:
    """The referral itself is not for the practice to read; the message about it is."""
    address = address_of("referrals.letter", telling_id=telling.id)
    _mail(session, telling.referral, emails.UPDATE.name, recipient, key, address=address)


def _mail(session: Session, referral: Referral, kind: str, recipient: str, key: str, *, address: str = "") -> None:
    address = address or address_of("referrals.show", referral_id=referral.id)
    words = render_message(kind, "en", reference=referral.reference, address=address)
    send(
        session,
        Draft(words=words, dedupe_key=key, recipient=recipient, about=About(type=SUBJECT, id=referral.id)),
    )


def _is_there(user: User) -> bool:
    return user.status is UserStatus.ACTIVE


def _show_again(session: Session, referral: Referral) -> None:
    referral.hidden_at = None
    touch(session, referral)
    open_again = open_for_triage if referral.accepted_at is None else open_for_work
    open_again(session, SYSTEM, referral)
    settle_taken_back(session, SYSTEM, referral)
    _tell_receiver(session, referral, Move.SEND, f"referral:{referral.id}:seen again:{referral.version}")


def _hide(session: Session, referral: Referral, taken_back_at: datetime) -> None:
    referral.hidden_at = taken_back_at
    referral.version += 1
    session.flush()
    about = About(type=SUBJECT, id=referral.id)
    links.revoke(session, about, purpose=GROUP_LINK)
    settle_hidden(session, referral)
    end_reach(session, SYSTEM, referral)
    if referral.source is Source.SELF and referral.referrer_organization_id is None:
        _end_for_the_person(session, referral)
    owner = give_notice(session, referral, TaskKind.PERMISSION_WITHDRAWN, at_receiver=False)
    if referral.coordinator is not None and _is_there(referral.coordinator) and referral.coordinator != owner:
        key = f"referral:{referral.id}:taken back:{referral.version}"
        _mail_staff(session, referral, emails.UPDATE.name, referral.coordinator, key)


def _end_for_the_person(session: Session, referral: Referral) -> None:
    """Nobody else sent it and could end it: whoever asked for themselves takes it back with the permission.

    Else it would be under way for ever, and hold the record when the person wants it deleted.
    """
    holder = Actor(kind=ActorKind.LINK, subject_id=referral.id)
    comment = "Took back the permission to share."
    withdraw(session, holder, referral, reason="other", comment=comment, version=referral.version)
