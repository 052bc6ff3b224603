"""T3: many people at once over HTTP, four gunicorn workers, some of them killed with -9 while it runs."""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.booking.codes import BookingState
from app.booking.models import Attendee, Booking
from app.booking.queries.invariants import faults
from app.core.engines import read_engine, write_engine
from tests import booking_factories as make
from tests.booking_http import Running, Visitor, book, serving

LARGE = int(os.environ.get("WAYMARK_PROOF_CASES", "0")) >= 10_000
PEOPLE, AT_ONCE = (192, 64) if LARGE else (24, 8)
SIZES = (1, 5, 12, 30) if LARGE else (1, 3, 6)
# A worker is killed each time so many more people are done.
KILL_AFTER = 20 if LARGE else 8


def test_nothing_is_lost_and_nothing_sold_twice_while_workers_are_killed(database_url: str, tmp_path: Path) -> None:
    engine = write_engine(database_url)
    with Session(engine) as session:
        pools = [make.pool(session, capacity=size).id for size in SIZES]
        warm = make.pool(session, capacity=1).id
        session.commit()
    reading = read_engine(database_url)
    with serving(database_url, tmp_path, warm=warm) as server, ThreadPoolExecutor(AT_ONCE) as crowd:
        jobs = {
            number: crowd.submit(book, Visitor(server.port, number), pools[number % len(pools)], reading)
            for number in range(PEOPLE)
        }
        for done, _job in enumerate(as_completed(jobs.values()), start=1):
            if done % KILL_AFTER == 0:
                _kill_one(server)
        said = {number: job.result() for number, job in jobs.items()}
    with Session(engine) as session:
        assert list(faults(session)) == []
        for index, (pool, size) in enumerate(zip(pools, SIZES, strict=True)):
            contenders = len(range(index, PEOPLE, len(pools)))
            counts = Counter(session.scalars(select(Booking.state).where(Booking.pool_id == pool)))
            assert counts[BookingState.BOOKED] == min(size, contenders)
            assert counts[BookingState.WAITING] == contenders - min(size, contenders)
        told_booked = {f"p{number}@person.example" for number, word in said.items() if word == "booked"}
        really = set(
            session.scalars(
                select(Attendee.address)
                .join(Booking, Booking.attendee_id == Attendee.id)
                .where(Booking.state == BookingState.BOOKED, Booking.pool_id != warm)
            )
        )
        assert told_booked == really
        assert session.scalar(select(func.count()).select_from(Attendee)) == PEOPLE + 1
    engine.dispose()
    reading.dispose()


def _kill_one(server: Running) -> None:
    if workers := server.workers():
        with suppress(ProcessLookupError):
            os.kill(random.choice(workers), signal.SIGKILL)
