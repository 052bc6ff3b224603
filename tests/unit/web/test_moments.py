"""How a moment is told in a sentence."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from app.core.clock import LONDON
from app.web.filters import moment


@pytest.mark.parametrize(
    ("hour", "minute", "told"),
    [(12, 0, "midday"), (0, 0, "midnight"), (12, 5, "12:05pm"), (14, 0, "2:00pm")],
)
def test_noon_and_midnight_are_said_in_words(app: Flask, hour: int, minute: int, told: str) -> None:
    with app.test_request_context():
        assert moment(datetime(2027, 7, 1, hour, minute, tzinfo=LONDON)) == f"1 July 2027 at {told}"
