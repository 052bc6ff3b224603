"""What may be sent, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.core.errors import InvalidInput
from app.notifications import rules


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nobody",
        "a@b@c",
        "a@",
        "@example.org",
        "a b@example.org",
        "a@example.org, b@example.org",
        "a@example.org;b@example.org",
        "Ann <ann@example.org>",
        '"a"@example.org',
        "a@example.org\r\nBcc: b@example.org",
        "a@example.org\nBcc:b@example.org",
        "a\r\n@example.org",
        "a\x00@example.org",
        "a\u2028b@example.org",
        "a\u0085b@example.org",
        "\ud800@example.org",
        "a@[127.0.0.1]",
        f"{'a' * 65}@example.org",
        f"a@{'b' * 300}.org",
        f"a@{'ü' * 70}.org",
    ],
)
def test_what_is_not_one_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        rules.email_address(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" ann@example.org ", "ann@example.org"),
        ("Ann.O'Neil+news@Example.ORG", "Ann.O'Neil+news@example.org"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
    ],
)
def test_one_address(text: str, address: str) -> None:
    assert rules.email_address(text) == address


@pytest.mark.parametrize(
    "text", ["", "07700900123", "+0700", "+44 7700 900123", "+447700900123,+447700900124", "+٤٤٧٧٠٠٩٠٠١٢٣"]
)
def test_what_is_not_an_international_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        rules.phone_number(text)


@pytest.mark.parametrize("mark", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x00"])
def test_a_subject_cannot_begin_another_header(mark: str) -> None:
    line = rules.subject_line(f"Your place{mark}Bcc: evil@example.org")
    assert line == "Your place Bcc: evil@example.org"


def test_five_tries_ever_further_apart() -> None:
    waits = [rules.wait_after(attempts) for attempts in range(1, 6)]
    assert waits[-1] is None
    assert all(waits[:-1])
    assert waits[:-1] == sorted(waits[:-1], key=lambda wait: wait or timedelta())


@pytest.mark.parametrize(
    ("instant", "until"),
    [
        ("2026-01-15T20:59:59+00:00", None),
        ("2026-01-15T21:00:00+00:00", "2026-01-16T08:00:00+00:00"),
        ("2026-01-16T07:59:59+00:00", "2026-01-16T08:00:00+00:00"),
        ("2026-01-16T08:00:00+00:00", None),
        ("2026-07-15T19:59:00+00:00", None),
        ("2026-07-15T20:00:00+00:00", "2026-07-16T07:00:00+00:00"),  # summer time
        ("2026-03-28T22:00:00+00:00", "2026-03-29T07:00:00+00:00"),  # the clocks go forward in this night
        ("2026-10-24T21:00:00+00:00", "2026-10-25T08:00:00+00:00"),  # and back in this
    ],
)
def test_quiet_hours_are_those_of_london(instant: str, until: str | None) -> None:
    found = rules.quiet_until(datetime.fromisoformat(instant))
    assert (found.astimezone(UTC).isoformat() if found else None) == until


def test_a_code_holds_no_address() -> None:
    code = rules.short_code("550 5.1.1 <ann@example.org>: no such user\r\n")
    assert code is not None
    assert "@" not in code
    assert "\n" not in code
    assert len(rules.short_code("x" * 500) or "") == 80
