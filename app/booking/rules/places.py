"""The arithmetic of places, as the database does it in one conditional UPDATE; also the model it is proved against."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from app.booking.codes import PoolStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """What has places. `over_allowed` is how far a manager, or a room that shrank, let `taken` pass `capacity`."""

    capacity: int
    taken: int = 0
    over_allowed: int = 0
    status: PoolStatus = PoolStatus.OPEN

    def __post_init__(self) -> None:
        if self.capacity < 0 or self.over_allowed < 0 or not 0 <= self.taken <= self.capacity + self.over_allowed:
            raise ValueError("a pool cannot be so")

    @property
    def free(self) -> int:
        """Places that can be taken now: none while the pool is closed."""
        return max(0, self.capacity - self.taken) if self.status is PoolStatus.OPEN else 0

    def take(self, places: int, *, anybody_waits: bool = False) -> Pool | None:
        """The pool with so many places more taken; None when they are not there or others wait for them."""
        _check(places)
        if anybody_waits or places > self.free:
            return None
        return replace(self, taken=self.taken + places)

    def release(self, places: int) -> Pool:
        """The pool with so many places given back."""
        _check(places)
        return replace(self, taken=self.taken - places)

    def resize(self, capacity: int) -> Pool:
        """The pool with another capacity. Nobody loses a place: a smaller room is over-full until people leave."""
        return replace(self, capacity=capacity, over_allowed=max(0, self.taken - capacity))

    def squeeze_in(self, places: int) -> Pool:
        """A manager's decision, which is audited: places beyond the capacity, waiting list or not."""
        _check(places)
        taken = self.taken + places
        return replace(self, taken=taken, over_allowed=max(self.over_allowed, taken - self.capacity))

    def close(self) -> Pool:
        """The pool giving out no more places."""
        return replace(self, status=PoolStatus.CLOSED)


def leaves_too_few(wanted: int, *, capacity: int, taken: int) -> bool:
    """Whether another capacity is a smaller one, and smaller than what is taken."""
    return wanted < capacity and wanted < taken


def _check(places: int) -> None:
    if places < 1:
        raise ValueError("places are counted from one")


