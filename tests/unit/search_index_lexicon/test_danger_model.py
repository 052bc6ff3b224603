from collections import Counter
from pathlib import Path

import pytest

from app.directory.topic_model import topic_model
from search_index.lexicon import KINDS, danger, folded_words
from search_index.lexicon.danger_model import load_dangers

QUERIES = Path(__file__).parents[2] / "relevance" / "danger_queries.tsv"
# Shares of what nobody had seen who wrote the list or the phrases; measured: 0.93, 0.03.
HEARD, WRONGLY_HEARD = 0.9, 0.045
HEARD_OF_KIND = {"suicide": 0.9, "self-harm": 0.9, "abuse": 0.88, "child-at-risk": 0.83, "emergency": 0.8}

STANDS_THERE = "she keeps going to the railway line and standing there"


def queries() -> list[tuple[str, str]]:
    lines = (line for line in QUERIES.read_text("utf-8").splitlines() if not line.startswith("#"))
    return [(text, kind) for text, _, kind in (line.partition("\t") for line in lines)]


def heard(text: str) -> frozenset[str]:
    return danger(text) | topic_model().dangers(text)


def test_most_of_what_is_said_in_danger_is_heard() -> None:
    said, found = Counter[str](), Counter[str]()
    for text, kind in queries():
        said[kind] += 1
        found[kind] += bool(heard(text))
    assert set(said) == {*KINDS, "-"}
    assert said.total() >= 800
    assert {kind for kind in KINDS if found[kind] < HEARD_OF_KIND[kind] * said[kind]} == set()
    assert sum(found[kind] for kind in KINDS) >= HEARD * sum(said[kind] for kind in KINDS)
    assert found["-"] <= WRONGLY_HEARD * said["-"]


def test_nothing_is_learned_from_what_measures_it() -> None:
    learned = {" ".join(folded_words(text)) for text in load_dangers()}
    assert [text for text, _ in queries() if " ".join(folded_words(text)) in learned] == []


def test_there_are_phrases_of_each_kind_and_of_what_only_sounds_like_it() -> None:
    kinds = Counter(kind for kinds in load_dangers().values() for kind in kinds or ("-",))
    assert all(kinds[kind] >= 400 for kind in (*KINDS, "-"))


@pytest.mark.parametrize("text", ["", "?!", "zzxq wvbk", "\x00", "food bank", "benefits advice near M33"])
def test_of_nothing_and_of_what_is_ordinary_no_danger_is_told(text: str) -> None:
    assert topic_model().dangers(text) == frozenset()


def test_the_kind_is_told() -> None:
    ear = topic_model()
    assert "suicide" in ear.dangers(STANDS_THERE)
    assert "self-harm" in ear.dangers("she always wears long sleeves and there are marks")


def test_who_was_taught_phrases_hears_as_before() -> None:
    taught = topic_model().taught([("the shed on the green", ["befriending"])])
    assert "suicide" in taught.dangers(STANDS_THERE)
