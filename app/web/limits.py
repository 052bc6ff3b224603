"""Limits on requests: by the network they come from, or by whatever else a view names (an account at sign-in).

They count in Redis where there is one, else in the database. With the database a form whose work is kept counts with
`too_soon`, in the request's own transaction; what is counted though it fails (a wrong password) counts with `take_now`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from flask import Flask, current_app, request
from flask_babel import ngettext

from app.core.limits import Buckets, DatabaseBuckets, Limit, address_prefix, key_of
from app.core.redis_buckets import RedisAway, RedisBuckets
from app.settings import Settings
from app.web.database import db

log = logging.getLogger(__name__)
# How long Redis is left alone once it did not answer: the database counts meanwhile.
LEFT_ALONE_SECONDS = 10.0
Result = TypeVar("Result")


class Store:
    """Redis, if there is one and it answers; else the database, and a line in the log."""

    def __init__(self, redis_url: str) -> None:
        self._redis = RedisBuckets(redis_url) if redis_url else None
        self._away_until = 0.0

    @property
    def counts_in_database(self) -> bool:
        """Whether a try is a row of the database now."""
        return self._redis is None or time.monotonic() < self._away_until

    def close(self) -> None:
        """Let the connections to Redis go."""
        if self._redis is not None:
            self._redis.close()

    def ask(self, question: Callable[[Buckets], Result]) -> Result:
        """Put a question to where the buckets are."""
        if self._redis is not None and not self.counts_in_database:
            try:
                return question(self._redis)
            except RedisAway as away:
                self._away_until = time.monotonic() + LEFT_ALONE_SECONDS
                log.error("Redis is away (%s): limits count in the database meanwhile", away)
        return question(DatabaseBuckets(db.session()))


def install(app: Flask) -> None:
    """Choose where limits count."""
    settings: Settings = app.extensions["waymark_settings"]
    app.extensions["waymark_limits"] = Store(settings.redis_url)


def too_soon(limit: Limit, subject: str | None = None) -> timedelta | None:
    """Count this request. None if it is within `limit`, else how long the person has to wait."""
    return _store().ask(lambda buckets: buckets.take(limit, _key(limit, subject)))


def take_now(limit: Limit, subject: str | None = None) -> timedelta | None:
    """As `too_soon`, but committed at once, so that a refused request counts too: asked before anything is written."""
    session = db.session()
    session.rollback()
    wait = too_soon(limit, subject)
    session.commit()
    return wait


def forgive(limit: Limit, subject: str) -> None:
    """It was right: the tries before do not count any more."""
    _store().ask(lambda buckets: buckets.forgive(_key(limit, subject)))


def give_back(limit: Limit, subject: str | None = None) -> None:
    """Give one try back."""
    _store().ask(lambda buckets: buckets.give_back(limit, _key(limit, subject)))


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


def _store() -> Store:
    store: Store = current_app.extensions["waymark_limits"]
    return store


def _key(limit: Limit, subject: str | None) -> str:
    settings: Settings = current_app.extensions["waymark_settings"]
    return key_of(limit, subject or address_prefix(request.remote_addr or ""), settings.secret_key)
