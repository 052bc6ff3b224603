"""What keeps a Waymark sound: the checks that `waymark doctor` runs, and what must happen to a restored database.

Beside what is wrong the doctor tells how things are set that one easily forgets (`remark`).

A feature registers its own in its module `upkeep`; a check only reads.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

log = logging.getLogger(__name__)
MOST_PROBLEMS = 20

# Says in sentences what is wrong; nothing where all is well.
Check = Callable[[Session], Iterable[str]]
# Says in sentences how something is set, and what follows; it is neither right nor wrong.
Remark = Callable[[], Iterable[str]]
# Runs in the restored database before anybody sees it; says in a sentence what it did, if anything.
AfterRestore = Callable[[Session], str | None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check found."""

    name: str
    problems: tuple[str, ...] = ()


_checks: dict[str, Check] = {}
_remarks: dict[str, Remark] = {}
_after_restore: dict[str, AfterRestore] = {}


def check(name: str) -> Callable[[Check], Check]:
    """Register a check of `waymark doctor` under its name."""

    def register(function: Check) -> Check:
        _checks[name] = function
        return function

    return register


def remark(name: str) -> Callable[[Remark], Remark]:
    """Register what `waymark doctor` tells about how this Waymark is set, under its name."""

    def register(function: Remark) -> Remark:
        _remarks[name] = function
        return function

    return register


def after_restore(name: str) -> Callable[[AfterRestore], AfterRestore]:
    """Register what a restored database needs before it is used, such as to hold messages that have left already."""

    def register(function: AfterRestore) -> AfterRestore:
        _after_restore[name] = function
        return function

    return register


def run_checks(session: Session) -> list[Outcome]:
    """Run every check, one after the other; a check that breaks is a problem of its own."""
    return [_outcome(name, function, session) for name, function in sorted(_checks.items())]


def remarks() -> dict[str, list[str]]:
    """What there is to tell about how this Waymark is set, by name."""
    return {name: list(function()) for name, function in sorted(_remarks.items())}


def make_fit(session: Session) -> list[str]:
    """Do all that a restored database needs, in the transaction of `session`; gives the sentences."""
    told = [function(session) for _name, function in sorted(_after_restore.items())]
    return [sentence for sentence in told if sentence]


def _outcome(name: str, function: Check, session: Session) -> Outcome:
    try:
        problems = tuple(function(session))
    except Exception as error:
        log.exception("check %s broke", name)
        problems = (f"It could not be checked ({type(error).__name__}).",)
    finally:
        session.rollback()
    if len(problems) > MOST_PROBLEMS:
        problems = (*problems[:MOST_PROBLEMS], f"And {len(problems) - MOST_PROBLEMS} more like these.")
    return Outcome(name, problems)
