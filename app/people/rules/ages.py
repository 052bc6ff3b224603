"""Age and age band of a person."""

from __future__ import annotations

from datetime import date

from app.core.errors import InvalidInput
from app.people.codes import AgeBand

_BANDS = {band.value.split("-")[0]: band for band in AgeBand}


def age_on(born: date, day: date) -> int:
    """Full years on that day; who was born on 29 February grows older on 1 March where there is none."""
    if born > day:
        raise InvalidInput("Enter a date of birth in the past.")
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_band(born: date | None, day: date) -> AgeBand:
    """The band of that day; unknown where no birth date was given."""
    if born is None:
        return AgeBand.UNKNOWN
    age = age_on(born, day)
    if age < 18:
        return AgeBand.UNDER_18
    if age < 20:
        return AgeBand.FROM_18
    return _BANDS[str(min(age - age % 5, 90))]
