"""The unmet-need ledger: what was looked for and hardly found, by topic, district and week only."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Insert, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core import clock
from app.library.codes import LedgerSource
from app.library.models import UnmetNeed


def record(session: Session, *, topic: str, district: str, source: LedgerSource) -> None:
    """Count one search of this week that found little; `topic` is a slug, `district` such as "M33", or empty."""
    today = clock.today()
    values = {
        "week": today - timedelta(days=today.weekday()),
        "topic": topic,
        "district": district,
        "source": source,
    }
    insert = _insert_for(session)
    session.execute(
        insert.values(**values).on_conflict_do_update(  # type: ignore[attr-defined]
            index_elements=["week", "topic", "district", "source"], set_={"times": UnmetNeed.times + 1}
        )
    )


def take_back(session: Session, *, week: date, topic: str, district: str, source: LedgerSource) -> None:
    """Count one less in the week that began on `week`: what was told was not so."""
    is_it = (
        UnmetNeed.week == week,
        UnmetNeed.topic == topic,
        UnmetNeed.district == district,
        UnmetNeed.source == source,
    )
    # By the database's own count: two may take back at once.
    lowered = update(UnmetNeed).where(*is_it, UnmetNeed.times > 1).values(times=UnmetNeed.times - 1)
    if not session.execute(lowered.returning(UnmetNeed.id)).all():
        session.execute(delete(UnmetNeed).where(*is_it))


def _insert_for(session: Session) -> Insert:
    dialect = session.get_bind().dialect.name
    return postgresql.insert(UnmetNeed) if dialect == "postgresql" else sqlite.insert(UnmetNeed)
