"""What the demo's college and peer network put on: terms, rooms, people, runs and groups, full ones among them.

All dates are counted from today, so the demo never grows old. Nobody in it can be written to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import MemberOrganization
from app.booking.codes import FacilitatorKind, KeptFor, NeedKind, PoolKind, WhoMayBook
from app.booking.holidays import bank_holidays
from app.booking.models import BookableSession, Course, Facilitator, Pool, Room, Run, Term
from app.booking.operations import booking as verbs
from app.booking.operations import keeping, places, programme
from app.booking.operations.attendees import nameless_attendee
from app.booking.rules.repetition import Repetition
from app.core import clock
from app.core.actor import SYSTEM
from app.core.clock import LONDON
from app.directory.codes import AccessFeature
from app.directory.importing.identity import minted
from app.directory.models import Service
from seed.demo.listings import SOURCE
from seed.demo.staff import WORKPLACES

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NAMES = (
    "Ash Bea Cal Dee Eli Fay Gus Hal Ida Jo Kit Lou Max Nell Oz Pat Quin Rae Sid Tam Una Vic Wyn Xan Yas Zak".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One course or group of the demo: `weeks_ahead` says in how many weeks the first run begins."""

    slug: str
    leads: tuple[str, ...]
    room: str
    kind: PoolKind = PoolKind.RUN
    day: int = 1
    at: time = time(13, 30)
    minutes: int = 120
    weeks: int = 4
    weeks_ahead: int = 1
    capacity: int = 12
    booked: int = 0
    waiting: int = 0
    kept: tuple[KeptFor, int] | None = None
    later_by_invitation: bool = False
    words: tuple[str, str, str, str] = ("", "", "", "")


ROOMS: dict[str, tuple[tuple[str, str, int, frozenset[AccessFeature], str | None], ...]] = {
    "college": (
        (
            "Chantry Room",
            "The Chantry, 4 College Steps, WX1 2LH",
            14,
            frozenset({AccessFeature.STEP_FREE, AccessFeature.ACCESSIBLE_TOILET, AccessFeature.HEARING_LOOP}),
            None,
        ),
        (
            "Garden Room",
            "The Chantry, 4 College Steps, WX1 2LH",
            10,
            frozenset({AccessFeature.STEP_FREE, AccessFeature.QUIET_ROOM}),
            None,
        ),
        ("Hub Room 2", "14 Beacon Road, Northfield, WX2 1LB", 16, frozenset({AccessFeature.STEP_FREE}), None),
    ),
    "lantern": (
        (
            "Long Room",
            "6 Candlewick Yard, Old Town, WX1 2DR",
            12,
            frozenset({AccessFeature.QUIET_ROOM, AccessFeature.GUIDE_DOGS}),
            None,
        ),
        ("Hub Hall", "14 Beacon Road, Northfield, WX2 1LB", 30, frozenset({AccessFeature.STEP_FREE}), None),
        ("Lantern Online", "", 20, frozenset(), "https://meet.lantern-peer-network.example/room"),
    ),
}
PEOPLE: dict[str, tuple[tuple[str, FacilitatorKind], ...]] = {
    "college": (
        ("Tasha", FacilitatorKind.PEER),
        ("Gwen", FacilitatorKind.PEER),
        ("Frances", FacilitatorKind.PEER),
        ("Paul Reddy", FacilitatorKind.PRACTITIONER),
        ("Dr Anand", FacilitatorKind.PRACTITIONER),
        ("Gareth Pryce", FacilitatorKind.PRACTITIONER),
    ),
    "lantern": (("Moira", FacilitatorKind.PEER), ("Jonas", FacilitatorKind.PEER)),
}
ANXIETY = (
    "How the body’s alarm works, why it goes off at the wrong time, small steps back to what you stopped doing.",
    "Tea, a short talk, something to try, and time to ask. You choose how much you say. Nobody is tested.",
    "You may come early to see the room. Tasha is there ten minutes before the start and looks out for new faces.",
    "Tasha, who has lived with panic, and Paul, a therapist, wrote it together.",
)
PLAIN = (
    "",
    "A small group, a friendly room, and breaks. You choose how much you say.",
    "You may come early to see the room, sit by the door, step out, or just listen.",
    "",
)
COLLEGE: tuple[Told, ...] = (
    Told(
        slug="course-understanding-anxiety",
        leads=("Tasha", "Paul Reddy"),
        room="Chantry Room",
        booked=6,
        words=ANXIETY,
    ),
    Told(
        slug="course-understanding-depression",
        leads=("Gwen", "Dr Anand"),
        room="Garden Room",
        day=2,
        at=time(10, 30),
        weeks=5,
        capacity=10,
        booked=7,
        words=PLAIN,
    ),
    Told(
        slug="course-better-nights",
        leads=("Frances", "Gareth Pryce"),
        room="Garden Room",
        day=0,
        at=time(18),
        minutes=90,
        capacity=8,
        booked=8,
        waiting=2,
        words=PLAIN,
    ),
    Told(
        slug="course-mindfulness-eight-weeks",
        leads=("Gwen", "Gareth Pryce"),
        room="Hub Room 2",
        day=3,
        at=time(18, 30),
        weeks=8,
        weeks_ahead=2,
        booked=3,
        later_by_invitation=True,
        words=PLAIN,
    ),
    Told(
        slug="course-building-confidence",
        leads=("Tasha", "Dr Anand"),
        room="Hub Room 2",
        weeks=6,
        day=0,
        at=time(10),
        weeks_ahead=3,
        kept=(KeptFor.CARERS, 3),
        words=PLAIN,
    ),
    Told(
        slug="course-money-and-mind",
        leads=("Frances", "Paul Reddy"),
        room="Chantry Room",
        day=2,
        at=time(10),
        weeks=4,
        weeks_ahead=2,
        booked=4,
        kept=(KeptFor.REFERRED, 4),
        words=PLAIN,
    ),
)
GROUPS: tuple[Told, ...] = (
    Told(
        slug="lantern-monday-low-mood-group",
        leads=("Moira",),
        room="Hub Hall",
        kind=PoolKind.DROP_IN,
        day=0,
        at=time(18, 30),
        minutes=105,
        weeks=12,
        capacity=30,
        words=PLAIN,
    ),
    Told(
        slug="lantern-anxiety-group",
        leads=("Jonas",),
        room="Long Room",
        kind=PoolKind.SESSION,
        day=3,
        at=time(14),
        minutes=90,
        weeks=10,
        capacity=8,
        booked=5,
        words=PLAIN,
    ),
)


