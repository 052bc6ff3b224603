"""The worker: runs every sweep until none finds anything to do, then waits a moment and looks again."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.notifications.turns import AFTER_A_FAILURE, Turns

log = logging.getLogger(__name__)
PAUSE_SECONDS = 0.5

# A sweep does some of what is due and says how many things it did; 0 means nothing is due.
Sweep = Callable[[], int]


@dataclass(frozen=True, slots=True)
class NamedSweep:
    """A sweep and the name it has in the logs. With `every`, one worker at a time runs it, that often."""

    name: str
    run: Sweep
    every: timedelta | None


_sweeps: list[NamedSweep] = []


def sweep(name: str, *, every: timedelta | None = None) -> Callable[[Sweep], Sweep]:
    """Register a function as a sweep of the worker. It opens its own transactions, and each call is short.

    Without `every`, each worker runs it all the time, side by side with the others: it must claim what it does. With
    it, all workers together run it once in that time, one at a time, over and over until it finds nothing; a worker
    that was told to run once does so whether or not the time has come.
    """

    def register(function: Sweep) -> Sweep:
        if all(known.name != name for known in _sweeps):
            _sweeps.append(NamedSweep(name, function, every))
        return function

    return register


class Worker:
    """One round after the other of all sweeps."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._stop = threading.Event()

    def run_once(self, *, whether_or_not_due: bool = True) -> int:
        """Run all sweeps until nothing is due; return how many things were done. One that fails is left for later."""
        done = 0
        left = list(_sweeps)
        while not self._stop.is_set():
            asked = left if whether_or_not_due else self._perhaps_due(left)
            counts = {named: self._attempt(named, whether_or_not_due=whether_or_not_due) for named in asked}
            done += sum(count for count in counts.values() if count)
            left = [named for named in left if counts.get(named, 0) is not None]
            # What one sweep did may have given another something to do: all are asked again.
            if not any(counts.values()):
                break
        return done

    def run_forever(self) -> None:
        """Run until SIGTERM or SIGINT; what is begun is finished."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        while not self._stop.is_set():
            self.run_once(whether_or_not_due=False)
            self._stop.wait(PAUSE_SECONDS)

    def _perhaps_due(self, sweeps: Sequence[NamedSweep]) -> Sequence[NamedSweep]:
        """Those that are always run, and those whose turn may have come. Of most it has not, twice a second."""
        every = {named.name: named.every for named in sweeps if named.every is not None}
        try:
            may_be_open = self._turns.may_be_open(every)
        except Exception:
            log.exception("no turn could be looked up")
            return ()
        return [named for named in sweeps if named.every is None or named.name in may_be_open]

    def _attempt(self, named: NamedSweep, *, whether_or_not_due: bool) -> int | None:
        """How much was done; None if it failed."""
        try:
            if named.every is None:
                return named.run()
            return self._in_turn(named, named.every, whether_or_not_due=whether_or_not_due)
        except Exception:
            log.exception("sweep %s failed", named.name)
            return None

    def _in_turn(self, named: NamedSweep, every: timedelta, *, whether_or_not_due: bool) -> int:
        if not self._turns.take(named.name, every, now_or_never=whether_or_not_due):
            return 0
        due_in = AFTER_A_FAILURE
        try:
            done = named.run()
            due_in = timedelta() if done else every
        finally:
            self._turns.give_back(named.name, due_in=due_in)
        return done
