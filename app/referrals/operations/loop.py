"""The word back: who is to hear how a referral ended, as far as the person allows, and whether they have heard."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.accounts.models import MemberOrganization
from app.audit.codes import Action
from app.audit.operations import record
from app.audit.queries import was_opened
from app.core import clock
from app.core.actor import SYSTEM, Actor
from app.core.events import announce
from app.people.codes import SharingLevel
from app.people.queries import permission_versions
from app.people.rules.permissions import telling_level
from app.referrals.codes import Occasion, Recipient, Source, Status, Way
from app.referrals.events import MessageIssued
from app.referrals.message_back import parts_for
from app.referrals.models import MessagePreview, Referral, Telling
from app.referrals.operations.due import set_due
from app.referrals.operations.moving import SUBJECT
from app.referrals.operations.reaching import hears_by_itself
from app.referrals.operations.tasks import settle_about_word, settle_practice
from app.referrals.queries.times import tellings_of_missed
from app.referrals.rules.loop import recipients

SAID_WITH_IT = frozenset({Status.REJECTED, Status.REDIRECTED})


def close_for(session: Session, actor: Actor, referral: Referral, *, hold: bool = False) -> list[Telling]:
    """Say who is to hear how it ended, and tell those who read it here. The loop closes when all were dealt with.

    A practice without Waymark gets a letter: that one stays open until somebody says that it went (`letters`). So
    does that of a person whom no message reaches safely (`person_letters`). With
    `hold` nobody but the person is told yet: they read it first (`operations.previews`).
    """
    number = _last_number(session, referral) + 1
    made = [telling_for(session, referral, number, who) for who in sorted(who_hears(referral))]
    session.add_all(made)
    session.flush()
    _overtake(session, referral)
    for telling in made:
        if telling.level is SharingLevel.NONE and telling.recipient is not Recipient.PERSON:
            note_forbidden(session, telling)
        elif telling.recipient is Recipient.PERSON:
            # With a no, or when passed on, it is on record how they were told or asked.
            if referral.status in SAID_WITH_IT or hears_by_itself(session, referral.person):
                issue(session, actor, telling)
        elif telling.organization_id is not None and not hold:
            issue(session, actor, telling)
    set_due(session, referral)
    return made


def send_on(session: Session, actor: Actor, referral: Referral, *, number: int, words: bool) -> None:
    """Let what was held back go to everybody but the person, as far as is permitted now; without `words`, codes alone.

    The referral is held, and with it what the person permits, until this transaction ends.
    """
    level = telling_level(permission_versions(session, referral.person_id), clock.today())
    if not words and level.reaches(SharingLevel.CODES):
        level = SharingLevel.CODES
    for telling in _others(session, referral, number):
        if level is SharingLevel.NONE:
            if telling.issued_at is None:
                note_forbidden(session, telling)
            continue
        telling.level, telling.parts = level, parts_for(session, referral, level)
        if telling.organization_id is not None:
            telling.read_at = None
            issue(session, actor, telling, late=True)
    session.flush()


def narrow(session: Session, person_id: UUID) -> None:
    """The person allows less than before: what nobody has been told yet is cut to that.

    What lies here unopened for somebody to read has told nobody either, though it was issued.
    """
    level = telling_level(permission_versions(session, person_id), clock.today())
    lies_here = and_(Telling.issued_at.is_not(None), Telling.organization_id.is_not(None), Telling.way.is_(None))
    waiting = (
        select(Telling)
        .join(Referral, Referral.id == Telling.referral_id)
        .where(
            Referral.person_id == person_id,
            Telling.recipient != Recipient.PERSON,
            Telling.forbidden_noted_at.is_(None),
            Telling.done_at.is_(None) | lies_here,
        )
    )
    for telling in session.scalars(waiting.order_by(Telling.id)).unique().all():
        if telling.done_at is None or not _is_opened(session, telling):
            cut(session, telling, level)
    session.flush()


def _is_opened(session: Session, telling: Telling) -> bool:
    """Whether anybody where it is read has looked since it was issued."""
    place, since = telling.organization_id, telling.issued_at
    if place is None or since is None or telling.read_at is not None:
        return telling.read_at is not None
    return was_opened(session, telling.referral_id, by=place, since=since)


def cut(session: Session, telling: Telling, level: SharingLevel) -> None:
    """No more than that is told of what has not gone; where that is nothing, it is noted and nothing goes."""
    if level.reaches(telling.level):
        return
    if telling.occasion is Occasion.MISSED:
        _cut_missed(session, telling, level)
        return
    telling.level, telling.parts = level, parts_for(session, telling.referral, level)
    if telling.issued_at is not None:
        about = (SUBJECT, telling.referral_id)
        record(session, SYSTEM, Action.CHANGED, about, person_id=telling.referral.person_id, fields=("level",))
    if level is SharingLevel.NONE and not is_held_back(session, telling):
        note_forbidden(session, telling)
        set_due(session, telling.referral)
        settle_about_word(session, SYSTEM, telling.referral)


def issue(session: Session, actor: Actor, telling: Telling, *, late: bool = False, way: Way | None = None) -> None:
    """The message has gone to one of them; `late` says that it had been held back for the person to read.

    `way` is how, where somebody says so and no notice of ours went.
    """
    telling.issued_at = telling.done_at = clock.now()
    telling.issued_by_id, telling.bounced_at, telling.way = actor.user_id, None, way
    session.flush()
    record(
        session,
        actor,
        Action.SHARED,
        (SUBJECT, telling.referral_id),
        person_id=telling.referral.person_id,
        reason=":".join(["message", telling.recipient, telling.level, *([way] if way else [])]),
    )
    announce(session, MessageIssued(telling, late=late))


def came_back(session: Session, telling: Telling) -> None:
    """The notice of a message bounced: it told nobody, and the loop is open again."""
    telling.bounced_at, telling.done_at, telling.way = clock.now(), None, None
    session.flush()
    set_due(session, telling.referral)


def mark_read(session: Session, actor: Actor, telling: Telling) -> None:
    """Somebody at the practice has opened the message."""
    telling.read_at = telling.read_at or clock.now()
    session.flush()
    record(session, actor, Action.READ, (SUBJECT, telling.referral_id), person_id=telling.referral.person_id)


def is_held_back(session: Session, telling: Telling) -> bool:
    """Whether the person still reads it."""
    reading = select(MessagePreview.id).where(
        MessagePreview.referral_id == telling.referral_id,
        MessagePreview.number == telling.number,
        MessagePreview.done_at.is_(None),
    )
    may_be = telling.recipient is not Recipient.PERSON and telling.occasion is Occasion.END
    return may_be and session.scalar(reading) is not None


def _cut_missed(session: Session, telling: Telling, level: SharingLevel) -> None:
    """Of missed appointments is told from the level of a summary on, or nothing at all."""
    telling.level = level
    if level.reaches(SharingLevel.SUMMARY):
        return
    telling.parts = {}
    note_forbidden(session, telling)
    settle_practice(session, SYSTEM, telling.referral)


def _overtake(session: Session, referral: Referral) -> None:
    """A letter of missed appointments that has not gone by the end does not go any more: the word back says it too."""
    for telling in tellings_of_missed(session, referral):
        if telling.done_at is None:
            telling.done_at = clock.now()
    session.flush()
    settle_practice(session, SYSTEM, referral)


def _last_number(session: Session, referral: Referral) -> int:
    """The number of the last ending, also of one that was called off before anybody was told."""
    told = select(func.max(Telling.number)).where(Telling.referral_id == referral.id, Telling.occasion == Occasion.END)
    shown = select(func.max(MessagePreview.number)).where(MessagePreview.referral_id == referral.id)
    return max(session.scalar(told) or 0, session.scalar(shown) or 0)


def note_forbidden(session: Session, telling: Telling) -> None:
    """The person does not allow it: that is on record, and nothing goes. What had gone closed its loop when it went."""
    telling.forbidden_noted_at = clock.now()
    telling.done_at = telling.done_at or telling.forbidden_noted_at
    session.flush()


def _others(session: Session, referral: Referral, number: int) -> list[Telling]:
    wanted = select(Telling).where(
        Telling.referral_id == referral.id,
        Telling.number == number,
        Telling.occasion == Occasion.END,
        Telling.recipient != Recipient.PERSON,
        Telling.forbidden_noted_at.is_(None),
    )
    return list(session.scalars(wanted.order_by(Telling.recipient, Telling.id)).unique())


def who_hears(referral: Referral) -> frozenset[Recipient]:
    """Who is to hear of it: a practice apart from the referrer only where it is another one."""
    oneself = referral.source is Source.SELF
    practice = referral.person.gp_ods_code
    referrer = referral.referrer_organization
    is_own_practice = referrer is not None and bool(practice) and referrer.ods_code == practice
    return recipients(self_referral=oneself, has_gp=bool(practice or referral.person.gp_name) and not is_own_practice)


def telling_for(session: Session, referral: Referral, number: int, who: Recipient) -> Telling:
    """What one of them is to hear, as far as the person allows today; not in the database yet."""
    level = telling_level(permission_versions(session, referral.person_id), clock.today())
    # A person hears everything that concerns them.
    level = SharingLevel.FULL if who is Recipient.PERSON else level
    parts: dict[str, Any] = parts_for(session, referral, level)
    place = _place(session, referral, who)
    return Telling(
        referral_id=referral.id,
        referral=referral,
        number=number,
        recipient=who,
        organization_id=place.id if place else None,
        level=level,
        parts=parts,
    )


def _place(session: Session, referral: Referral, who: Recipient) -> MemberOrganization | None:
    if who is Recipient.REFERRER:
        return referral.referrer_organization
    if who is Recipient.GP and referral.person.gp_ods_code:
        return session.scalars(
            select(MemberOrganization)
            .where(MemberOrganization.ods_code == referral.person.gp_ods_code, MemberOrganization.is_active)
            .order_by(MemberOrganization.id)
        ).one_or_none()
    return None
