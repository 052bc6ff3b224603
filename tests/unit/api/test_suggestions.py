"""Topics by the beginnings of lay phrases."""

from __future__ import annotations

import pytest

from app.api.suggestions import PhraseBook, phrase_book
from tests.work import calls

BOOK = PhraseBook([("can't pay my rent", "rent-arrears"), ("rent money", "money"), ("debt", "debt-advice")])


def test_phrases_are_found_by_any_of_their_words() -> None:
    assert BOOK.topics("ren").most_common() == [("money", 3), ("rent-arrears", 1)]


@pytest.mark.parametrize("beginning", ["cant pa", "cant pay my rent"])
def test_and_by_several_words(beginning: str) -> None:
    assert list(BOOK.topics(beginning)) == ["rent-arrears"]


def test_nothing_is_found_for_what_nobody_says() -> None:
    assert not BOOK.topics("zzz")


def test_the_lexicon_is_known_and_quick_to_ask() -> None:
    book = phrase_book()
    assert book.topics("evict")
    for beginning in ("a", "de", "my", "s"):
        assert calls(lambda beginning=beginning: book.topics(beginning)) < 6_000  # half of it, where most begin so
