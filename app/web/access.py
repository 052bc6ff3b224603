"""Who may enter a route: named values that each route states."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from flask import request


@dataclass(frozen=True, slots=True)
class Access:
    """A guard: its name is what `waymark routes` prints; `require` aborts when the actor may not enter.

    Behind one of staff (`is_staff`) a form may hold more words than one that anybody sends.
    """

    name: str
    require: Callable[[], None]
    is_staff: bool = False


def _everybody() -> None:
    """Nothing to check."""


PUBLIC = Access("public", _everybody)


def bears_token(token: str) -> bool:
    """Whether the request has `Authorization: Bearer` with this token; an empty token lets nobody in."""
    scheme, _, told = request.headers.get("Authorization", "").partition(" ")
    return bool(token) and scheme.lower() == "bearer" and hmac.compare_digest(told.strip().encode(), token.encode())
