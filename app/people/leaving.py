"""As a message to a person leaves: what their record says of being reached counts now, not when it was written.

A message may wait for the morning, for a safe time or for a provider that does not answer; meanwhile the person may
have said that nobody is to write to them, or the hour may have become an unsafe one.
"""

from __future__ import annotations

from app.core import clock
from app.notifications.codes import Channel
from app.notifications.models import Message
from app.notifications.stopping import Drop, Keep, Postpone, Verdict
from app.people.codes import ContactChannel
from app.people.models import Person
from app.people.queries import safety_of
from app.people.rules.contact import may_contact

CONTACT_CHANNELS = {Channel.EMAIL: ContactChannel.EMAIL, Channel.SMS: ContactChannel.SMS}


def keeps_to_safety(person: Person, message: Message) -> Verdict:
    """Whether a message may go to the person that way now; else when, or that it may not at all."""
    told = may_contact(safety_of(person), CONTACT_CHANNELS[message.channel], clock.now())
    if told.allowed:
        return Keep()
    return Postpone(told.next_at, "not a safe time") if told.next_at else Drop("not safe now")


def keeps_to_record(person: Person, message: Message) -> Verdict:
    """As `keeps_to_safety`, and only to an address that still stands in the record."""
    if message.recipient not in {person.mobile, person.email}:
        return Drop("another address")
    return keeps_to_safety(person, message)
