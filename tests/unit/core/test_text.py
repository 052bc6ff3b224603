from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.text import clean, shorten, single_line, slugify


def test_clean_drops_what_no_page_or_database_can_hold() -> None:
    assert clean(" a\x00b\r\nc\u2028d\ud800 ") == "a b\nc d"


@given(st.text())
def test_cleaned_text_can_be_stored_anywhere(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned
    assert clean(cleaned) == cleaned
    assert "\n" not in single_line(text)


@pytest.mark.parametrize(("text", "slug"), [("Women's Aid & more", "women-s-aid-more"), ("Stół", "sto"), ("  ", "")])
def test_slugify(text: str, slug: str) -> None:
    assert slugify(text) == slug


def test_shorten_cuts_at_a_word() -> None:
    assert shorten("one two three", 100) == "one two three"
    assert shorten("one two three", 9) == "one two…"


def test_nothing_that_was_typed_turns_round_what_stands_after_it():
    assert clean("\u202eRowan\u202d 12") == "Rowan 12"


def test_a_name_of_nothing_that_can_be_seen_is_no_name():
    assert clean(" \u200b\u2060\u00ad ") == ""
    assert clean("👩\u200d🏫") == "👩\u200d🏫"
