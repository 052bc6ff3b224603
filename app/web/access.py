"""Who may enter a route: named values that each route states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Access:
    """A guard: its name is what `waymark routes` prints; `require` aborts when the actor may not enter."""

    name: str
    require: Callable[[], None]


def _everybody() -> None:
    """Nothing to check."""


PUBLIC = Access("public", _everybody)
