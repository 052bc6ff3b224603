"""Limits: exact when many try at once, forgotten in time, and nobody to be read from where they are kept.

In the database and in Redis alike; Redis is `tests.redis_stand_in`, for no Redis server is among the locked packages.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.limits import Bucket, Buckets, DatabaseBuckets, Limit, forget_old, key_of
from app.core.redis_buckets import RedisAway, RedisBuckets
from app.web import limits
from app.web.database import db
from tests.redis_stand_in import Running, redis_stand_in

FEW = Limit("trial", 3, timedelta(minutes=10))
Opened = Callable[[], AbstractContextManager[Buckets]]


@pytest.fixture(scope="module")
def redis() -> Iterator[Running]:
    with redis_stand_in() as running:
        yield running


@pytest.fixture(params=["database", "redis"])
def opened(request: pytest.FixtureRequest, app: Flask, redis: Running) -> Opened:
    """Opens the buckets: a transaction of the database, or a connection to Redis."""

    @contextmanager
    def database() -> Iterator[Buckets]:
        with app.app_context(), Session(db.engines[None]) as session, session.begin():
            yield DatabaseBuckets(session)

    @contextmanager
    def in_redis() -> Iterator[Buckets]:
        with closing(RedisBuckets(redis.url)) as buckets:
            yield buckets

    return database if request.param == "database" else in_redis


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    return request.node.name


def test_a_limit_holds_and_fills_again_evenly(opened: Opened, key: str) -> None:
    start = clock.now()
    with clock.moved_to(start), opened() as buckets:
        assert [buckets.take(FEW, key) for _ in range(3)] == [None] * 3
        wait = buckets.take(FEW, key)
        assert wait is not None
        assert timedelta() < wait <= FEW.per / 3
        assert buckets.take(FEW, key + "another") is None
    with clock.moved_to(start + FEW.per / 3 + timedelta(seconds=1)), opened() as buckets:
        assert buckets.take(FEW, key) is None
        assert buckets.take(FEW, key) is not None
    with clock.moved_to(start + 2 * FEW.per), opened() as buckets:
        assert [buckets.take(FEW, key) is None for _ in range(4)] == [True, True, True, False]


def test_many_at_once_are_counted_one_by_one(opened: Opened, key: str) -> None:
    def attempt(_number: int) -> bool:
        with opened() as buckets:
            return buckets.take(FEW, key) is None

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(24))) == 3


def test_forgiven_and_given_back(opened: Opened, key: str) -> None:
    with opened() as buckets:
        buckets.give_back(FEW, key)
        for _ in range(4):
            buckets.take(FEW, key)
        buckets.give_back(FEW, key)
        assert [buckets.take(FEW, key) is None for _ in range(2)] == [True, False]
        buckets.forgive(key)
        assert [buckets.take(FEW, key) is None for _ in range(4)] == [True, True, True, False]


def test_rows_that_limit_nothing_go(session: Session) -> None:
    DatabaseBuckets(session).take(FEW, "key")
    assert forget_old(session) == 0
    with clock.moved_to(clock.now() + FEW.per):
        assert forget_old(session) == 1


@contextmanager
def with_redis(app: Flask, url: str) -> Iterator[None]:
    settings = app.extensions["waymark_settings"]
    app.extensions["waymark_settings"] = dataclasses.replace(settings, redis_url=url)
    app.config["WTF_CSRF_ENABLED"] = False
    limits.install(app)
    # Not left to the garbage collector: of things that hold each other it may take the connection first.
    with closing(app.extensions["waymark_limits"]):
        yield


def guesses(app: Flask, number: int) -> list[int]:
    data = {"email": "dele@hub.example", "password": "wrong"}
    return [app.test_client().post("/sign-in", data=data).status_code for _guess in range(number)]


def test_signing_in_counts_in_redis_where_there_is_one(app: Flask, session: Session) -> None:
    with redis_stand_in() as own, with_redis(app, own.url):
        assert guesses(app, 8) == [422] * 6 + [429] * 2
    assert session.scalars(select(Bucket)).all() == []


def test_where_redis_goes_away_the_database_counts_and_the_log_says_so(
    app: Flask, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        redis_stand_in() as own,
        with_redis(app, own.url),
        caplog.at_level(logging.ERROR, "app.web.limits"),
    ):
        assert guesses(app, 6) == [422] * 6
        own.end()
        assert guesses(app, 8) == [422] * 6 + [429] * 2
        assert [record.getMessage() for record in caplog.records] == [
            "Redis is away (ConnectionError): limits count in the database meanwhile"
        ]
    assert session.scalars(select(Bucket)).all() != []


def test_once_redis_is_back_it_counts_again(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    with redis_stand_in() as own, with_redis(app, own.url):
        own.end()
        assert guesses(app, 1) == [422]
        back = Running(int(own.url.rsplit(":", 1)[1].split("/")[0]))
        try:
            assert app.extensions["waymark_limits"].counts_in_database
            monkeypatch.setattr(limits.time, "monotonic", lambda real=limits.time.monotonic: real() + 11)
            assert guesses(app, 8) == [422] * 6 + [429] * 2
        finally:
            back.end()


def test_what_is_no_redis_is_away() -> None:
    with pytest.raises(RedisAway):
        RedisBuckets("redis://127.0.0.1:1/0").take(FEW, "key")


def test_keys_say_nothing_and_change_each_day() -> None:
    today = key_of(FEW, "192.0.2.0/24", "secret")
    assert "192.0" not in today
    assert today == key_of(FEW, "192.0.2.0/24", "secret")
    others = {
        key_of(FEW, "192.0.3.0/24", "secret"),
        key_of(FEW, "192.0.2.0/24", "other"),
        key_of(Limit("else", 3, FEW.per), "192.0.2.0/24", "secret"),
    }
    with clock.moved_to(clock.now() + timedelta(days=1)):
        others.add(key_of(FEW, "192.0.2.0/24", "secret"))
    assert len(others | {today}) == 5
