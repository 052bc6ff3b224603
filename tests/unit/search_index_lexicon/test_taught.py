"""Phrases taught on top of the lexicon: what of a text they are, and what stays for the model."""

from __future__ import annotations

import pytest

from search_index.lexicon import TaughtPhrases

TAUGHT = TaughtPhrases(
    [("Cocoon room", ["crisis", "wellbeing"]), ("room", ["housing"]), ("the cost", []), ("café's", ["food"])]
)


@pytest.mark.parametrize(
    ("text", "topics", "rest"),
    [
        ("cocoon rooms", ["crisis", "wellbeing"], ""),
        ("a ROOM", ["housing"], "a"),
        ("cafes", ["food"], ""),
        ("where is the cocoon room in Skelby", ["crisis", "wellbeing"], "where is the in skelby"),
    ],
)
def test_the_longest_phrase_is_heard_and_the_rest_is_left(text, topics, rest):
    heard = TAUGHT.hear(text)
    assert list(heard.topics) == topics
    assert heard.rest == rest
    assert sum(heard.topics.values()) == pytest.approx(1)


@pytest.mark.parametrize("text", ["", "cocoon", "roomy", "!?"])
def test_other_words_are_left_to_the_model(text):
    assert TAUGHT.hear(text) is None


def test_a_phrase_counts_by_how_much_of_the_text_it_is():
    alone, beside = (
        TAUGHT.hear("is there a cocoon room near me"),
        TAUGHT.hear("cocoon room debt rent bailiffs benefits"),
    )
    assert alone.coverage > 0.7
    assert beside.coverage < 0.5
    assert beside.beside({"debt": 1.0})["debt"] == pytest.approx(0.5)


def test_a_phrase_without_topics_says_nothing_of_any():
    heard = TAUGHT.hear("the cost")
    assert heard.topics == {}
    assert heard.beside({}) == {}


def test_its_words_are_no_mistakes():
    assert TAUGHT.knows("cocoon")
    assert not TAUGHT.knows("cocon")
