"""Single values of the feed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from app.api.hsds import values


@pytest.mark.parametrize(
    ("told", "sent"),
    [
        ("https://hub.example/a?b=c#d", "https://hub.example/a?b=c#d"),
        ("  http://hub.example ", "http://hub.example"),
        ("https://hub.example/caf\u00e9", "https://hub.example/caf%C3%A9"),
        ("https://caf\u00e9.example/", "https://xn--caf-dma.example/"),
        ("www.hub.example", None),
        ("//hub.example", None),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("https://hub.example:99999/", None),
        ("https://hub.example/a b", "https://hub.example/a%20b"),
        ("https://hub.example/%zz", None),
        ("https://hub example/", None),
        ("https://[::1", None),
        ("", None),
        (None, None),
    ],
)
def test_a_web_address_is_valid_or_left_out(told: str | None, sent: str | None) -> None:
    assert values.uri(told) == sent


@pytest.mark.parametrize(
    ("told", "sent"),
    [
        ("a.b@hub.example", "a.b@hub.example"),
        (" a@hub.example ", "a@hub.example"),
        ("a@hub", None),
        ("ask at the desk", None),
        ("a@b@hub.example", None),
        ("a..b@hub.example", None),
        (None, None),
    ],
)
def test_an_email_address_is_valid_or_left_out(told: str | None, sent: str | None) -> None:
    assert values.email(told) == sent


def test_neither_null_nor_blank_nor_empty_is_sent() -> None:
    told = {"a": None, "b": "", "c": "  ", "d": [], "e": 0, "f": False, "g": " x "}
    assert values.given(told) == {"e": 0, "f": False, "g": "x"}


@pytest.mark.parametrize(
    ("on", "sent"),
    [(date(2026, 1, 15), "09:30Z"), (date(2026, 7, 15), "09:30+01:00"), (date(2026, 3, 29), "09:30+01:00")],
)
def test_hours_bear_the_offset_of_the_day(on: date, sent: str) -> None:
    assert values.clock_time(time(9, 30), on=on) == sent


def test_instants_are_utc_to_the_second() -> None:
    assert values.instant(datetime(2026, 7, 1, 9, 30, 5, 999, tzinfo=UTC)) == "2026-07-01T09:30:05Z"


@pytest.mark.parametrize(("amount", "sent"), [("2.50", 2.5), ("3.00", 3), ("0", 0)])
def test_money_is_a_number(amount: str, sent: float) -> None:
    told = values.number(Decimal(amount))
    assert told == sent
    assert isinstance(told, int) is (sent == int(sent))
