"""T4: whatever is done to one pool, in any order, the database does as the model in plain Python does."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.booking.codes import BookingAction, BookingState, KeptFor, PoolStatus
from app.booking.models import Booking
from app.booking.operations import booking as verbs
from app.booking.operations import keeping, places
from app.booking.operations.attendees import attendee_of
from app.booking.operations.moving import move
from app.booking.operations.waiting import serve, settle
from app.booking.queries import bookings as known
from app.booking.queries.invariants import faults
from app.booking.rules import places as model
from app.core import clock
from app.core.actor import ANONYMOUS, SYSTEM
from app.core.errors import InvalidInput
from app.web.database import db
from tests import booking_factories as make

PEOPLE = st.sampled_from("abcdef")
LONG = int(os.environ.get("WAYMARK_PROOF_CASES", "0")) >= 10_000


class OnePool(RuleBasedStateMachine):
    """One pool in `engine`; each example has its own."""

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        self.session = Session(self.engine)
        self.pool_id = make.pool(self.session, capacity=3, in_days=200).id
        self.model = model.PoolModel(model.Pool(capacity=3))
        self.lapsed: dict[str, int] = {}

    def teardown(self) -> None:
        self.session.rollback()
        self.session.close()

    def theirs(self, person: str) -> Booking | None:
        return known.active_here(self.session, self.pool_id, self.attendee(person).id)

    def attendee(self, person: str):
        return attendee_of(self.session, f"{person}@{self.pool_id.hex}.example")

    @rule(person=PEOPLE, wanted=st.integers(1, 2), carer=st.booleans())
    def book(self, person: str, wanted: int, carer: bool) -> None:
        expected = self.model.book(person, wanted, frozenset({"carers"} if carer else ()))
        held = verbs.begin(self.session, ANONYMOUS, self.pool_id, key=uuid4().hex, places=wanted, carer=carer)
        try:
            made = verbs.confirm(self.session, ANONYMOUS, held, self.attendee(person))
        except verbs.AlreadyHere:
            serve(self.session, places.lock_one(self.session, self.pool_id))
            assert expected == "already"
            return
        assert made.state.value == expected

    @rule(person=PEOPLE)
    def cancel(self, person: str) -> None:
        found = self.theirs(person)
        self.model.cancel(person)
        self.lapsed.pop(person, None)
        if found is not None:
            verbs.give_up(self.session, ANONYMOUS, found)

    @rule(person=PEOPLE)
    def accept(self, person: str) -> None:
        found = self.theirs(person)
        if self.model.accept(person):
            assert found is not None
            assert verbs.accept(self.session, ANONYMOUS, found).state is BookingState.BOOKED

    @rule(person=PEOPLE)
    def lapse(self, person: str) -> None:
        found = self.theirs(person)
        if found is None or found.state is not BookingState.OFFERED:
            assert person not in self.model.offered
            return
        returns = found.lapsed_offers == 0
        self.model.lapse(person, returns=returns)
        found.expires_at = clock.now()
        self.session.flush()
        settle(self.session, places.lock_one(self.session, self.pool_id))

    @rule(capacity=st.integers(0, 6))
    def resize(self, capacity: int) -> None:
        self.model.resize(capacity)
        pool = places.lock_one(self.session, self.pool_id)
        places.resize(self.session, pool, capacity)
        serve(self.session, pool)

    @rule(count=st.integers(1, 3))
    def keep_for_carers(self, count: int) -> None:
        pool, day = places.lock_one(self.session, self.pool_id), clock.today() + timedelta(days=100)
        if self.model.keep("carers", count):
            keeping.keep_places(self.session, SYSTEM, pool, KeptFor.CARERS, count, release_on=day)
        else:
            with suppress(InvalidInput):
                keeping.keep_places(self.session, SYSTEM, pool, KeptFor.CARERS, count, release_on=day)
                raise AssertionError("kept what is not free to keep")

    @rule()
    def the_day_comes(self) -> None:
        self.model.release_kept("carers")
        pool = places.lock_one(self.session, self.pool_id)
        for kept in pool.kept:
            kept.release_on = clock.today()
        settle(self.session, pool)

    @rule(person=PEOPLE)
    def manager_books(self, person: str) -> None:
        found = self.theirs(person)
        if found is not None and found.state is BookingState.WAITING:
            assert self.model.squeeze_in(person) == "booked"
            move(self.session, SYSTEM, found, BookingAction.BOOK, past_capacity=True)

    @rule()
    @precondition(lambda self: self.model.pool.capacity > 0)
    def serving_again_changes_nothing(self) -> None:
        assert settle(self.session, places.lock_one(self.session, self.pool_id)) == 0

    @invariant()
    def they_agree(self) -> None:
        pool = places.lock_one(self.session, self.pool_id)
        kept = {one.kept_for.value: one for one in pool.kept if one.status is PoolStatus.OPEN and one.kept_for}
        assert kept.keys() == self.model.kept.keys()
        for name, one in kept.items():
            assert (one.taken, one.capacity) == (self.model.kept[name].taken, self.model.kept[name].capacity)
        assert (pool.taken, pool.capacity) == (self.model.pool.taken, self.model.pool.capacity)
        assert self.in_state(BookingState.BOOKED) == set(self.model.booked)
        assert self.in_state(BookingState.OFFERED) == set(self.model.offered)
        assert self.in_state(BookingState.WAITING) == set(self.model.waiting)
        assert self.model.faults() == []
        assert list(faults(self.session)) == []

    def in_state(self, state: BookingState) -> set[str]:
        here = {person: self.theirs(person) for person in "abcdef"}
        return {person for person, found in here.items() if found is not None and found.state is state}


def test_the_database_does_as_the_model_does(app: Flask) -> None:
    with app.app_context():
        engine = db.engines[None]
        run_state_machine_as_test(
            type("Machine", (OnePool,), {"engine": engine}),
            settings=settings(
                max_examples=300 if LONG else 5,
                stateful_step_count=60 if LONG else 20,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                database=None,
            ),
        )
