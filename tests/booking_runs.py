"""Many processes that book at once: what the proofs of booking run on.

Each process has nothing of Flask, and no reactions: the messages are proved elsewhere. It opens engines as production
does, and does what its job says, one transaction after the other. A lock that was not had in time is tried again, as a
person would.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import random
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.booking.codes import ACTIVE_STATES, PLACE_STATES, BookingState, KeptFor
from app.booking.models import Booking, Pool
from app.booking.operations import booking as verbs
from app.booking.operations import keeping, places
from app.booking.operations.attendees import attendee_of
from app.booking.operations.waiting import settle
from app.booking.queries import bookings as known
from app.booking.queries.invariants import faults
from app.core import clock
from app.core.actor import ANONYMOUS, SYSTEM
from app.core.engines import long_read_engine, write_engine
from app.core.errors import InvalidInput, Refused
from tests import booking_factories

TRIES = 40
# Seconds for all of a run; at length it is thousands of bookings, on whatever machine there is.
WAITED_FOR = 540 if "WAYMARK_PROOF_CASES" not in os.environ else 3_600
WITH_ROOM_FOR_ALL = 24
LEAST_LOOKS = 6
for _feature in ("notifications", "audit", "accounts", "directory", "people", "referrals", "booking"):
    importlib.import_module(f"app.{_feature}.models")


@dataclass(frozen=True)
class Job:
    """What one process does: `kind` names a function below."""

    kind: str
    url: str
    pools: tuple[UUID, ...]
    seed: int
    amount: int = 1
    people: int = 10
    unguarded: bool = False


@dataclass
class Tally:
    """What the processes say they did."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def run_jobs(jobs: Sequence[Job]) -> Tally:
    """Run each job in a process of its own, all begun at once.

    They are forked from one that has booked already, and taken it back: else each would spend its time on compiling
    the same statements.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    here, there = context.Pipe(duplex=False)
    nursery = context.Process(target=_bring_up, args=(list(jobs), there))
    nursery.start()
    there.close()
    try:
        tally = here.recv() if here.poll(WAITED_FOR) else None
    except EOFError:
        tally = None
    nursery.join(timeout=60)
    here.close()
    assert tally is not None, "a process did not come to its end: what it said stands above"
    return tally


def _bring_up(jobs: list[Job], told) -> None:
    engine = _engine(jobs[0])
    _warm_up(engine)
    engine.dispose()
    if jobs[0].unguarded:
        _take_the_guard_off()
    context = multiprocessing.get_context("fork")
    start, counted = context.Barrier(len(jobs)), context.SimpleQueue()
    processes = [context.Process(target=_work, args=(job, engine, start, counted)) for job in jobs]
    for process in processes:
        process.start()
    tally = Tally()
    for _job in jobs:
        counts, found = counted.get()
        if counts is None:
            raise AssertionError(found)
        tally.counts.update(counts)
        tally.faults += found
    for process in processes:
        process.join()
    told.send(tally)


def _warm_up(engine: Engine) -> None:
    with Session(engine) as session:
        college = booking_factories.college(session, "College of the warm-up")
        course = booking_factories.course(session, of=college)
        pool = booking_factories.pool(session, capacity=1, of=booking_factories.run(session, of=course))
        for person in ("one", "two"):
            book(session, pool.id, f"{person}@warm.example")
        _cancel(session, pool.id, "one@warm.example", pool.id, 0)
        list(faults(session))
        session.rollback()


def _work(job: Job, engine: Engine, start, counted) -> None:
    chance, tally = random.Random(job.seed), Tally()
    try:
        start.wait(timeout=120)
        JOBS[job.kind](engine, job, chance, tally)
        engine.dispose()
    except BaseException:
        counted.put((None, traceback.format_exc()))
        raise
    counted.put((dict(tally.counts), tally.faults))


def _engine(job: Job) -> Engine:
    if not job.unguarded:
        return write_engine(job.url)
    # As the libraries come: SQLite begins no transaction before it writes.
    return create_engine(job.url)


def _take_the_guard_off() -> None:
    """Count, then book, as most booking systems do: no lock, and no condition in the UPDATE."""

    def count_then_take(session: Session, pool: Pool, wanted: int) -> bool:
        taken = session.scalar(
            select(func.coalesce(func.sum(Booking.places), 0)).where(
                Booking.pool_id == pool.id, Booking.state.in_(PLACE_STATES)
            )
        )
        # Room for somebody else between the two: the control is to show that the race is real.
        time.sleep(0.002)
        return bool(taken + wanted <= pool.capacity)

    places.take = count_then_take
    places.lock = lambda session, *ids: [session.get_one(Pool, one, populate_existing=True) for one in sorted(ids)]


def in_a_transaction(engine: Engine, act: Callable[[Session], str]) -> str:
    """Do it and commit; what the database could not do in time is done again."""
    for attempt in range(TRIES):
        try:
            with Session(engine) as session:
                said = act(session)
                session.commit()
                return said
        except Refused as error:
            return type(error).__name__
        except DBAPIError as error:
            told = str(error.orig)
            # Who waits for two locks, one after the other, may run out of the time of a statement and not of a lock.
            if not any(busy in told for busy in ("lock", "statement timeout", "uq_", "UNIQUE")):
                raise
            # Backs off at random, as clients of a busy database do, so that two do not meet again.
            time.sleep(random.random() * 0.02 * (attempt + 1))
    raise TimeoutError("the database was never free")


def book(session: Session, pool_id: UUID, address: str, *, places_wanted: int = 1, carer: bool = False) -> str:
    """The whole way of a person without an account, in one transaction."""
    held = verbs.begin(session, ANONYMOUS, pool_id, key=uuid4().hex, places=places_wanted, carer=carer)
    verbs.give_details(session, ANONYMOUS, held, verbs.Details(name="Sam", address=address))
    return verbs.confirm(session, ANONYMOUS, held, attendee_of(session, address)).state.value


def _burst(engine: Engine, job: Job, chance: random.Random, tally: Tally) -> None:
    """Each process is one person who wants a place in every pool."""
    for pool_id in job.pools:
        said = in_a_transaction(engine, lambda session, one=pool_id: book(session, one, f"p{job.seed}@person.example"))
        tally.counts[said] += 1


def _steps(engine: Engine, job: Job, chance: random.Random, tally: Tally) -> None:
    """Each process is one person who holds, says who they are, and confirms: three transactions a pool."""
    for pool_id in job.pools:
        address, key = f"p{job.seed}@person.example", f"{job.seed}:{pool_id}"
        for _twice in range(2):
            said = in_a_transaction(
                engine, lambda session, one=pool_id, k=key: verbs.begin(session, ANONYMOUS, one, key=k).state.value
            )
        if said in {"Full", "Barred"}:
            continue

        def confirmed(session: Session, k: str = key, told: str = address) -> str:
            held = session.scalars(select(Booking).where(Booking.idempotency_key == k)).one()
            return verbs.confirm(session, ANONYMOUS, held, attendee_of(session, told)).state.value

        tally.counts[in_a_transaction(engine, confirmed)] += 1


def _random_operations(engine: Engine, job: Job, chance: random.Random, tally: Tally) -> None:
    """Whatever people and managers do, in any order."""
    for _ in range(job.amount):
        pool_id = chance.choice(job.pools)
        address = f"p{chance.randrange(job.people)}@person.example"
        verb = chance.choice(
            (
                "book",
                "book",
                "carer",
                "cancel",
                "cancel",
                "accept",
                "lapse",
                "transfer",
                "resize",
                "two",
                "keep",
                "open",
            )
        )
        other = chance.choice(job.pools)
        size = chance.randrange(0, 8)

        def act(session: Session, v=verb, p=pool_id, a=address, o=other, s=size) -> str:
            return ACTS[v](session, p, a, o, s)

        tally.counts[f"{verb}:{in_a_transaction(engine, act)}"] += 1


def _theirs(session: Session, pool_id: UUID, address: str) -> Booking | None:
    places.lock_one(session, pool_id)
    return known.active_here(session, pool_id, attendee_of(session, address).id)


def _cancel(session: Session, pool_id: UUID, address: str, _other: UUID, _size: int) -> str:
    found = _theirs(session, pool_id, address)
    return verbs.give_up(session, ANONYMOUS, found).state.value if found else "nothing"


def _accept(session: Session, pool_id: UUID, address: str, _other: UUID, _size: int) -> str:
    found = _theirs(session, pool_id, address)
    is_offer = found is not None and found.state is BookingState.OFFERED
    return verbs.accept(session, ANONYMOUS, found).state.value if found is not None and is_offer else "nothing"


def _lapse(session: Session, pool_id: UUID, address: str, _other: UUID, _size: int) -> str:
    found = _theirs(session, pool_id, address)
    if found is None or found.state is not BookingState.OFFERED or found.expires_at is None:
        return "nothing"
    found.expires_at = found.created_at
    session.flush()
    return str(settle(session, found.pool))


def _transfer(session: Session, pool_id: UUID, address: str, other: UUID, _size: int) -> str:
    found = known.active_here(session, pool_id, attendee_of(session, address).id)
    if found is None or found.state is not BookingState.BOOKED or other == pool_id:
        return "nothing"
    return verbs.transfer(session, ANONYMOUS, found, other).state.value


def _resize(session: Session, pool_id: UUID, _address: str, _other: UUID, size: int) -> str:
    pool = places.lock_one(session, pool_id)
    if pool.capacity >= WITH_ROOM_FOR_ALL:
        return "nothing"
    places.resize(session, pool, size)
    settle(session, pool)
    return "done"


def _keep(session: Session, pool_id: UUID, _address: str, _other: UUID, size: int) -> str:
    pool, day = places.lock_one(session, pool_id), clock.today() + timedelta(days=20)
    with suppress(InvalidInput):
        keeping.keep_places(session, SYSTEM, pool, KeptFor.CARERS, size % 3 + 1, release_on=day)
        return "kept"
    return "nothing"


def _open(session: Session, pool_id: UUID, _address: str, _other: UUID, _size: int) -> str:
    pool = places.lock_one(session, pool_id)
    for kept in pool.kept:
        keeping.open_to_everyone(session, SYSTEM, pool, kept)
    settle(session, pool)
    return "done"


ACTS = {
    "carer": lambda session, pool, address, _other, _size: book(session, pool, address, carer=True),
    "keep": _keep,
    "open": _open,
    "book": lambda session, pool, address, _other, _size: book(session, pool, address),
    "two": lambda session, pool, address, _other, _size: book(session, pool, address, places_wanted=2),
    "cancel": _cancel,
    "accept": _accept,
    "lapse": _lapse,
    "transfer": _transfer,
    "resize": _resize,
}


def _watch(_engine: Engine, job: Job, chance: random.Random, tally: Tally) -> None:
    """Look again and again whether anything is wrong, each time at one moment; some times on a slow machine, too."""
    until = time.monotonic() + job.amount
    reading = long_read_engine(job.url)
    while time.monotonic() < until or tally.counts["looks"] < LEAST_LOOKS:
        with Session(reading) as session:
            tally.faults += list(faults(session))
            tally.counts["looks"] += 1
            session.rollback()
        time.sleep(0.05)


def _swap(engine: Engine, job: Job, chance: random.Random, tally: Tally) -> None:
    """Try again and again to change from one of two pools to the other, from both sides."""
    here, there = job.pools if job.seed % 2 else reversed(job.pools)
    in_a_transaction(engine, lambda session: book(session, here, f"p{job.seed}@person.example"))
    for number in range(job.amount):
        source, target = (here, there) if number % 2 == 0 else (there, here)
        address = f"p{job.seed}@person.example"
        said = in_a_transaction(engine, lambda session, s=source, t=target, a=address: _transfer(session, s, a, t, 0))
        tally.counts[said] += 1


JOBS = {"burst": _burst, "steps": _steps, "random": _random_operations, "watch": _watch, "swap": _swap}


def sold(session: Session, pool_id: UUID) -> int:
    """How many places the bookings of a pool use."""
    return (
        session.scalar(
            select(func.coalesce(func.sum(Booking.places), 0)).where(
                Booking.pool_id == pool_id, Booking.state.in_(PLACE_STATES)
            )
        )
        or 0
    )


def in_state(session: Session, pool_id: UUID, state: BookingState) -> int:
    """How many bookings of a pool are in a state."""
    return session.scalar(select(func.count()).where(Booking.pool_id == pool_id, Booking.state == state)) or 0


def people_here(session: Session, pool_id: UUID) -> list[UUID]:
    """Whose active bookings a pool has."""
    wanted = select(Booking.attendee_id).where(Booking.pool_id == pool_id, Booking.state.in_(ACTIVE_STATES))
    return [one for one in session.scalars(wanted.order_by(Booking.id)) if one]
