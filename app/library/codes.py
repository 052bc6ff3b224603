"""The codes of the library."""

from __future__ import annotations

from enum import StrEnum


class LedgerSource(StrEnum):
    """How Waymark came to know that something was not found."""

    SEARCH = "search"
    TOLD_US = "told-us"


class ProblemKind(StrEnum):
    """What is wrong with a listing."""

    PHONE = "phone"
    CLOSED = "closed"
    PLACE_OR_HOURS = "place-or-hours"
    NOT_FOR_ME = "not-for-me"
    OTHER = "other"
