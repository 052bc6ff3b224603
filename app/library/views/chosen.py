"""The visitor's list, as the session keeps it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask import session

from app.library.shortlist import read_ids

SESSION_KEY = "list"


def chosen_ids() -> list[UUID]:
    """The services on the visitor's list, oldest first."""
    return read_ids(session.get(SESSION_KEY))


def keep(ids: Iterable[UUID]) -> None:
    """Keep another list."""
    session[SESSION_KEY] = [service_id.hex for service_id in ids]
