"""Decisions of accounts: how long a session lasts, who may grant what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.accounts.codes import Role, UserKind


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a session lasts unused, and at most."""

    idle: timedelta
    absolute: timedelta


# The longest that the strictest of a user's roles allows. Our own choice; OWASP ASVS 5.0 7.3 asks that both exist.
OF_STAFF = Lifetime(timedelta(minutes=30), timedelta(hours=12))
OF_THE_POWERFUL = Lifetime(timedelta(minutes=15), timedelta(hours=8))
OF_A_PERSON = Lifetime(timedelta(minutes=30), timedelta(hours=12))
ON_A_SHARED_DEVICE = Lifetime(timedelta(minutes=10), timedelta(hours=1))
POWERFUL = frozenset({Role.ADMINISTRATOR, Role.PRIVACY_OFFICER})

# What only somebody who holds it may grant.
GUARDED_ROLES = frozenset({Role.ADMINISTRATOR, Role.PRIVACY_OFFICER, Role.COMMISSIONER, Role.MANAGER})


def lifetime(kind: UserKind, roles: Iterable[str], *, shared_device: bool) -> Lifetime:
    """How long a new session of such a user may last."""
    if shared_device:
        return ON_A_SHARED_DEVICE
    if kind is UserKind.PERSON:
        return OF_A_PERSON
    return OF_THE_POWERFUL if POWERFUL.intersection(roles) else OF_STAFF


def may_grant(own: Iterable[str], role: Role) -> bool:
    """Whether somebody with the roles `own` in an organisation may give `role` there to somebody else.

    An administrator gives every role of daily work; those that govern others only whoever holds them too.
    """
    held = frozenset(own)
    return Role.ADMINISTRATOR in held and (role not in GUARDED_ROLES or role in held)


def is_over(*, now: datetime, last_seen_at: datetime, idle_seconds: int, expires_at: datetime) -> bool:
    """Whether a session has outlived its time."""
    return now >= expires_at or now >= last_seen_at + timedelta(seconds=idle_seconds)
