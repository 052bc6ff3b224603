"""Reading query parameters."""

from __future__ import annotations

from datetime import UTC, datetime, time
from uuid import UUID

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict

from app.api import parameters as given
from app.api.parameters import InvalidParameter, Parameter
from app.core import clock

ID = UUID("123e4567-e89b-12d3-a456-426614174000")


@pytest.fixture(autouse=True)
def _words():
    application = Flask(__name__)
    Babel(application)
    with application.test_request_context():
        yield


@pytest.mark.parametrize(
    ("parameter", "text", "value"),
    [
        (given.PAGE, "3", 3),
        (given.PAGE, "3.0", 3),
        (given.PER_PAGE, "100", 100),
        (given.TAXONOMY_ID, str(ID), ID),
        (given.TAXONOMY_ID, str(ID).upper(), ID),
        (given.FULL, "TRUE", True),
        (given.FULL, "false", False),
        (given.FORMAT, "NDJSON", "ndjson"),
        (given.DAY, "Monday", "MO"),
        (given.DAY, "su", "SU"),
        (given.MODIFIED_AFTER, "2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        (given.MODIFIED_AFTER, "2026-01-31t09:30:00z", datetime(2026, 1, 31, 9, 30, tzinfo=UTC)),
        (given.MODIFIED_AFTER, "2026-01-31T09:30:00+01:00", datetime(2026, 1, 31, 8, 30, tzinfo=UTC)),
        (given.MODIFIED_AFTER, "2026-01-31T09:30:00 01:00", datetime(2026, 1, 31, 8, 30, tzinfo=UTC)),
        (given.START_TIME, "09:30", time(9, 30)),
        (given.SEARCH, " a\x00b  c ", "a b c"),
        (given.PROXIMITY, "0", 0),
    ],
)
def test_what_is_read(parameter: Parameter[object], text: str, value: object) -> None:
    assert parameter.values(MultiDict([(parameter.name, text)])) == [value]


def test_a_time_with_an_offset_is_put_on_a_london_clock() -> None:
    with clock.moved_to(datetime(2026, 7, 1, 12, tzinfo=UTC)):
        assert given.clock_time("09:30Z") == time(10, 30)
    with clock.moved_to(datetime(2026, 1, 1, 12, tzinfo=UTC)):
        assert given.clock_time("09:30Z") == time(9, 30)


RUBBISH = [
    "abc",
    "-1",
    "1.5",
    "\u0663",
    "1_0",
    "9" * 5000,
    "\x00",
    "{" + str(ID) + "}",
    "urn:uuid:" + str(ID),
    "\ud800",
]


@pytest.mark.parametrize(
    ("parameter", "more"),
    [
        (given.PAGE, ["0"]),
        (given.PER_PAGE, ["0", "101"]),
        (given.TAXONOMY_TERM_ID, [str(ID)[:-1], str(ID) + "\n1"]),
        (given.FULL, ["yes", "1", "0"]),
        (given.FORMAT, ["xml"]),
        (given.DAY, ["MO,TU", "xx", "mondayish"]),
        (given.MINIMUM_AGE, ["151"]),
        (given.MODIFIED_AFTER, ["2026-02-30", "2026-13-01", "0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00"]),
        (given.START_TIME, ["24:00", "9:30", "09:60"]),
        (given.PROXIMITY, ["2000001"]),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_rubbish_is_refused_with_a_sentence(parameter: Parameter[object], more: list[str]) -> None:
    for text in [*RUBBISH, *more]:
        with pytest.raises(InvalidParameter, match=parameter.name) as refused:
            parameter.values(MultiDict([(parameter.name, text)]))
        assert refused.value.message.endswith(".")
        assert len(refused.value.message) < 300


def test_an_empty_one_is_not_given() -> None:
    assert given.PAGE.first(MultiDict([("page", "")]), default=1) == 1


def test_too_many_values_are_refused() -> None:
    with pytest.raises(InvalidParameter):
        given.SEARCH.values(MultiDict([("search", "a")] * 21))
