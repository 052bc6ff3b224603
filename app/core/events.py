"""Events let a lower feature tell a higher one what happened, in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

Event = TypeVar("Event")
Reaction = Callable[[Session, Event], None]

_handlers: dict[type, list[Reaction[Any]]] = defaultdict(list)


def on(event: type[Event]) -> Callable[[Reaction[Event]], Reaction[Event]]:
    """Register a reaction to an event class (a frozen dataclass named in the past tense)."""

    def register(handler: Reaction[Event]) -> Reaction[Event]:
        if handler not in _handlers[event]:
            _handlers[event].append(handler)
        return handler

    return register


def announce(session: Session, event: object) -> None:
    """Call every reaction to the event's class, in the transaction of `session`."""
    for handler in _handlers[type(event)]:
        handler(session, event)