def load(session: Session) -> int:
    """Put everything on that is not there yet; says how many courses and groups there are."""
    for workplace, told in (("college", COLLEGE), ("lantern", GROUPS)):
        place = _workplace(session, workplace)
        if place is None or _is_there(session, place.id):
            continue
        term = _terms(session, place.id)
        rooms, people = _rooms(session, place.id, workplace), _make_people(session, place.id, workplace)
        for one in told:
            _put_on(session, place.id, one, term=term, rooms=rooms, people=people)
    session.flush()
    return len(session.scalars(select(Course.id).order_by(Course.id)).all())


def manifest(session: Session) -> dict[str, Any]:
    """Ids of what can be tried: a pool with places, one that is full, a session."""
    is_listed = Run.course.has(Course.service_id.is_not(None))
    wanted = select(Pool).join(Run, Run.id == Pool.run_id).where(Pool.starts_at > clock.now(), is_listed)
    pools = session.scalars(wanted.where(Pool.kind != PoolKind.RESERVED).order_by(Pool.starts_at, Pool.id)).all()
    free = next((pool for pool in pools if pool.kind is PoolKind.RUN and pool.free), None)
    full = next((pool for pool in pools if not pool.free), None)
    ahead = select(BookableSession.id).join(Run, Run.id == BookableSession.run_id).where(is_listed)
    sessions = session.scalars(ahead.order_by(BookableSession.starts_at, BookableSession.id)).all()
    return {
        "pool": str(free.id) if free else None,
        "full_pool": str(full.id) if full else None,
        "run": str(free.run_id) if free else None,
        "session": str(sessions[0]) if sessions else None,
    }


def _workplace(session: Session, slug: str) -> MemberOrganization | None:
    name = next(place.name for place in WORKPLACES if place.slug == slug)
    found = select(MemberOrganization).where(MemberOrganization.name == name)
    return session.scalars(found.order_by(MemberOrganization.id)).one_or_none()


def _is_there(session: Session, organization_id: UUID) -> bool:
    return session.scalar(select(Course.id).where(Course.organization_id == organization_id).limit(1)) is not None


