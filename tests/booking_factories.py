"""Makers of courses, runs, sessions and pools for tests: each stores and returns what it made."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.codes import OrganizationKind
from app.accounts.models import MemberOrganization
from app.booking.codes import PoolKind
from app.booking.models import BookableSession, Course, Pool, Room, Run
from app.booking.rules.wall_time import wall_of
from app.core import clock
from app.directory.codes import Kind
from app.directory.models import Service
from tests import factories

_numbers = count(1)


def college(session: Session, name: str = "") -> MemberOrganization:
    return factories.stored(
        session, MemberOrganization(name=name or f"College {next(_numbers)}", kind=OrganizationKind.COLLEGE)
    )


def course(
    session: Session, *, of: MemberOrganization | None = None, service: Service | None = None, **words: Any
) -> Course:
    return factories.stored(
        session,
        Course(
            service=service or factories.service(session, kind=Kind.COURSE),
            organization_id=(of or college(session)).id,
            **words,
        ),
    )


def run(session: Session, *, of: Course | None = None, **changes: Any) -> Run:
    owner = of or course(session)
    defaults: dict[str, Any] = {"kind": PoolKind.RUN, "published_at": clock.now()}
    return factories.stored(
        session, Run(**({"course": owner, "organization_id": owner.organization_id} | defaults | changes))
    )


def held_now(session: Session, one: BookableSession) -> None:
    """A session has just begun: whose register is kept, which nobody can before its day."""
    one.starts_at = clock.now()
    one.ends_at, one.wall_start = one.starts_at + timedelta(hours=2), wall_of(one.starts_at)
    session.flush()


def room(session: Session, *, of: MemberOrganization, **changes: Any) -> Room:
    return factories.stored(session, Room(**({"organization_id": of.id, "name": f"Room {next(_numbers)}"} | changes)))


def bookable(session: Session, of: Run, starts_at: datetime, *, minutes: int = 120, **changes: Any) -> BookableSession:
    values: dict[str, Any] = {
        "run": of,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=minutes),
        "wall_start": wall_of(starts_at),
    }
    return factories.stored(session, BookableSession(**(values | changes)))


def pool(
    session: Session,
    *,
    capacity: int = 12,
    of: Run | None = None,
    in_days: float = 30,
    sessions: int = 1,
    **changes: Any,
) -> Pool:
    """The places of a published run whose sessions are a week apart, the first in so many days."""
    owner = of or run(session)
    first = clock.now() + timedelta(days=in_days)
    made = [bookable(session, owner, first + timedelta(weeks=number)) for number in range(sessions)]
    values: dict[str, Any] = {
        "run": owner,
        "kind": PoolKind.RUN,
        "capacity": capacity,
        "starts_at": made[0].starts_at,
        "ends_at": made[-1].ends_at,
    }
    return factories.stored(session, Pool(**(values | changes)))
