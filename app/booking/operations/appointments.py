"""Times that staff give out one by one, such as the appointments of an advice service.

They are sessions with one place each, in the pools and through the choke point of everything that is booked. They have
no listing: the public does not find them, and those who run courses do not see who comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.booking.announcements import MeetsAnother
from app.booking.codes import Bar, PoolKind, WhoMayBook
from app.booking.models import Booking, Course, Pool, Room, Run
from app.booking.operations import places as counter
from app.booking.operations.attendees import attendee_of, nameless_attendee
from app.booking.operations.booking import Barred, Details, start
from app.booking.operations.on_behalf import Behalf, attendee_for, book_in, details_of
from app.booking.operations.programme import lay_out
from app.booking.operations.waiting import settle
from app.booking.queries import programme
from app.booking.queries.bookings import by_key
from app.booking.rules.repetition import Occurrence
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound, Refused
from app.core.events import announce
from app.people.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """For whom a time is booked: a person on record, or a name (or a number) with one way to reach them, if any."""

    person: Person | None = None
    name: str = ""
    address: str | None = None


def offer_times(
    session: Session, actor: Actor, organization_id: UUID, title: str, wanted: Sequence[Occurrence], *, place: str = ""
) -> list[Pool]:
    """Times for one each, in the order in which they were given; `title` is what a booking of them is called.

    That nobody is in two places at once is for the caller to know.
    """
    if not wanted:
        return []
    course = _course(session, organization_id, title)
    room = _room(session, organization_id, place) if place else None
    run = Run(
        course=course,
        organization_id=organization_id,
        kind=PoolKind.SESSION,
        who=WhoMayBook.INVITED,
        most_together=1,
        has_waiting_list=False,
    )
    lay_out(session, actor, run, wanted, 1, rooms=[room.id if room else None] * len(wanted))
    return programme.pools_of_run(session, run.id)


def _course(session: Session, organization_id: UUID, title: str) -> Course:
    wanted = select(Course).where(
        Course.organization_id == organization_id, Course.title == title, Course.service_id.is_(None)
    )
    found = session.scalars(wanted.order_by(Course.id)).one_or_none()
    if found is None:
        found = Course(organization_id=organization_id, title=title)
        session.add(found)
        session.flush()
    return found


def _room(session: Session, organization_id: UUID, name: str) -> Room:
    known = {room.name: room for room in programme.rooms_of(session, organization_id)}
    if name not in known:
        known[name] = Room(organization_id=organization_id, name=name)
        session.add(known[name])
        session.flush()
    return known[name]


def book_time(session: Session, actor: Actor, pool_id: UUID, client: Client, *, key: str) -> Booking:
    """Give a time to somebody. Pressed twice it is done once. Barred where it has begun, Full where it is gone.

    A person on record is written to by what their record calls safe at the time. Nothing that is sent says what it is.
    """
    pool = counter.lock_one(session, pool_id)
    if pool.run.course.is_listed:
        raise NotFound("pool")
    if (found := by_key(session, key)) is not None:
        if found.pool_id != pool_id:
            raise Refused("Another time is booked for them already. Open it to move it.")
        return found
    settle(session, pool)
    if clock.now() >= pool.starts_at:
        raise Barred(Bar.STARTED)
    made = start(session, actor, pool, key=key, places=1)
    if client.person is not None:
        made.person_id = client.person.id
        told = details_of(Behalf(person=client.person))
        attendee = attendee_for(session, client.person)
    else:
        told = Details(name=client.name, address=client.address)
        attendee = attendee_of(session, client.address) if client.address else nameless_attendee(session)
    return book_in(session, actor, made, replace(told, discreet=True), attendee)


def meet_another(session: Session, booking: Booking, who: str) -> None:
    """Somebody else of the service meets whoever has the time; they hear of it, where that is safe."""
    announce(session, MeetsAnother(booking, who))
