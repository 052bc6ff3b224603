"""What is indexed: one document a service."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One regular opening, in minutes of the local day."""

    weekday: int  # 0 Monday .. 6 Sunday
    ordinal: int  # 0 every week; 1..5 nth in the month; -1 last
    opens: int
    closes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One service. Words are free text; tags are exact."""

    id: str
    name: str
    alternate_name: str = ""
    organization: str = ""
    topics: str = ""  # labels in words
    description: str = ""
    eligibility: str = ""
    places: str = ""
    sessions: str = ""
    tags: frozenset[str] = frozenset()
    points: tuple[tuple[float, float], ...] = ()  # (latitude, longitude)
    openings: tuple[Opening, ...] = ()
    checked_on: date | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None
    chain: str = ""  # documents with the same non-empty chain are branches of one
