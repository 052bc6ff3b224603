"""The lock of a pool: what is kept of it is part of what it shows, and it is asked for as often as it must be."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.booking.codes import BookingState, KeptFor
from app.booking.models import Booking
from app.booking.operations import booking as verbs
from app.booking.operations import keeping, places
from app.core import clock
from app.core.actor import ANONYMOUS, SYSTEM
from app.core.engines import write_engine
from app.migrations.commands import upgrade
from tests import booking_factories as make


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    upgrade(database_url)
    made = write_engine(database_url)
    yield made
    made.dispose()


# Not on SQLite: there a waiter has read nothing before it may begin.
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_waited_for_the_lock_sees_the_places_that_were_kept_meanwhile(engine: Engine) -> None:
    with Session(engine) as session:
        pool_id = make.pool(session, capacity=3, in_days=60).id
        session.commit()
    seen: list[int] = []

    def wait_and_look() -> None:
        with Session(engine) as other:
            seen.extend(one.capacity for one in places.lock_one(other, pool_id).kept)

    waiter = threading.Thread(target=wait_and_look)
    with Session(engine) as session:
        pool = places.lock_one(session, pool_id)
        waiter.start()
        _until_somebody_waits(engine)
        keeping.keep_places(session, SYSTEM, pool, KeptFor.CARERS, 2, release_on=clock.today() + timedelta(days=20))
        session.commit()
    waiter.join()
    assert seen == [2]


@contextmanager
def _held_while_the_pool_is_locked(engine: Engine, session: Session) -> Iterator[Booking]:
    pool_id = make.pool(session, capacity=3).id
    held = verbs.begin(session, ANONYMOUS, pool_id, key="a-key")
    session.commit()
    with Session(engine) as other:
        places.lock_one(other, pool_id)
        yield held


# Not on SQLite: whoever writes there keeps out everybody else.
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_says_their_name_waits_for_nobody(engine: Engine) -> None:
    with Session(engine) as session, _held_while_the_pool_is_locked(engine, session) as held:
        told = verbs.give_details(session, ANONYMOUS, held, verbs.Details(name="Sam", address="sam@person.example"))
        assert (told.id, told.name, told.state) == (held.id, "Sam", BookingState.HELD)
        session.commit()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_needs_no_code_waits_for_the_pool_before_their_booking_is_touched(engine: Engine) -> None:
    with Session(engine) as session:
        with _held_while_the_pool_is_locked(engine, session) as held:
            session.execute(text("SET LOCAL lock_timeout = '50ms'"))
            with pytest.raises(OperationalError):
                verbs.give_details(session, ANONYMOUS, held, verbs.Details(name="Sam"), then_confirms=True)
            session.rollback()
        assert verbs.give_details(session, ANONYMOUS, held, verbs.Details(name="Sam"), then_confirms=True).name == "Sam"


def _until_somebody_waits(engine: Engine) -> None:
    """As the database's own list of sessions says."""
    waits = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    until = time.monotonic() + 20
    while True:
        with engine.connect() as looking:
            if looking.scalar(waits):
                return
        assert time.monotonic() < until, "nobody waits for the lock"
        # The database tells nobody when somebody begins to wait: whoever wants to know asks again.
        time.sleep(0.005)


@pytest.fixture
def asked(engine: Engine) -> Iterator[list[str]]:
    """The statements that lock pools."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "WHERE pool.id IN" in statement:
            said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def test_a_pool_is_locked_once_in_a_transaction_and_anew_in_the_next(engine: Engine, asked: list[str]) -> None:
    with Session(engine) as session:
        pool_id = make.pool(session, capacity=3).id
        session.commit()
        pool = places.lock_one(session, pool_id)
        places.take(session, pool, 1)
        asked.clear()
        assert places.lock_one(session, pool_id).taken == 1
        assert not asked
        session.commit()
        with Session(engine) as other:
            places.take(other, places.lock_one(other, pool_id), 1)
            other.commit()
        asked.clear()
        assert places.lock_one(session, pool_id).taken == 2
        assert asked


def test_a_lock_that_went_with_its_savepoint_is_asked_for_again(engine: Engine, asked: list[str]) -> None:
    with Session(engine) as session:
        pool_id = make.pool(session, capacity=3).id
        session.commit()
        savepoint = session.begin_nested()
        places.take(session, places.lock_one(session, pool_id), 1)
        savepoint.rollback()
        asked.clear()
        assert places.lock_one(session, pool_id).taken == 0
        assert asked
