"""Limits on requests: by the network they come from, or by whatever else a view names (an account at sign-in).

A form whose work is kept counts with `too_soon`: the count is part of the request's transaction. What is counted
though it fails (a wrong password) is asked for with `must_wait` and counted with `count_afterwards`.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from flask import current_app, request
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.core.limits import Limit, address_prefix, key_of, take, wait_for
from app.settings import Settings
from app.web.blueprint import afterwards
from app.web.database import db


def too_soon(limit: Limit, subject: str | None = None) -> timedelta | None:
    """Count this request. None if it is within `limit`, else how long the person has to wait."""
    return take(db.session(), limit, _key(limit, subject))


def must_wait(limit: Limit, subject: str | None = None) -> timedelta | None:
    """How long the next try has to wait; None if it need not. Counts nothing."""
    return wait_for(db.session(), limit, _key(limit, subject))


def count_afterwards(limit: Limit, subject: str | None = None) -> None:
    """Count this request in a transaction of its own once the view is done, whatever it answers."""
    afterwards(partial(_count, limit=limit, key=_key(limit, subject)))


def wait_in_words(wait: timedelta) -> str:
    """The sentence for a person who has to wait."""
    minutes = max(1, -(-int(wait.total_seconds()) // 60))
    return ngettext(
        "Many messages came from your network. Wait %(num)d minute, then press the button again.",
        "Many messages came from your network. Wait %(num)d minutes, then press the button again.",
        minutes,
    )


def retry_after(wait: timedelta) -> dict[str, str]:
    """The header for programs."""
    return {"Retry-After": str(max(1, int(wait.total_seconds())))}


def _count(session: Session, *, limit: Limit, key: str) -> None:
    take(session, limit, key)


def _key(limit: Limit, subject: str | None) -> str:
    settings: Settings = current_app.extensions["waymark_settings"]
    return key_of(limit, subject or address_prefix(request.remote_addr or ""), settings.secret_key)
