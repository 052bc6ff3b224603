"""Until when a record is kept: the Records Management Code of Practice (NHS England, 2021, updated 2023).

Adult health and social care: 8 years after the person was last seen. Children: until the 25th birthday, the 26th where
they were 17 at the end. Mental health: 20 years after they were last seen, or 10 after they died. Of somebody who was
never seen the time counts from the day on which the record was begun: a record without an end would be kept for ever.
"""

from __future__ import annotations

from datetime import date

from app.people.codes import RetentionClass
from app.people.rules.ages import age_on

ADULT_YEARS = 8
MENTAL_HEALTH_YEARS = 20
AFTER_DEATH_YEARS = 10


def kept_until(
    retention: RetentionClass,
    *,
    begun: date,
    last_seen: date | None = None,
    born: date | None = None,
    died: date | None = None,
) -> date:
    """The day on which somebody looks whether the record can go."""
    ended = last_seen or died or begun
    if retention is RetentionClass.MENTAL_HEALTH:
        return years_after(died, AFTER_DEATH_YEARS) if died else years_after(ended, MENTAL_HEALTH_YEARS)
    after = years_after(ended, ADULT_YEARS)
    if retention is RetentionClass.CHILD and born is not None:
        return max(after, years_after(born, 26 if age_on(born, max(ended, born)) == 17 else 25))
    return after


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 1 March where a 29 February has no like."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
