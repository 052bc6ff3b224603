"""Sending the link of a signpost: now, or as the one reminder two weeks later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.vault import Vault
from app.core import clock
from app.notifications.about import About
from app.notifications.codes import Channel, MessageState
from app.notifications.kinds import MessageKind
from app.notifications.models import Message
from app.notifications.operations import Draft, erase, send
from app.notifications.rendering import address_of, render_message
from app.notifications.rules import quiet_until
from app.notifications.stopping import Drop, Keep, Postpone, Verdict, before_sending
from app.people import queries as people
from app.people.leaving import CONTACT_CHANNELS, keeps_to_safety
from app.people.models import Person
from app.people.rules.contact import ContactRefusal, ContactVerdict, may_contact
from app.referrals.signposts import rules
from app.referrals.signposts.emails import GIVEN, REMINDER
from app.referrals.signposts.models import Signpost

AT_A_TIME = 50


def channel_of(address: str) -> Channel:
    """By which way a message reaches an address."""
    return Channel.EMAIL if "@" in address else Channel.SMS


def link_of(signpost: Signpost, vault: Vault) -> str | None:
    """The address of the slip's page; None where the key it was kept under is gone, or its time is over."""
    token = vault.open(signpost.sealed_link)
    is_over = signpost.expires_at <= clock.now()
    return None if token is None or is_over else address_of("signposts.open_slip", token=token)


def send_link(session: Session, signpost: Signpost, *, link: str, address: str) -> None:
    """Send the link. Pressed twice within an hour to the same address it is one message."""
    _send(session, signpost, GIVEN, link=link, address=address, version=f"{clock.now():%Y%m%d%H}")


@dataclass(frozen=True, slots=True)
class Waiting:
    """The link has not gone yet, and until when it waits; `cannot_go` where the link itself is over by then."""

    until: datetime
    for_safety: bool
    by_night: bool
    cannot_go: bool


def waiting_of(session: Session, signpost: Signpost) -> Waiting | None:
    """How the link waits, for an hour that is safe for the person or for another reason; None once it can go."""
    now = clock.now()
    queued = session.scalars(
        select(Message)
        .where(Message.kind == GIVEN.name, Message.subject_id == signpost.id, Message.state == MessageState.QUEUED)
        .order_by(Message.not_before.desc(), Message.id)
    ).first()
    is_over = signpost.expires_at <= now
    if queued is None:
        return None
    earliest = max(queued.not_before, now)
    # By night also where the worker has tried it already, and put it off to the morning.
    mornings = {quiet_until(now), quiet_until(earliest)} if queued.channel is Channel.SMS else set()
    until = max({earliest, *filter(None, mornings)})
    if until <= now and not is_over:
        return None
    person = session.get(Person, signpost.person_id) if signpost.person_id else None
    for_safety = person is not None and verdict_of(person, queued.recipient).next_at is not None
    return Waiting(until, for_safety, until in mornings, until >= signpost.expires_at or is_over)


def verdict_of(person: Person, address: str) -> ContactVerdict:
    """Whether a named person may be reached that way now."""
    return may_contact(people.safety_of(person), CONTACT_CHANNELS[channel_of(address)], clock.now())


def is_safe_too_late(person: Person, address: str, signpost: Signpost) -> bool:
    """Whether the link is over before there is an hour that is safe for them."""
    later = verdict_of(person, address).next_at
    return later is not None and later >= signpost.expires_at


def refusal_of(person: Person, address: str) -> ContactRefusal | None:
    """Why they must not be reached that way at all; that it is not the hour only means later."""
    verdict = verdict_of(person, address)
    return None if verdict.next_at else verdict.refusal


def _send(session: Session, signpost: Signpost, kind: MessageKind, *, link: str, address: str, version: str) -> None:
    channel = channel_of(address)
    person = session.get(Person, signpost.person_id) if signpost.person_id else None
    not_before = verdict_of(person, address).next_at if person else None
    until = signpost.expires_at.astimezone(clock.LONDON).date()
    words = render_message(kind.name, signpost.language, by=channel, address=link, until=until)
    whom = sha256(address.encode()).hexdigest()[:16]
    key = f"{kind.name}:{signpost.id}:{version}:{whom}"
    about = About(type=rules.PURPOSE, id=signpost.id)
    draft = Draft(
        words=words,
        dedupe_key=key,
        recipient=address,
        about=about,
        not_before=not_before,
        expires_at=signpost.expires_at,
    )
    send(session, draft)


def remind(session: Session, vault: Vault) -> int:
    """Send the reminders that are due, by day only. Says how many."""
    if quiet_until(clock.now()) is not None:
        return 0
    due = session.scalars(
        select(Signpost)
        .where(Signpost.remind_on <= clock.today(), Signpost.reminded_at.is_(None), Signpost.remind_to.is_not(None))
        .order_by(Signpost.remind_on, Signpost.id)
        .limit(AT_A_TIME)
        .with_for_update(skip_locked=True)
    ).all()
    for signpost in due:
        _remind(session, vault, signpost)
    session.flush()
    return len(due)


def _remind(session: Session, vault: Vault, signpost: Signpost) -> None:
    address, link = vault.open(signpost.remind_to or ""), link_of(signpost, vault)
    is_wanted = signpost.answered_at is None and rules.may_remind(signpost.remind_on, clock.today())
    if address and link and is_wanted and _may_reach(session, signpost, address):
        _send(session, signpost, REMINDER, link=link, address=address, version="once")
    signpost.reminded_at, signpost.remind_to = clock.now(), None


def _may_reach(session: Session, signpost: Signpost, address: str) -> bool:
    """What a named person has said since of being reached, and of being asked, counts."""
    person = session.get(Person, signpost.person_id) if signpost.person_id else None
    return person is None or (refusal_of(person, address) is None and _may_ask(session, signpost))


def _may_ask(session: Session, signpost: Signpost) -> bool:
    return signpost.person_id is None or people.may_be_asked(session, signpost.person_id)


@before_sending(GIVEN.name)
@before_sending(REMINDER.name)
def still_safe(session: Session, message: Message) -> Verdict:
    """Nobody who is named is written to at a time, or by a way, that their record does not call safe."""
    signpost = session.get(Signpost, message.subject_id) if message.subject_id else None
    person = session.get(Person, signpost.person_id) if signpost and signpost.person_id else None
    return Keep() if person is None else keeps_to_safety(person, message)


@before_sending(REMINDER.name)
def still_wanted(session: Session, message: Message) -> Verdict:
    """Who has answered meanwhile, or wants no such question any more, is left in peace; nobody is reminded at night."""
    signpost = session.get(Signpost, message.subject_id) if message.subject_id else None
    if signpost is None or signpost.answered_at is not None:
        return Drop("answered")
    if not _may_ask(session, signpost):
        return Drop("opted out")
    morning = quiet_until(clock.now())
    return Postpone(morning, "night") if morning else Keep()


def forget_addresses(session: Session) -> int:
    """Wipe to whom old signposts were sent: that they were sent stays. Says how many were wiped."""
    old = session.scalars(
        select(Message.subject_id)
        .where(Message.subject_type == rules.PURPOSE, Message.recipient != "")
        .group_by(Message.subject_id)
        .having(func.max(Message.created_at) < clock.now() - rules.ADDRESSES_ARE_KEPT)
        .order_by(Message.subject_id)
        .limit(AT_A_TIME)
    ).all()
    for signpost_id in old:
        if signpost_id is not None:
            erase(session, About(type=rules.PURPOSE, id=signpost_id))
    return len(old)
