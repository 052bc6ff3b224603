"""Limits: exact when many try at once, forgotten in time, and nobody to be read from the table."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.limits import Limit, TryCount, key_of, take, wait_for
from app.web.database import db

FEW = Limit("trial", 3, timedelta(minutes=10))


def test_a_limit_holds_and_ends(session: Session) -> None:
    assert [take(session, FEW, "one") for _ in range(3)] == [None] * 3
    for wait in (wait_for(session, FEW, "one"), take(session, FEW, "one")):
        assert wait is not None
        assert timedelta() < wait <= FEW.per
    assert wait_for(session, FEW, "another") is None
    assert take(session, FEW, "another") is None
    with clock.moved_to(clock.now() + FEW.per):
        assert wait_for(session, FEW, "one") is None
        assert take(session, FEW, "one") is None
        assert session.scalars(select(TryCount.key).order_by(TryCount.key)).all() == ["one"]


def test_many_at_once_are_counted_one_by_one(app: Flask) -> None:
    def attempt(_number: int) -> bool:
        with app.app_context(), Session(db.engines[None]) as session, session.begin():
            return take(session, FEW, "shared") is None

    with ThreadPoolExecutor(8) as pool:
        allowed = list(pool.map(attempt, range(24)))
    assert sum(allowed) == 3


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
