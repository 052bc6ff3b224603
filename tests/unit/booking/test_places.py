"""Places and waiting lists."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.booking.codes import PoolStatus
from app.booking.rules.places import Pool, PoolModel, transfer
from app.booking.rules.waiting import (
    Waiter,
    after_working,
    cut_off,
    has_lapsed,
    in_order,
    is_working,
    offer_until,
    position,
    promotions,
    whose_turn,
)

PEOPLE = st.sampled_from("abcdefgh")
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
XMAS = frozenset({date(2026, 12, 25), date(2026, 12, 28)})


def test_places_are_taken_while_there_are_any() -> None:
    pool = Pool(capacity=2)
    one = pool.take(1)
    assert one == Pool(capacity=2, taken=1)
    assert one.take(2) is None
    assert one.take(1, anybody_waits=True) is None
    full = one.take(1)
    assert full is not None
    assert full.take(1) is None
    assert full.release(2) == pool
    assert pool.close().take(1) is None
    assert pool.close().status is PoolStatus.CLOSED


def test_a_smaller_room_takes_no_place_from_anybody() -> None:
    small = Pool(capacity=10, taken=10).resize(6)
    assert (small.taken, small.over_allowed, small.free) == (10, 4, 0)
    assert small.release(3).take(1) is None
    assert small.release(5).take(1) == Pool(capacity=6, taken=6, over_allowed=4)
    assert small.resize(12) == Pool(capacity=12, taken=10)


def test_a_manager_squeezes_in() -> None:
    assert Pool(capacity=1, taken=1).squeeze_in(2) == Pool(capacity=1, taken=3, over_allowed=2)
    assert Pool(capacity=3, taken=1).squeeze_in(1) == Pool(capacity=3, taken=2)


@pytest.mark.parametrize("wrong", [{"capacity": -1}, {"capacity": 1, "taken": 2}, {"capacity": 1, "taken": -1}])
def test_a_pool_that_cannot_be(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="pool"):
        Pool(**wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="pool"):
        Pool(capacity=1).release(1)
    with pytest.raises(ValueError, match="one"):
        Pool(capacity=1).take(0)


class Places(RuleBasedStateMachine):
    """Any order of verbs keeps the model sound; who was promoted stood first."""

    def __init__(self) -> None:
        super().__init__()
        self.here, self.there = PoolModel(Pool(capacity=3)), PoolModel(Pool(capacity=2))
        self.lapsed: set[str] = set()

    @rule(person=PEOPLE, places=st.integers(1, 2), there=st.booleans(), carer=st.booleans())
    def book(self, person: str, places: int, there: bool, carer: bool) -> None:
        model = self.there if there else self.here
        free, waits = model.pool.free, bool(model.waiting)
        kept = model.kept.get("carers")
        said = model.book(person, places, frozenset({"carers"} if carer else ()))
        if said != "already" and not (carer and kept):
            assert (said == "booked") == (places <= free and not waits)

    @rule(places=st.integers(1, 3))
    def keep(self, places: int) -> None:
        total = self.here.pool.capacity
        if self.here.keep("carers", places):
            assert self.here.pool.capacity + places == total

    @rule()
    def release_kept(self) -> None:
        taken = self.here.pool.taken + sum(pool.taken for pool in self.here.kept.values())
        lucky = self.here.release_kept("carers")
        assert self.here.pool.taken == taken + sum(self.here.offered[one] for one in lucky) or self.here.kept

    @rule(person=PEOPLE)
    def cancel(self, person: str) -> None:
        before = list(self.here.waiting)
        lucky = self.here.cancel(person)
        # In the order of the list, apart from who got a place that is kept for them.
        others = [one for one in lucky if one not in self.here.uses]
        assert others == [one for one in before if one != person and one not in self.here.uses][: len(others)]

    @precondition(lambda self: self.here.offered)
    @rule(accepts=st.booleans())
    def answer(self, accepts: bool) -> None:
        person = next(iter(self.here.offered))
        if accepts:
            assert self.here.accept(person)
        else:
            self.here.lapse(person, returns=person not in self.lapsed)
            self.lapsed.add(person)

    @rule(capacity=st.integers(0, 5))
    def resize(self, capacity: int) -> None:
        before = set(self.here.booked)
        self.here.resize(capacity)
        assert before <= set(self.here.booked)

    @rule(person=PEOPLE)
    def squeeze(self, person: str) -> None:
        self.here.squeeze_in(person)
        self.here.promote()

    @rule(person=PEOPLE, back=st.booleans())
    def transfer(self, person: str, back: bool) -> None:
        source, target = (self.there, self.here) if back else (self.here, self.there)
        total = source.pool.taken + target.pool.taken
        if transfer(source, target, person):
            assert person in target.booked
            assert person not in source.booked
            assert source.pool.taken + target.pool.taken >= total
        else:
            assert source.pool.taken + target.pool.taken == total

    @invariant()
    def sound(self) -> None:
        assert self.here.faults() == []
        assert self.there.faults() == []


TestPlaces = Places.TestCase
TestPlaces.settings = settings(max_examples=50, stateful_step_count=25, deadline=None)


def test_a_place_given_back_is_offered_in_the_same_step() -> None:
    model = PoolModel(Pool(capacity=1))
    assert [model.book(person) for person in "abca"] == ["booked", "waiting", "waiting", "already"]
    assert model.cancel("a") == ["b"]
    assert model.lapse("b", returns=True) == ["c"]
    assert model.accept("c")
    assert (model.booked, model.offered, model.waiting) == ({"c": 1}, {}, {"b": 1})
    assert model.resize(2) == ["b"]


def test_who_stood_behind_somebody_that_is_served_has_the_place_that_is_kept_for_them() -> None:
    model, carer = PoolModel(Pool(capacity=3)), frozenset({"carers"})
    assert model.keep("carers", 1)
    assert [model.book("a", 2), model.book("b", 2, carer), model.book("c", 1, carer)] == [
        "booked",
        "waiting",
        "waiting",
    ]
    assert model.cancel("a") == ["b", "c"]
    assert model.uses == {"c": "carers"}
    assert model.faults() == []


@pytest.mark.parametrize(
    "broken",
    [
        PoolModel(Pool(capacity=2, taken=1)),
        PoolModel(Pool(capacity=2, taken=1), booked={"a": 1}, waiting={"a": 5}),
        PoolModel(Pool(capacity=2, taken=1), booked={"a": 1}, waiting={"b": 1}),
    ],
)
def test_the_model_sees_what_is_wrong(broken: PoolModel) -> None:
    assert len(broken.faults()) == 1


def waiter(number: int, minutes: int = 0, **more: object) -> Waiter:
    return Waiter(booking=UUID(int=number), queued_at=MONDAY + timedelta(minutes=minutes), **more)  # type: ignore[arg-type]


def test_first_come_first_served() -> None:
    late, early, same = waiter(1, 5), waiter(3), waiter(2)
    assert in_order([late, early, same]) == [same, early, late]
    assert position([late, early, same], late.booking) == 3
    assert whose_turn([late, early, same], 2) == [same, early]


def test_nobody_is_passed_over_by_somebody_smaller() -> None:
    pair, single = waiter(1, places=2), waiter(2, 1)
    assert whose_turn([pair, single], 1) == []
    assert whose_turn([pair, single], 3) == [pair, single]


def test_who_asked_for_it_is_booked_at_once_and_others_are_offered() -> None:
    start = MONDAY + timedelta(days=7)
    eager, asked = waiter(1, book_until=start), waiter(2, 1)
    first, second = promotions([eager, asked], free=5, now=MONDAY, cut_off=cut_off(start))
    assert first.books
    assert second.expires_at == MONDAY + timedelta(hours=8)
    late = cut_off(start)
    assert promotions([eager, asked], free=5, now=late, cut_off=late) == []
    over = waiter(3, book_until=MONDAY)
    assert not promotions([over], free=1, now=MONDAY, cut_off=cut_off(start))[0].books


@pytest.mark.parametrize(
    ("now", "expires_at"),
    [
        ("2026-11-23T09:00", "2026-11-23T17:00"),
        ("2026-11-23T16:00", "2026-11-24T16:00"),
        ("2026-11-23T23:00", "2026-11-24T17:00"),
        ("2026-11-27T13:00", "2026-11-30T13:00"),  # over a weekend
        ("2026-12-24T13:00", "2026-12-29T13:00"),  # over Christmas
        ("2026-03-27T13:00", "2026-03-30T12:00"),  # the clocks go forward: 13:00 there is 12:00 in UTC
    ],
)
def test_offers_expire_in_working_hours(now: str, expires_at: str) -> None:
    made, expected = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (now, expires_at))
    assert offer_until(made, cut_off=made + timedelta(days=30), holidays=XMAS) == expected
    assert has_lapsed(expected, expected)
    assert not has_lapsed(expected, expected - timedelta(seconds=1))


def test_an_offer_is_shorter_before_the_cut_off_or_none() -> None:
    assert offer_until(MONDAY, cut_off=MONDAY + timedelta(hours=3)) == MONDAY + timedelta(hours=3)
    assert offer_until(MONDAY, cut_off=MONDAY + timedelta(minutes=59)) is None
    night = MONDAY + timedelta(hours=10)
    assert offer_until(night, cut_off=night + timedelta(hours=6)) is None
    assert offer_until(MONDAY, cut_off=MONDAY - timedelta(days=3)) is None


@settings(deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    st.integers(0, 400),
    st.integers(0, 40),
)
def test_whenever_made_an_offer_ends_in_working_hours(now: datetime, hours: int, minutes: int) -> None:
    limit = now + timedelta(hours=hours, minutes=minutes)
    expires_at = offer_until(now, cut_off=limit, holidays=XMAS)
    if expires_at is not None:
        assert is_working(expires_at, XMAS)
        assert now + timedelta(hours=1) <= expires_at <= limit
    assert is_working(after_working(now, timedelta(hours=20), XMAS), XMAS)
