"""Where whoever has a booking is written to: at their one address, or at what a person's record calls safe now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.booking.models import Booking
from app.core import clock
from app.notifications.stopping import Drop, Keep, Postpone, Verdict
from app.people.codes import ContactChannel
from app.people.models import Person
from app.people.queries import channels_leading_elsewhere, safety_of
from app.people.rules.contact import may_contact


@dataclass(frozen=True, slots=True)
class Reach:
    """An address, and the moment from which it is safe to write to it."""

    address: str
    not_before: datetime | None = None


def reach_of(session: Session, booking: Booking) -> Reach | None:
    """How to write about a booking; None where nothing is safe, or nothing is known."""
    person = session.get(Person, booking.person_id) if booking.person_id else None
    if person is None:
        address = booking.attendee.address if booking.attendee else None
        return Reach(address) if address else None
    return reach_of_person(person)


def reach_of_person(person: Person) -> Reach | None:
    """How to write to a person about something that they booked, by what their record calls safe now."""
    for channel, address in ((ContactChannel.EMAIL, person.email), (ContactChannel.SMS, person.mobile)):
        verdict = may_contact(safety_of(person), channel, clock.now())
        if address and (verdict.allowed or verdict.next_at is not None):
            return Reach(address, verdict.next_at)
    return None


def verdict_as_it_leaves(session: Session, booking: Booking, address: str) -> Verdict:
    """Whether a message that waited may still go to an address: what the person says of being reached may change."""
    if booking.person_id is None:
        return Keep()
    reach = reach_of(session, booking)
    if reach is None or reach.address != address:
        return Drop("not safe now")
    return Postpone(reach.not_before, "not a safe time") if reach.not_before else Keep()


def verdict_on_address(session: Session, address: str) -> Verdict:
    """Whether a message may go to an address that staff typed, by everything that the records with it say of it.

    A record that says nothing of what is safe is no reason not to write: somebody gave the address for this.
    """
    channel = ContactChannel.EMAIL if "@" in address else ContactChannel.SMS
    known = select(Person).where(or_(Person.email == address, Person.mobile == address))
    later = []
    for person in session.scalars(known.where(Person.merged_into_id.is_(None)).order_by(Person.id)):
        says_something = person.safe_channels or channels_leading_elsewhere(person) or person.do_not_contact
        verdict = may_contact(safety_of(person), channel, clock.now())
        if says_something and not verdict.allowed:
            if verdict.next_at is None:
                return Drop("not safe now")
            later.append(verdict.next_at)
    return Postpone(max(later), "not a safe time") if later else Keep()
