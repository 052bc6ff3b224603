"""The opening day over HTTP: 500 people, 32 at once, each wanting a place in one of 40 runs of 12, most of them in few.

Each goes the whole way of a person without an account, in seven requests. First who finds no place leaves, as in the
peer, which refuses them; then they go on, give their details and join the waiting list. Beside it stand bare inserts on
the same database: what it could do if booking were nothing but writing a row.

python -m tests.bench.bench_booking
"""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
from sqlalchemy import Engine, func, insert, select
from sqlalchemy.orm import Session

from app import create_app
from app.booking.codes import BookingState, PoolKind
from app.booking.models import Attendee, Booking, Pool
from app.booking.queries.invariants import faults
from app.core import clock
from app.core.engines import read_engine, write_engine
from app.migrations.commands import upgrade
from app.web.database import db
from tests import booking_factories as make
from tests.booking_http import Visitor, book, serving
from tests.conftest import settings_for
from tests.databases import postgresql_server

PEOPLE, AT_ONCE, RUNS, PLACES, WORKERS = 500, 32, 40, 12, 4
ZIPF = 1.1
# pretix 2026.8 on two cores with PostgreSQL and Redis: bookings a second through its buyer flow.
PEER = "1.7 to 2.2 bookings/s, p95 of the flow 15 to 21 s"


def wishes() -> list[int]:
    """Which run each person wants."""
    chance = random.Random(20261126)
    weights = [1 / (rank + 1) ** ZIPF for rank in range(RUNS)]
    return chance.choices(range(RUNS), weights, k=PEOPLE)


def burst(url: str, folder: Path, *, waits: bool) -> None:
    """Measure the burst on a database, and say whether what was sold is exactly what there was."""
    engine = write_engine(url)
    with Session(engine) as session:
        pools = [make.pool(session, capacity=PLACES).id for _ in range(RUNS)]
        first = make.pool(session, capacity=PLACES).id
        session.commit()
    wanted = wishes()
    there = sum(min(PLACES, count) for count in Counter(wanted).values())
    reading = read_engine(url)
    taken: list[float] = []

    def one(number: int) -> str:
        started = time.perf_counter()
        said = book(Visitor(port, number), pools[wanted[number]], reading, waits=waits)
        taken.append(time.perf_counter() - started)
        return said

    # A server that has run for a while: somebody has booked before.
    with serving(url, folder, workers=WORKERS, warm=first) as server, ThreadPoolExecutor(AT_ONCE) as crowd:
        port = server.port
        for number in range(WORKERS * 4):
            Visitor(port, 900 + number).get(f"/book/{pools[0]}")
        started = time.perf_counter()
        said = Counter(crowd.map(one, range(PEOPLE)))
        seconds = time.perf_counter() - started
    with Session(engine) as session:
        sold = session.scalar(
            select(func.count()).where(Booking.state == BookingState.BOOKED, Booking.pool_id.in_(pools))
        )
        wrong = list(faults(session))
    p50, p95 = np.percentile(taken, [50, 95])
    others = f"{said['waiting'] / seconds:.1f} on waiting lists/s" if waits else f"{said['left']} left"
    print(
        f"  {said['booked'] / seconds:6.1f} bookings/s and {others}   "
        f"flow p50 {p50:.2f} s  p95 {p95:.2f} s (bar 2)   sold {sold} of {there}, {len(wrong)} faults"
    )
    if waits:
        print(f"  {_bare(engine, pools[0]):6.0f} bare inserts/s   (pretix: {PEER})")
    engine.dispose()


def _bare(engine: Engine, pool: UUID) -> float:
    with Session(engine) as session:
        attendee = Attendee()
        session.add(attendee)
        session.commit()
    until, count = time.perf_counter() + 3, 0
    while time.perf_counter() < until:
        with engine.begin() as connection:
            values = {"pool_id": pool, "state": BookingState.LAPSED, "idempotency_key": f"bare {count}"}
            connection.execute(insert(Booking).values(**values))
        count += 1
    return count / 3


def timetable(url: str, folder: Path) -> None:
    """The prospectus and the feed of everybody with 2,000 sessions."""
    app = create_app(settings_for(url, folder))
    with app.app_context(), Session(db.engines[None]) as session:
        run = make.run(session, kind=PoolKind.SESSION)
        for number in range(2_000):
            one = make.bookable(session, run, clock.now() + timedelta(hours=4 * number + 30), minutes=60)
            times = {"starts_at": one.starts_at, "ends_at": one.ends_at}
            session.add(Pool(run=run, session_id=one.id, kind=PoolKind.SESSION, capacity=9, **times))
        session.commit()
    client = app.test_client()
    for path in ("/prospectus", "/prospectus?day=2", "/prospectus.ics"):
        client.get(path)
        times_ = []
        for _ in range(7):
            started = time.perf_counter()
            answer = client.get(path)
            times_.append((time.perf_counter() - started) * 1000)
        print(f"  {path:20} 2,000 sessions   {np.median(times_):7.0f} ms   {len(answer.data) / 1024:.0f} kB")


@contextmanager
def databases() -> Iterator[Iterator[tuple[str, str]]]:
    """An empty database of each kind."""
    folder = Path(tempfile.mkdtemp(prefix="bench-booking-"))
    with postgresql_server(durable=True) as server:
        urls = [("SQLite", f"sqlite:///{folder / 'waymark.sqlite3'}"), ("PostgreSQL", server.url(server.create()))]
        for _name, url in urls:
            upgrade(url)
        yield iter(urls)
    shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Measure all of it on both databases."""
    print(f"\nOpening day over HTTP: {PEOPLE} people, {AT_ONCE} at once, {RUNS} runs of {PLACES}, {WORKERS} processes")
    with databases() as both:
        for name, url in both:
            folder = Path(tempfile.mkdtemp(prefix="bench-booking-"))
            print(name)
            burst(url, folder, waits=False)
            burst(url, folder, waits=True)
            timetable(url, folder)
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
