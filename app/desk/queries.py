"""What the desk reads over the features."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.library.models import UnmetNeed

# Fewer than this might be one person: the number is not told.
FEWEST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Need:
    """How often help of a topic was not found by people of a district; `times` is None where it was too seldom."""

    topic: str
    district: str
    times: int | None


def unmet_needs(session: Session, *, weeks: int) -> list[Need]:
    """Needs of the last weeks, the most frequent first; the small ones come after, without their number."""
    since = clock.today() - timedelta(weeks=weeks)
    times = func.sum(UnmetNeed.times)
    rows = session.execute(
        select(UnmetNeed.topic, UnmetNeed.district, times)
        .where(UnmetNeed.week > since)
        .group_by(UnmetNeed.topic, UnmetNeed.district)
        .order_by(times.desc(), UnmetNeed.topic, UnmetNeed.district)
    )
    needs = [Need(topic, district, count if count >= FEWEST_TOLD else None) for topic, district, count in rows]
    seldom = sorted((need for need in needs if need.times is None), key=lambda need: (need.topic, need.district))
    return [need for need in needs if need.times is not None] + seldom
