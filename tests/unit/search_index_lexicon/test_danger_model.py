from collections import Counter
from pathlib import Path

import pytest

from app.directory.dangers import dangers_in
from app.directory.topic_model import topic_model
from search_index.lexicon import KINDS, danger, folded_words
from search_index.lexicon.danger_model import load_dangers

MEASURES = Path(__file__).parents[2] / "relevance"
# Shares of what nobody had seen who wrote the list or the phrases; measured: 0.94, 0.04.
HEARD, WRONGLY_HEARD = 0.91, 0.045
HEARD_OF_KIND = {"suicide": 0.91, "self-harm": 0.9, "abuse": 0.89, "child-at-risk": 0.85, "emergency": 0.85}
# The same of letters of some fifty words; measured: 0.94, 0.15. Between two others: 0.93.
HEARD_OF_LETTERS, LETTERS_WRONGLY_HEARD, HEARD_OF_LONG_LETTERS = 0.88, 0.25, 0.87

STANDS_THERE = "she keeps going to the railway line and standing there"


def queries(name: str = "danger_queries") -> list[tuple[str, str]]:
    lines = (MEASURES / f"{name}.tsv").read_text("utf-8").splitlines()
    lines = [line for line in lines if not line.startswith("#")]
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


def test_a_letter_that_speaks_of_danger_in_one_sentence_is_heard_too() -> None:
    told = queries("danger_letters")
    quiet = [text for text, kind in told if kind == "-"]
    spoken = [text for text, kind in told if kind != "-"]
    assert (len(quiet), len(spoken)) == (240, 240)
    assert sum(map(bool, map(dangers_in, spoken))) >= HEARD_OF_LETTERS * len(spoken)
    assert sum(map(bool, map(dangers_in, quiet))) <= LETTERS_WRONGLY_HEARD * len(quiet)
    among = [
        f"{before} {text} {after}" for before, text, after in zip(quiet, spoken, quiet[1:] + quiet[:1], strict=True)
    ]
    assert sum(map(bool, map(dangers_in, among))) >= HEARD_OF_LONG_LETTERS * len(among)
    on_a_phone = ["".join(letter for letter in text.lower() if letter.isalnum() or letter in " '") for text in among]
    assert sum(map(bool, map(dangers_in, on_a_phone))) >= HEARD_OF_LONG_LETTERS * len(among)


def test_nothing_is_learned_from_what_measures_it() -> None:
    learned = {" ".join(folded_words(text)) for text in load_dangers()}
    measured = [*queries(), *queries("danger_letters")]
    assert [text for text, _ in measured if " ".join(folded_words(text)) in learned] == []


def test_one_sentence_between_calm_ones_is_heard_as_it_is_alone() -> None:
    calm = "Since the move everything is quiet and the days are all the same.", "My neighbour is kind and brings soup."
    sentence = "I stand on the bridge and think about letting go."
    assert danger(sentence) == frozenset()
    assert topic_model().dangers(" ".join(calm)) == frozenset()
    assert "suicide" in topic_model().dangers(f"{calm[0]} {sentence} {calm[1]}")
    assert "suicide" in danger("i have the tablets saved up")


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
