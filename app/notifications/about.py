"""What a message or a link is about."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a message or a link is about: the kind of object and its id."""

    type: str
    id: UUID