def _terms(session: Session, organization_id: UUID) -> Term:
    """The present term and the next; gives the present one."""
    monday = clock.today() - timedelta(days=clock.today().weekday())
    made = []
    for begins in (monday - timedelta(weeks=3), monday + timedelta(weeks=11)):
        ends = begins + timedelta(weeks=13, days=4)
        made.append(Term(organization_id=organization_id, name=_season(begins), starts_on=begins, ends_on=ends))
    session.add_all(made)
    session.flush()
    return made[0]


def _season(begins: date) -> str:
    seasons = {12: "Winter", 1: "Winter", 2: "Spring", 3: "Spring", 4: "Spring", 5: "Summer", 6: "Summer", 7: "Summer"}
    return (
        f"{seasons.get((begins + timedelta(weeks=4)).month, 'Autumn')} {begins + timedelta(weeks=4):%Y} ({begins:%b})"
    )


def _rooms(session: Session, organization_id: UUID, workplace: str) -> dict[str, Room]:
    made = {
        name: Room(
            organization_id=organization_id, name=name, address=address, capacity=seats, access=access, join_link=link
        )
        for name, address, seats, access, link in ROOMS[workplace]
    }
    session.add_all(made.values())
    session.flush()
    return made


def _make_people(session: Session, organization_id: UUID, workplace: str) -> dict[str, Facilitator]:
    made = {
        name: Facilitator(organization_id=organization_id, name=name, kind=kind) for name, kind in PEOPLE[workplace]
    }
    session.add_all(made.values())
    session.flush()
    return made


def _put_on(
    session: Session,
    organization_id: UUID,
    told: Told,
    *,
    term: Term,
    rooms: dict[str, Room],
    people: dict[str, Facilitator],
) -> None:
    service = session.get(Service, minted(SOURCE, "service", told.slug))
    if service is None:
        raise LookupError(f"the demo has no listing {told.slug!r}")
    course = programme.offer_listing(session, SYSTEM, service, organization_id)
    course.you_learn, course.what_happens, course.if_nervous, course.made_by = told.words
    for ahead, booked, waiting in ((told.weeks_ahead, told.booked, told.waiting), (told.weeks_ahead + 13, 0, 0)):
        run = programme.make_run(session, SYSTEM, course, _plan(told, ahead, term, rooms, people))
        if told.later_by_invitation and ahead != told.weeks_ahead:
            run.who = WhoMayBook.INVITED
        programme.publish(session, SYSTEM, run)
        pools = session.scalars(select(Pool).where(Pool.run_id == run.id).order_by(Pool.starts_at, Pool.id)).all()
        _fill(session, pools[0], booked + waiting, told.slug)
        if told.kept and ahead == told.weeks_ahead:
            _keep(session, pools[0], *told.kept)
        if told.kind is not PoolKind.RUN:
            break


def _plan(told: Told, ahead: int, term: Term, rooms: dict[str, Room], people: dict[str, Facilitator]) -> programme.Plan:
    monday = clock.today() - timedelta(days=clock.today().weekday())
    first = monday + timedelta(weeks=ahead, days=told.day)
    rule = Repetition(
        first=first,
        at=told.at,
        minutes=told.minutes,
        count=told.weeks,
        skips=frozenset(bank_holidays()) | _christmas(first),
    )
    return programme.Plan(
        rule=rule,
        kind=told.kind,
        capacity=told.capacity,
        room_id=rooms[told.room].id,
        facilitator_ids=tuple(people[name].id for name in told.leads),
        term_id=term.id if told.kind is PoolKind.RUN and first <= term.ends_on else None,
    )


def _christmas(first: date) -> frozenset[date]:
    """From the 22nd of December to the 2nd of January nothing happens."""
    begins = date(first.year, 12, 22)
    return frozenset(begins + timedelta(days=day) for day in range(12))


def _keep(session: Session, pool: Pool, kept_for: KeptFor, count: int) -> None:
    day = pool.starts_at.astimezone(LONDON).date() - timedelta(weeks=1)
    keeping.keep_places(session, SYSTEM, places.lock_one(session, pool.id), kept_for, count, release_on=day)


def _fill(session: Session, pool: Pool, count: int, slug: str) -> None:
    for number in range(count):
        held = verbs.begin(session, SYSTEM, pool.id, key=f"demo:{slug}:{number}")
        needs = {NeedKind.LARGE_PRINT: ""} if number % 5 == 3 else {}
        verbs.give_details(session, SYSTEM, held, verbs.Details(name=NAMES[number % len(NAMES)], needs=needs))
        verbs.confirm(session, SYSTEM, held, nameless_attendee(session))
