"""How often something may be tried, counted over all processes and machines: a bucket for each key.

A bucket (the generic cell rate algorithm) holds `tries`, and fills again evenly within `per`. It delays and never
locks: who waits may try again. Buckets are rows of the database, or keys of Redis (`app.core.redis_buckets`).

Whose tries they are is kept as a keyed hash that is another one every day, so no address and no account can be read
from the table, and nobody can be followed from one day to the next.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any, Protocol
from uuid import uuid4

from sqlalchemy import BigInteger, bindparam, case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import clock
from app.core.orm import Base, table_of


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries at once, and as many again, one by one, within `per`. The name keeps its keys from others'."""

    name: str
    tries: int
    per: timedelta

    @property
    def step(self) -> int:
        """Milliseconds until the next try at the steady pace."""
        return max(1, int(self.per.total_seconds() * 1000) // self.tries)

    @property
    def slack(self) -> int:
        """How far a bucket may be ahead of the steady pace, in milliseconds, and still give a try."""
        return (self.tries - 1) * self.step

    def wait(self, due_at: int, now: int) -> timedelta:
        """How long to wait where a bucket is due at `due_at`."""
        return timedelta(milliseconds=max(due_at - self.slack - now, 1))


class Bucket(Base):
    """How far ahead of its pace a key is. `key` is a keyed hash; `due_at` counts milliseconds since 1970."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(unique=True)
    due_at: Mapped[int] = mapped_column(BigInteger, index=True)


class Buckets(Protocol):
    """Where buckets are kept."""

    def take(self, limit: Limit, key: str) -> timedelta | None:
        """Take a try; None where there was one to take, else how long to wait for it."""

    def forgive(self, key: str) -> None:
        """Forget the tries before: the last one was right."""

    def give_back(self, limit: Limit, key: str) -> None:
        """Give one try back."""


_BUCKETS = table_of(Bucket)
_KEY, _DUE = _BUCKETS.c.key, _BUCKETS.c.due_at


def _taking(insert: Any) -> Any:
    """A row where a try is taken, and none where the bucket gives none."""
    now, step = bindparam("now", type_=BigInteger), bindparam("step", type_=BigInteger)
    start = case((now < _DUE, _DUE), else_=now)
    return (
        insert(_BUCKETS)
        .values(id=bindparam("new_id"), created_at=bindparam("created"), key=bindparam("of_key"), due_at=now + step)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={"due_at": start + step},
            where=start - now <= bindparam("slack", type_=BigInteger),
        )
        .returning(_DUE)
    )


# Most requests that write ask first: what they ask is put together once.
_TAKE = {"postgresql": _taking(postgresql.insert), "sqlite": _taking(sqlite.insert)}
_OF_KEY = bindparam("of_key") == _KEY
_DUE_AT = select(_DUE).where(_OF_KEY)
_FORGIVE = delete(_BUCKETS).where(_OF_KEY)
_GIVE_BACK = update(_BUCKETS).where(_OF_KEY).values(due_at=_DUE - bindparam("step", type_=BigInteger))


class DatabaseBuckets:
    """Buckets as rows, in the transaction of a session. Two at once are counted one by one."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def take(self, limit: Limit, key: str) -> timedelta | None:
        """Take a try; None where there was one to take, else how long to wait for it."""
        now = now_in_milliseconds()
        values = {"new_id": uuid4(), "created": clock.now(), "of_key": key}
        told = values | {"now": now, "step": limit.step, "slack": limit.slack}
        if self._session.execute(_TAKE[self._session.get_bind().dialect.name], told).all():
            return None
        return limit.wait(self._session.scalar(_DUE_AT, {"of_key": key}) or now, now)

    def forgive(self, key: str) -> None:
        """Forget the tries before: the last one was right."""
        self._session.execute(_FORGIVE, {"of_key": key})

    def give_back(self, limit: Limit, key: str) -> None:
        """Give one try back."""
        self._session.execute(_GIVE_BACK, {"of_key": key, "step": limit.step})


def forget_old(session: Session) -> int:
    """Delete the rows that limit nothing any more; says how many."""
    gone = session.execute(delete(Bucket).where(Bucket.due_at < now_in_milliseconds()).returning(Bucket.id))
    return len(gone.all())


def key_of(limit: Limit, subject: str, secret: str) -> str:
    """What is kept of `subject` (an address prefix, an account) today."""
    told = f"{limit.name}\x1f{clock.today().isoformat()}\x1f{subject}"
    return hmac.new(secret.encode(), told.encode(), hashlib.sha256).hexdigest()


def address_prefix(address: str) -> str:
    """The network that an address belongs to: /24 of IPv4, /56 of IPv6; one and the same for what is no address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    mapped = getattr(parsed, "ipv4_mapped", None) or parsed
    return str(ip_network(f"{mapped}/{24 if isinstance(mapped, IPv4Address) else 56}", strict=False))


def now_in_milliseconds() -> int:
    """The present instant as buckets count it."""
    return int(clock.now().timestamp() * 1000)
