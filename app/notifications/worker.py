"""The worker: runs every sweep until none finds anything to do, then waits a moment and looks again."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)
PAUSE_SECONDS = 0.5

# A sweep does some of what is due and says how many things it did; 0 means nothing is due.
Sweep = Callable[[], int]


@dataclass(frozen=True, slots=True)
class NamedSweep:
    """A sweep and the name it has in the logs."""

    name: str
    run: Sweep


_sweeps: list[NamedSweep] = []


def sweep(name: str) -> Callable[[Sweep], Sweep]:
    """Register a function as a sweep of the worker. It opens its own transactions and may run in several workers."""

    def register(function: Sweep) -> Sweep:
        if all(known.name != name for known in _sweeps):
            _sweeps.append(NamedSweep(name, function))
        return function

    return register


def run_once() -> int:
    """Run all sweeps until nothing is due; return how many things were done. A sweep that fails is left for later."""
    done = 0
    failed: set[str] = set()
    while True:
        round_done = 0
        for named in _sweeps:
            if named.name not in failed:
                round_done += _attempt(named, failed)
        done += round_done
        if round_done == 0:
            return done


def _attempt(named: NamedSweep, failed: set[str]) -> int:
    try:
        return named.run()
    except Exception:
        log.exception("sweep %s failed", named.name)
        failed.add(named.name)
        return 0


def run_forever() -> None:
    """Run until SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        run_once()
        stop.wait(PAUSE_SECONDS)
