from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import postcode


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("M33 2AB", "M33 2AB"),
        ("m332ab", "M33 2AB"),
        ("  sk6  1lb ", "SK6 1LB"),
        ("SW1A 1AA", "SW1A 1AA"),
        ("EC1Y8SY", "EC1Y 8SY"),
        ("M33", "M33"),
        ("M33 2", "M33 2"),
        ("W1", "W1"),
        ("M3O 2AB", "M30 2AB"),
        ("SKI 1AB", "SK1 1AB"),
        ("0X1 2AB", "OX1 2AB"),
        ("MI6 7EA", "MI6 7EA"),
    ],
)
def test_reads_what_people_type(typed: str, meant: str) -> None:
    assert str(postcode.parse(typed)) == meant


@pytest.mark.parametrize("text", ["", "hello", "M33 2CI", "12345", "M", "M333 2AB", "section 21"])
def test_refuses_what_is_not_one(text: str) -> None:
    assert postcode.parse(text) is None


def test_parts() -> None:
    whole = postcode.parse("SW1A 1AA")
    assert whole is not None
    assert (whole.district, whole.sector, whole.unit) == ("SW1A", "SW1A 1", "SW1A 1AA")
    district = postcode.parse("M33")
    assert district is not None
    assert (district.sector, district.unit) == (None, None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("food bank near B14", ["B14"]),
        ("no food in the house M16", ["M16"]),
        ("help M16 7EA please", ["M16 7EA"]),
        ("i am 16 and need help", []),
        ("covid19 worry", []),
        ("section 21 notice", []),
        ("s21 notice, wx2 1ab", ["S21", "WX2 1AB"]),
    ],
)
def test_finds_candidates_in_running_text(text: str, found: list[str]) -> None:
    assert [str(hit.postcode) for hit in postcode.find(text)] == found
    for hit in postcode.find(text):
        assert postcode.parse(text[hit.start : hit.end]) == hit.postcode


@given(st.text(max_size=60))
def test_never_fails(text: str) -> None:
    parsed = postcode.parse(text)
    if parsed is not None:
        assert postcode.parse(str(parsed)) == parsed
    list(postcode.find(text))