@dataclass(slots=True)
class PoolModel:
    """All that happens to one pool, kept in memory: who holds, who is offered, who waits in which order.

    Each verb says what it did, so that a run on a database can be compared with it step by step. `kept` are places
    for some, `circles` to which of these a person belongs, `uses` whose place is a kept one.
    """

    pool: Pool
    booked: dict[str, int] = field(default_factory=dict)
    offered: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)
    kept: dict[str, Pool] = field(default_factory=dict)
    circles: dict[str, frozenset[str]] = field(default_factory=dict)
    uses: dict[str, str] = field(default_factory=dict)

    def book(self, person: str, places: int = 1, own: frozenset[str] = frozenset()) -> str:
        """`booked` or `waiting`; `already` for who has a booking or waits here."""
        if person in self.booked or person in self.offered or person in self.waiting:
            return "already"
        self.circles[person] = own
        for name in (*sorted(own & self.kept.keys()), ""):
            if self._take(person, places, name, anybody_waits=bool(self._waiting_for(name))):
                self.booked[person] = places
                return "booked"
        self.waiting[person] = places
        return "waiting"

    def _waiting_for(self, name: str) -> list[str]:
        return [one for one in self.waiting if not name or name in self.circles.get(one, ())]

    def _take(self, person: str, places: int, name: str, *, anybody_waits: bool = False) -> bool:
        pool = (self.kept[name] if name else self.pool).take(places, anybody_waits=anybody_waits)
        if pool is None:
            return False
        if name:
            self.kept[name], self.uses[person] = pool, name
        else:
            self.pool = pool
        return True

    def _give_back(self, person: str, places: int) -> None:
        if name := self.uses.pop(person, ""):
            self.kept[name] = self.kept[name].release(places)
        else:
            self.pool = self.pool.release(places)

    def cancel(self, person: str) -> list[str]:
        """Give up whatever `person` has; who is offered a place because of it."""
        places = self.booked.pop(person, 0) or self.offered.pop(person, 0)
        self.waiting.pop(person, None)
        if places:
            self._give_back(person, places)
        return self.promote()

    def keep(self, name: str, places: int) -> bool:
        """Keep so many of the free places for some; False where they are not free, or somebody waits."""
        if self.waiting or name in self.kept or places > self.pool.capacity - self.pool.taken:
            return False
        self.pool, self.kept[name] = replace(self.pool, capacity=self.pool.capacity - places), Pool(capacity=places)
        return True

    def release_kept(self, name: str) -> list[str]:
        """What was kept is for everyone now; who is offered a place because of it."""
        if (kept := self.kept.pop(name, None)) is None:
            return []
        capacity, taken = self.pool.capacity + kept.capacity, self.pool.taken + kept.taken
        self.pool = Pool(capacity=capacity, taken=taken, over_allowed=max(0, taken - capacity))
        self.uses = {person: used for person, used in self.uses.items() if used != name}
        return self.promote()

    def accept(self, person: str) -> bool:
        """Whether `person` had an offer, which is now a booking."""
        if person not in self.offered:
            return False
        self.booked[person] = self.offered.pop(person)
        return True

    def lapse(self, person: str, *, returns: bool) -> list[str]:
        """The offer ends unanswered; `returns` puts the person at the end of the list. Who is offered next."""
        places = self.offered.pop(person, 0)
        if not places:
            return []
        self._give_back(person, places)
        if returns:
            self.waiting[person] = places
        return self.promote()

    def resize(self, capacity: int) -> list[str]:
        """Another capacity; who is offered a place because of it."""
        self.pool = self.pool.resize(capacity)
        return self.promote()

    def squeeze_in(self, person: str, places: int = 1) -> str:
        """A manager books `person`, past capacity and list."""
        if person in self.booked or person in self.offered:
            return "already"
        places = self.waiting.pop(person, places)
        self.pool, self.booked[person] = self.pool.squeeze_in(places), places
        return "booked"

    def promote(self) -> list[str]:
        """Offer free places in the order of the list, passing over nobody; first what is kept for some.

        Whoever is served from the pool's own places may have stood before somebody for whom a kept one is free.
        """
        lucky: list[str] = []
        while served := self._promote_once():
            lucky += served
        return lucky

    def _promote_once(self) -> list[str]:
        lucky: list[str] = []
        for name in (*sorted(self.kept), ""):
            for person in self._waiting_for(name):
                if not self._take(person, self.waiting[person], name):
                    break
                self.offered[person] = self.waiting.pop(person)
                lucky.append(person)
        return lucky

    def faults(self) -> list[str]:
        """What is wrong: empty for every state that the verbs lead to."""
        people = [*self.booked, *self.offered, *self.waiting]
        pools = {"": self.pool, **self.kept}
        checks = {
            "taken is not what the bookings use": any(pool.taken != self._used(name) for name, pool in pools.items()),
            "more taken than allowed": any(pool.taken > pool.capacity + pool.over_allowed for pool in pools.values()),
            "somebody is here twice": len(people) != len(set(people)),
            "places are free while somebody waits for as many": any(
                self.waiting[person] <= pool.free
                for name, pool in pools.items()
                for person in self._waiting_for(name)[:1]
            ),
            "a kept place is used by somebody for whom it is not": any(
                name not in self.circles.get(person, ()) for person, name in self.uses.items()
            ),
        }
        return [fault for fault, found in checks.items() if found]

    def _used(self, name: str) -> int:
        having = {**self.booked, **self.offered}
        return sum(places for person, places in having.items() if self.uses.get(person, "") == name)


def transfer(source: PoolModel, target: PoolModel, person: str) -> bool:
    """Move a booking, all or nothing: the new place is taken before the old one is given back."""
    if person not in source.booked or target.waiting or person in {**target.booked, **target.offered}:
        return False
    places = source.booked[person]
    pool = target.pool.take(places)
    if pool is None:
        return False
    target.pool, target.booked[person] = pool, places
    target.circles[person] = frozenset()
    source.cancel(person)
    return True
