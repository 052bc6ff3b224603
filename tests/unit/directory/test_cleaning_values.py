"""Single values of feeds."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.directory.codes import AccessRoute, Status
from app.directory.importing.cleaning import values


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("www.a.example", "https://www.a.example"),
        ("a.example/x?y=1#z", "https://a.example/x?y=1#z"),
        (" http://A.Example/Path ", "http://a.example/Path"),
        ("http//a.example", "http://a.example"),
        ("http//:a.example", "http://a.example"),
        ("https:/a.example", "https://a.example"),
        ("http://https://a.example", "https://a.example"),
        ("a.example or b.example", "https://a.example"),
        ("<https://a.example>", "https://a.example"),
        ("https://a.example/a b", "https://a.example/a"),
        ("https://münchen.example/ü", "https://xn--mnchen-3ya.example/%C3%BC"),
        ("https://a.example:8443/", "https://a.example:8443/"),
        ('<a href="http://a.example/x?y=1&amp;z=2"> The club</a>', "http://a.example/x?y=1&z=2"),
    ],
)
def test_web_addresses(text: str, address: str) -> None:
    assert values.web_address(text) == address
    assert values.web_address(address) == address


@pytest.mark.parametrize(
    "text",
    ["", "see leaflet", "info@a.example", "javascript:alert(1)", "ftp://a.example", "http://", "localhost", "http://127",
     "https://user:pw@a.example", "https://a..example", "https://[::1", "x" * 3000, "https://a.example:99999"],
)  # fmt: skip
def test_what_is_no_web_address(text: str) -> None:
    assert values.web_address(text) is None


@given(st.text(max_size=100))
def test_any_text_is_read_without_harm(text: str) -> None:
    values.web_address(text)
    values.email_address(text)
    values.phone_numbers(text)
    values.clock_time(text)
    values.day(text)
    values.instant(text)
    values.amount(text)
    values.number(text, least=0, most=9)
    values.status(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("info@a.example", "info@a.example"),
        ("mailto:info@a.example", "info@a.example"),
        ("0161 1 / info@a.example", "info@a.example"),
        ('<a href="mailto:info@a.example">Write to us</a>', "info@a.example"),
        ("tim...tim@a.example", None),
        ("info at a.example", None),
        ("a@b", None),
    ],
)
def test_email_addresses(text: str, address: str | None) -> None:
    assert values.email_address(text) == address


def test_telephone_numbers() -> None:
    assert values.phone_numbers("01632 960111 or 07700900123") == ["01632 960111", "07700900123"]
    assert values.phone_numbers("(01632) 960 111") == ["(01632) 960 111"]
    assert values.phone_numbers("+44 1632 960111") == ["+44 1632 960111"]
    assert values.phone_numbers("116 123 or 111") == ["116 123", "111"]
    assert values.phone_numbers('<a href="tel:+441632960111">01632 960111</a>') == ["01632 960111"]
    assert values.phone_numbers("ring the bell") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09:30", time(9, 30)), ("9.30am", time(9, 30)), ("17:00:00", time(17)), ("18:00Z", time(18)),
        ("20:00+01:00", time(20)), ("12pm", time(12)), ("12am", time(0)),
        ("9:00a", time(9)), ("5p", time(17)), ("24:00", time(23, 59)),
        ("25:00", None), ("13pm", None), ("noonish", None), ("", None),
    ],
)  # fmt: skip
def test_clock_times(text: str, expected: time | None) -> None:
    assert values.clock_time(text) == expected


def test_dates_instants_and_amounts() -> None:
    assert values.day("2026-02-01") == values.day("01/02/2026") == date(2026, 2, 1)
    assert values.day("2026-02-30") is None
    assert values.instant("2026-01-02T03:04:05Z") == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert values.instant("2026-01-02T03:04:05+01:00") == datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)
    assert values.instant("2999-01-01T00:00:00Z") is None
    assert values.amount("£2.50") == Decimal("2.50")
    assert values.amount(3) == values.amount("3.00") == Decimal(3)
    assert values.amount("varies") is None


def test_codes() -> None:
    assert values.status("") is Status.ACTIVE
    assert values.status("Temporarily_Closed") is Status.TEMPORARILY_CLOSED
    assert values.status("sleeping") is None
    assert values.code_set(AccessRoute, "self_referral, drop in; nonsense") == {AccessRoute.SELF_REFERRAL}
    assert values.code_set(AccessRoute, ["Drop-in", "self-referral"]) == {
        AccessRoute.DROP_IN,
        AccessRoute.SELF_REFERRAL,
    }
    assert values.words(22.0) == "22"
    assert values.words({"a": 1}) == ""
