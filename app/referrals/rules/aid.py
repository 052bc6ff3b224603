"""Signpost or refer? Five ticks make a suggestion; the worker decides, and the choice is kept.

The five are those of the Norfolk Community Advice Network (norfolkcan.org.uk).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Tick(StrEnum):
    """What makes a referral the better way."""

    CASEWORK_DONE = "casework-done"
    NOT_ABLE_TO_ACT = "not-able-to-act"
    URGENT_OR_KEY_DATE = "urgent-or-key-date"
    ASKS_US_TO_SHARE = "asks-us-to-share"
    SPECIALIST_NEEDED = "specialist-needed"


class Way(StrEnum):
    """The two ways to pass somebody on."""

    SIGNPOST = "signpost"
    REFER = "refer"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the aid suggests, and the ticks that speak for it."""

    way: Way
    because: tuple[Tick, ...]


def suggest(ticks: Collection[Tick]) -> Suggestion:
    """Refer if any of the five is so; else signpost: the person can get the help elsewhere in time."""
    because = tuple(tick for tick in Tick if tick in ticks)
    return Suggestion(Way.REFER if because else Way.SIGNPOST, because)
