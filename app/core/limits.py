"""How often something may be tried: counts in the database, so that all processes and machines count together.

Whose tries they are is kept as a keyed hash that is another one every day, so no address and no account can be read
from the table, and nobody can be followed from one day to the next. Rows go when their time is over.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address, ip_network

from sqlalchemy import Insert, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import clock
from app.core.orm import Base


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries in so long a time (a day at most), under a name of its own."""

    name: str
    tries: int
    per: timedelta


class TryCount(Base):
    """How often one key was tried since its first try; forgotten at `ends_at`."""

    __tablename__ = "try_count"

    key: Mapped[str] = mapped_column(unique=True)
    times: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)


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


def take(session: Session, limit: Limit, key: str) -> timedelta | None:
    """Count one try. None if it is within the limit, else how long to wait. Two at once are counted one by one."""
    now = clock.now()
    insert = _insert_for(session).values(key=key, times=1, ends_at=now + limit.per)
    over = TryCount.ends_at <= now
    counted = session.execute(
        insert.on_conflict_do_update(  # type: ignore[attr-defined]
            index_elements=["key"],
            set_={
                "times": case((over, 1), else_=TryCount.times + 1),
                "ends_at": case((over, insert.excluded.ends_at), else_=TryCount.ends_at),  # type: ignore[attr-defined]
            },
        ).returning(TryCount.times, TryCount.ends_at)
    ).one()
    if counted.times == 1:
        session.execute(delete(TryCount).where(TryCount.ends_at <= now))
    return None if counted.times <= limit.tries else counted.ends_at - now


def wait_for(session: Session, limit: Limit, key: str) -> timedelta | None:
    """How long the next try has to wait; None if it need not. Counts nothing."""
    row = session.execute(select(TryCount.times, TryCount.ends_at).where(TryCount.key == key)).one_or_none()
    now = clock.now()
    return row.ends_at - now if row and row.ends_at > now and row.times >= limit.tries else None


def _insert_for(session: Session) -> Insert:
    dialect = session.get_bind().dialect.name
    return postgresql.insert(TryCount) if dialect == "postgresql" else sqlite.insert(TryCount)
