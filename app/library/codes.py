"""The codes of the library."""

from __future__ import annotations

from enum import StrEnum


class LedgerSource(StrEnum):
    """How Waymark came to know that something was not found."""

    SEARCH = "search"
    TOLD_US = "told-us"
    SIGNPOST = "signpost"
