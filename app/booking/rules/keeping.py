"""Places that are kept for some: who may have them, and until when."""

from __future__ import annotations

from datetime import date, datetime

from app.booking.codes import KeptFor
from app.booking.rules.waiting import cut_off
from app.core.clock import LONDON


def circle_of(*, referred: bool, carer: bool) -> frozenset[KeptFor]:
    """For whom kept places are that somebody may have."""
    told = {KeptFor.REFERRED: referred, KeptFor.CARERS: carer}
    return frozenset(one for one, is_so in told.items() if is_so)


def is_open_to_all(release_on: date | None, starts_at: datetime, now: datetime) -> bool:
    """Whether kept places are for everyone by now: on their day, and never later than the cut-off of the list.

    After the cut-off nobody is offered a place any more, so that one kept longer would stay empty.
    """
    is_day = release_on is not None and now.astimezone(LONDON).date() >= release_on
    return is_day or now >= cut_off(starts_at)
