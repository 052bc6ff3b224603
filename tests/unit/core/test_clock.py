from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.core import clock


def test_moves_and_comes_back() -> None:
    before = clock.now()
    with clock.moved_to(datetime(2030, 6, 1, 23, 30, tzinfo=UTC)):
        assert abs(clock.now() - datetime(2030, 6, 1, 23, 30, tzinfo=UTC)) < timedelta(seconds=5)
        assert clock.today() == date(2030, 6, 2)  # it is past midnight in London
        assert clock.local_now().hour == 0
    assert clock.now() - before < timedelta(seconds=5)


def test_wants_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"), clock.moved_to(datetime(2030, 1, 1)):  # noqa: DTZ001
        pass
