"""Stop conditions: a feature may still say, as a message is about to leave, that it should not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.notifications.models import Message


@dataclass(frozen=True, slots=True)
class Keep:
    """Send it."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Do not send it; `reason` is a short code that names no person ("booking cancelled")."""

    reason: str


@dataclass(frozen=True, slots=True)
class Postpone:
    """Ask again at `until`."""

    until: datetime
    reason: str = "postponed"


Verdict = Keep | Drop | Postpone
Check = Callable[[Session, Message], Verdict]

_checks: dict[str, list[Check]] = {}


def before_sending(kind: str) -> Callable[[Check], Check]:
    """Register a check of a kind of message. It runs in the transaction that takes the message up for sending.

    It reads what it must and may renew the message's own words and calendar part; it must not reach out to a network.
    """

    def register(check: Check) -> Check:
        known = _checks.setdefault(kind, [])
        if check not in known:
            known.append(check)
        return check

    return register


def verdict_on(session: Session, message: Message) -> Verdict:
    """What the checks of its kind say; the first that does not keep it decides."""
    for check in _checks.get(message.kind, ()):
        verdict = check(session, message)
        if not isinstance(verdict, Keep):
            return verdict
    return Keep()
