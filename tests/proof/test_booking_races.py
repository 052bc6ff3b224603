"""No place is sold twice, whatever happens at once: T0 to T2 and T5 of the proofs of booking, on both databases.

`WAYMARK_PROOF_CASES` makes the runs longer: `make proof` does.
"""

from __future__ import annotations

import os

from sqlalchemy.orm import Session

from app.booking.codes import BookingState
from app.booking.operations import places
from app.booking.operations.waiting import settle
from app.booking.queries.invariants import faults
from app.core.engines import write_engine
from tests import booking_factories as make
from tests.booking_runs import LEAST_LOOKS, WITH_ROOM_FOR_ALL, Job, Tally, in_state, people_here, run_jobs, sold

LARGE = int(os.environ.get("WAYMARK_PROOF_CASES", "0")) >= 10_000
PROCESSES = 32 if LARGE else 6
POOLS_OF_A_SIZE = 60 if LARGE else 2
OPERATIONS = 400 if LARGE else 40


def pools_of(url: str, *sizes: int, **changes: object) -> list:
    engine = write_engine(url)
    with Session(engine) as session:
        made = [make.pool(session, capacity=size, **changes).id for size in sizes]
        session.commit()
    engine.dispose()
    return made


def burst(url: str, pools: list, *, unguarded: bool = False) -> Tally:
    return run_jobs([Job("burst", url, tuple(pools), seed, unguarded=unguarded) for seed in range(PROCESSES)])


def test_the_harness_sees_overselling_when_the_guard_is_off(database_url: str) -> None:
    pools = pools_of(database_url, *[2] * 8)
    burst(database_url, pools, unguarded=True)
    engine = write_engine(database_url)
    with Session(engine) as session:
        oversold = sum(max(0, sold(session, pool) - 2) for pool in pools)
        assert oversold > 0
        assert list(faults(session))
    engine.dispose()


def test_a_burst_sells_exactly_what_there_is(database_url: str) -> None:
    sizes = [1, 3, 12, 25] * POOLS_OF_A_SIZE
    pools = pools_of(database_url, *sizes)
    burst(database_url, pools)
    engine = write_engine(database_url)
    with Session(engine) as session:
        for pool, size in zip(pools, sizes, strict=True):
            assert sold(session, pool) == min(size, PROCESSES)
            assert in_state(session, pool, BookingState.WAITING) == max(0, PROCESSES - size)
            assert len(people_here(session, pool)) == len(set(people_here(session, pool))) == PROCESSES
        assert list(faults(session)) == []
    engine.dispose()


def test_who_presses_twice_in_three_steps_gets_one_place(database_url: str) -> None:
    sizes = [1, 4, 12] * POOLS_OF_A_SIZE
    pools = pools_of(database_url, *sizes)
    run_jobs([Job("steps", database_url, tuple(pools), seed) for seed in range(PROCESSES)])
    engine = write_engine(database_url)
    with Session(engine) as session:
        for pool, size in zip(pools, sizes, strict=True):
            assert sold(session, pool) == min(size, PROCESSES)
        assert list(faults(session)) == []
    engine.dispose()


def test_nothing_is_ever_wrong_while_everybody_does_everything(database_url: str) -> None:
    # In the last nobody ever waits, so that places can be kept there whatever the order of things.
    pools = pools_of(database_url, 1, 2, 3, 5, WITH_ROOM_FOR_ALL * PROCESSES, in_days=60)
    jobs = [
        Job("random", database_url, tuple(pools), seed, amount=OPERATIONS, people=PROCESSES * 2)
        for seed in range(PROCESSES)
    ]
    watcher = Job("watch", database_url, tuple(pools), 99, amount=30 if LARGE else 3)
    tally = run_jobs([*jobs, watcher])
    assert tally.faults == []
    assert tally.counts["looks"] >= LEAST_LOOKS
    engine = write_engine(database_url)
    with Session(engine) as session:
        for pool in places.lock(session, *pools):
            settle(session, pool)
        assert list(faults(session)) == []
        session.rollback()
    engine.dispose()
    done = {name.split(":")[0] for name, count in tally.counts.items() if not name.endswith("nothing") and count}
    assert done >= {"book", "cancel", "resize", "carer", "keep"}


def test_two_who_change_places_with_each_other_both_come_to_an_end(database_url: str) -> None:
    pools = pools_of(database_url, PROCESSES, PROCESSES)
    tally = run_jobs([Job("swap", database_url, tuple(pools), seed, amount=12) for seed in range(PROCESSES)])
    engine = write_engine(database_url)
    with Session(engine) as session:
        assert sold(session, pools[0]) + sold(session, pools[1]) == PROCESSES
        assert list(faults(session)) == []
        assert tally.counts["booked"] == PROCESSES * 12
    engine.dispose()
