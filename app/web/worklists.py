"""What waits for somebody: each feature says what it counts for whom, and a member's home gathers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import LazyString
from sqlalchemy.orm import Session

from app.core.actor import Actor

Count = Callable[[Session, Actor], int]


@dataclass(frozen=True, slots=True)
class Worklist:
    """A list of work: its heading, where it is, for which roles, and how many wait in it.

    `order` sorts the lists on a home, the most pressing first; `is_urgent` sets it off where anything waits. `concerns`
    narrows it to some of those who hold a role.
    """

    name: str
    title: LazyString
    url: str
    roles: frozenset[str]
    count: Count
    order: int = 50
    is_urgent: bool = False
    concerns: Callable[[Session, Actor], bool] | None = None


_worklists: dict[str, Worklist] = {}


def register(worklist: Worklist) -> None:
    """Add a list; one of the same name takes its place."""
    _worklists[worklist.name] = worklist


def worklists_for(session: Session, actor: Actor) -> list[Worklist]:
    """The lists that concern the roles of `actor`, in order."""
    held = (known for known in _worklists.values() if known.roles & actor.roles)
    return sorted(
        (known for known in held if known.concerns is None or known.concerns(session, actor)),
        key=lambda known: (known.order, known.name),
    )
