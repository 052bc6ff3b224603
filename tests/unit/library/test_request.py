from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.library.request import FILTERS, LONGEST_TEXT, SearchRequest


def reread(url: str) -> SearchRequest:
    return SearchRequest.from_args(MultiDict(parse_qsl(urlsplit(url).query)))


def test_the_address_says_the_whole_search() -> None:
    asked = SearchRequest(
        text="rent & bills", near="WX1 1AA", within_km=8, filters={"topic": ("eviction", "food"), "age": ("18-25",)},
        exact=True, page=3,
    )  # fmt: skip
    assert reread(asked.url(page=3)) == asked


def test_a_changed_filter_starts_at_page_one() -> None:
    asked = SearchRequest(text="rent", page=4)
    assert reread(asked.filter_addresses().with_filter("cost", ("free",))).page == 1
    assert reread(asked.filter_addresses().with_filter("cost", ("free",)))["cost"] == ("free",)
    free = SearchRequest(text="a", filters={"cost": ("free",)}).filter_addresses()
    assert reread(free.with_filter("cost", ())).filters == {}


def test_the_addresses_of_pages_are_those_of_the_search() -> None:
    for asked in (SearchRequest(text="a & b", near="SK4", exact=True, page=7), SearchRequest(path="/courses")):
        address = asked.page_addresses()
        assert [address(number) for number in (1, 2, 12)] == [asked.url(page=number) for number in (1, 2, 12)]


@pytest.mark.parametrize("page", ["-1", "0", "x", "", "٣", "1e9", "9" * 5000, None])
def test_a_page_that_is_none_is_page_one(page: str | None) -> None:
    assert SearchRequest.from_args(MultiDict({"page": page} if page is not None else {})).page == 1


@pytest.mark.parametrize("within", ["x", "-3", "nan", "inf", "0", "9" * 400])
def test_a_distance_that_is_none_is_left_out(within: str) -> None:
    assert SearchRequest.from_args(MultiDict({"within": within})).within_km is None


@given(st.lists(st.tuples(st.sampled_from([*FILTERS, "q", "near", "within", "page", "exact", "x"]), st.text())))
def test_anything_typed_is_read_and_bounded(pairs: list[tuple[str, str]]) -> None:
    asked = SearchRequest.from_args(MultiDict(pairs))
    assert len(asked.text) <= LONGEST_TEXT
    assert len(asked.near) <= 60
    assert len(asked.url()) < 20_000
