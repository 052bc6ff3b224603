"""Buckets kept in Redis, where several machines share one: no row of the database is written for a try."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.core.limits import Limit, now_in_milliseconds

PREFIX = "waymark:limit:"
# A try must not wait long for a Redis that is away.
SECONDS = 0.5
# How often the same bucket may have been changed by others meanwhile.
TIMES = 50
CROWDED = timedelta(seconds=1)
Result = TypeVar("Result")


class RedisAway(Exception):
    """Redis does not answer, or not as it should."""


class RedisBuckets:
    """A bucket is a key that holds when it is due, and is gone by then."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(
            url,
            protocol=2,
            socket_timeout=SECONDS,
            socket_connect_timeout=SECONDS,
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
        )

    def close(self) -> None:
        """Let the connections go; they are made anew when something is asked."""
        self._client.close()

    def take(self, limit: Limit, key: str) -> timedelta | None:
        """Take a try; None where there was one to take, else how long to wait for it."""
        waits: list[timedelta] = []

        def taken(due_at: int | None, now: int) -> int | None:
            start = max(due_at or now, now)
            if start - now <= limit.slack:
                return start + limit.step
            waits.append(limit.wait(start, now))
            return None

        is_changed = self._change(key, taken)
        return waits[0] if waits else None if is_changed else CROWDED

    def forgive(self, key: str) -> None:
        """Forget the tries before: the last one was right."""
        self._ask(lambda: self._client.delete(PREFIX + key))

    def give_back(self, limit: Limit, key: str) -> None:
        """Give one try back."""
        self._change(key, lambda due_at, _now: None if due_at is None else due_at - limit.step)

    def _change(self, key: str, change: Callable[[int | None, int], int | None]) -> bool:
        """Set a bucket to what `change` makes of it (nothing: leave it), as if nobody else were there."""
        return self._ask(lambda: any(self._changed(PREFIX + key, change) for _time in range(TIMES)))

    def _changed(self, name: str, change: Callable[[int | None, int], int | None]) -> bool:
        """Whether it worked; False where somebody else was quicker."""
        with self._client.pipeline() as pipe:
            pipe.watch(name)  # type: ignore[no-untyped-call]
            kept, now = pipe.get(name), now_in_milliseconds()
            due_at = change(None if kept is None else int(str(kept)), now)
            if due_at is None:
                return True
            pipe.multi()
            if due_at > now:
                pipe.set(name, due_at, px=due_at - now)
            else:
                pipe.delete(name)
            try:
                pipe.execute()
            except redis.WatchError:
                return False
            return True

    def _ask(self, question: Callable[[], Result]) -> Result:
        try:
            return question()
        except (redis.RedisError, OSError, ValueError) as error:
            raise RedisAway(type(error).__name__) from error
