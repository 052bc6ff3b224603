"""A person's record and the receiver of a referral: read while it is triaged, then worked in, closed at the end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.notifications.codes import Channel
from app.people.codes import AccessReason, ContactChannel
from app.people.models import Person
from app.people.operations import end_access, give_access
from app.people.operations.own_page import has_own_page
from app.people.queries import safety_of
from app.people.rules.contact import may_contact
from app.referrals.models import Referral


def safe_messages(person: Person) -> list[tuple[Channel, str, datetime | None]]:
    """The messages of ours that reach the person safely, the text first: how, where to, and from when."""
    found = []
    for channel, by, address in (
        (ContactChannel.SMS, Channel.SMS, person.mobile),
        (ContactChannel.EMAIL, Channel.EMAIL, person.email),
    ):
        verdict = may_contact(safety_of(person), channel, clock.now())
        if address and (verdict.allowed or verdict.next_at is not None):
            found.append((by, address, verdict.next_at))
    return found


def hears_by_itself(session: Session, person: Person) -> bool:
    """Whether the person learns of it without anybody's doing: by a message, or on a page of their own."""
    return bool(safe_messages(person)) or has_own_page(session, person.id)


def open_for_triage(session: Session, actor: Actor, referral: Referral) -> None:
    """It was sent: the receiver reads the record and changes nothing in it."""
    if referral.receiver_organization_id is not None:
        place = referral.receiver_organization_id
        give_access(session, actor, referral.person, place, AccessReason.TRIAGE, referral.id)


def open_for_work(session: Session, actor: Actor, referral: Referral) -> None:
    """It was accepted, or opened again: the receiver keeps the record with the others."""
    if referral.receiver_organization_id is not None:
        place = referral.receiver_organization_id
        give_access(session, actor, referral.person, place, AccessReason.REFERRAL, referral.id)
        end_access(session, actor, referral.person_id, place, AccessReason.TRIAGE, referral.id)


def end_reach(session: Session, actor: Actor, referral: Referral) -> None:
    """The receiver no longer sees the record because of this referral."""
    if referral.receiver_organization_id is not None:
        for reason in (AccessReason.TRIAGE, AccessReason.REFERRAL):
            end_access(session, actor, referral.person_id, referral.receiver_organization_id, reason, referral.id)
