"""What signposts tell the features above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class NeedWasUnmet:
    """Somebody was sent to a service and did not get the help: by topic and postcode district only."""

    topic: str
    district: str


@dataclass(frozen=True, slots=True)
class UnmetNeedWithdrawn:
    """What was told as unmet in the week that began on `week` was not so, or is so no more."""

    week: date
    topic: str
    district: str
