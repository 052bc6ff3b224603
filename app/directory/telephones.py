"""What a telephone number is there for: to call, to text, for a fax and so on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache


class Line(StrEnum):
    """What a number takes. HSDS has its types of numbers from RFC 6350 (vCard), section 6.4.1."""

    CALLS = "calls"
    TEXTS = "texts"
    TEXTPHONE = "textphone"
    VIDEO = "video"
    FAX = "fax"
    PAGER = "pager"


# What a person reaches a service by: nobody is led to dial a fax.
LEADS = (Line.CALLS, Line.TEXTS)

# As they are written in feeds; first come those that count where several are said of one number.
_WRITTEN: Sequence[tuple[str, Line]] = (
    *((word, Line.CALLS) for word in ("voice", "cell", "mobile")),
    *((word, Line.TEXTS) for word in ("text", "sms")),
    *((word, Line.TEXTPHONE) for word in ("textphone", "minicom")),
    ("video", Line.VIDEO),
    ("fax", Line.FAX),
    ("pager", Line.PAGER),
)


@lru_cache(maxsize=256)
def line_of(kind: str | None) -> Line:
    """What a number of this HSDS type takes; one of which nothing is told takes calls."""
    said = set(re.findall(r"[a-z]+", (kind or "").lower()))
    return next((line for word, line in _WRITTEN if word in said), Line.CALLS)
