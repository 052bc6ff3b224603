"""What the form of a contact begins with: an earlier contact, somebody out of a queue, a person's record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.accounts.current import current_actor
from app.advice import queries
from app.advice.codes import CallResult, Channel, ClientKind, Direction, Place, Result
from app.advice.forms import MINUTES, as_uuid
from app.advice.models import AdviceContact, AdviceSession, Appointment, PhoneCall, QueueEntry
from app.advice.operations.calls import TAKES_NO_TIME
from app.advice.queries import appointments, rota, sessions
from app.advice.rules.deadlines import next_working_day
from app.core import clock
from app.people.models import Person
from app.web.database import db

# What a contact may come from, by the name of its field: the contact it follows, the one it corrects, somebody who
# came to an open session, a call of a telephone shift, an appointment.
ORIGINS = ("follows", "corrects", "visitor", "call", "appointment")
_CHANNELS = {Place.SURGERY: Channel.AT_SURGERY, Place.HOME: Channel.AT_HOME}


@dataclass(frozen=True, slots=True)
class Origins:
    """Where a contact comes from: ids by the names of `ORIGINS`, as they were told and not yet looked up."""

    ids: Mapping[str, UUID] = field(default_factory=dict)

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Origins:
        """From a form, an address or a draft, whose values may be lists."""
        texts = {name: told.get(name) or "" for name in ORIGINS}
        plain = {name: text if isinstance(text, str) else "".join(text[:1]) for name, text in texts.items()}
        found = {name: as_uuid(text) for name, text in plain.items()}
        return cls({name: id_ for name, id_ in found.items() if id_ is not None})

    def without(self, name: str) -> Origins:
        """The same, but not from there."""
        return Origins({each: id_ for each, id_ in self.ids.items() if each != name})

    def __getitem__(self, name: str) -> UUID | None:
        return self.ids.get(name)

    def entry(self) -> QueueEntry | None:
        """Whoever came to an open session. NotFound where the actor may not see them."""
        entry_id = self["visitor"]
        return sessions.queue_entry(db.session(), current_actor(), entry_id) if entry_id else None

    def phone_call(self) -> PhoneCall | None:
        """The call of a telephone shift. NotFound where the actor may not see it."""
        call_id = self["call"]
        return rota.phone_call(db.session(), current_actor(), call_id) if call_id else None

    def kept_time(self) -> Appointment | None:
        """The appointment. NotFound where the actor may not see it."""
        appointment_id = self["appointment"]
        return appointments.visible(db.session(), current_actor(), appointment_id) if appointment_id else None

    def earlier(self) -> AdviceContact | None:
        """The contact that this one follows. NotFound where the actor may not see it."""
        follows_id = self["follows"]
        return queries.contact(db.session(), current_actor(), follows_id) if follows_id else None


def beginning(origins: Origins, person: Person | None) -> dict[str, Any]:
    """What a new form begins with: where it comes from, and what this adviser chose the last time."""
    last = queries.last_of(db.session(), current_actor())
    values: dict[str, Any] = {"channel": last.channel.value, "level": last.level.value} if last else {}
    if (entry := origins.entry()) is not None:
        values |= _of_session(entry.session) | {"words": entry.need, "name": "" if person else entry.called_as}
        values |= {} if person else {"client_kind": ClientKind.ANONYMOUS.value}
    if (call := origins.phone_call()) is not None:
        values |= _of_call(call)
    if (follows := origins.earlier()) is not None:
        person = follows.person or person
        values |= _of_earlier(follows)
    if (kept := origins.kept_time()) is not None:
        values |= _of_appointment(kept, person)
    if person is not None:
        values |= {"person": str(person.id), "language": person.language, "interpreter": person.interpreter}
    return values


def _of_session(session: AdviceSession) -> dict[str, Any]:
    return {
        "channel": _CHANNELS.get(session.place, Channel.AT_SERVICE).value,
        "place": session.place.value,
        "place_ods_code": session.place_ods_code,
    }


def _of_call(call: PhoneCall) -> dict[str, Any]:
    missed, wants_call = call.result in TAKES_NO_TIME, call.result is CallResult.CALL_BACK
    known = str(call.minutes)
    return {
        "channel": Channel.PHONE.value,
        "result": (Result.NO_ANSWER if missed else Result.REACHED).value,
        "minutes": known if call.minutes in MINUTES else str(MINUTES[0]),
        "call_back_on": next_working_day(clock.today() + timedelta(days=1)) if wants_call else None,
        "place": call.session.place.value,
    }


def _of_appointment(kept: Appointment, person: Person | None) -> dict[str, Any]:
    """When, how and how long they met; whose it is where no record says so."""
    one, case = kept.time.session, kept.case
    begins, planned = one.starts_at.astimezone(clock.LONDON), round((one.ends_at - one.starts_at).total_seconds() / 60)
    values: dict[str, Any] = {
        "channel": kept.time.channel.value,
        "happened_on": begins.date(),
        "started_at": f"{begins:%H:%M}",
    }
    values |= {"minutes": str(planned)} if planned in MINUTES else {"minutes": "", "other_minutes": str(planned)}
    values |= {"case": str(case.id)} if case else {}
    if person is None and case is not None and case.client_number:
        values |= {"client_kind": ClientKind.NUMBERED.value, "client_number": case.client_number}
    elif person is None and kept.contact_id is None:
        values |= {"client_kind": ClientKind.ANONYMOUS.value, "name": kept.booking.name}
    return values


def _of_earlier(follows: AdviceContact) -> dict[str, Any]:
    return {
        "client_kind": follows.client_kind.value,
        "client_number": follows.client_number,
        "relation": follows.relation,
        "issues": [issue.code for issue in follows.issues],
        "words": follows.words,
        "direction": Direction.OUT.value,
        "case": str(follows.case_id or ""),
    }
