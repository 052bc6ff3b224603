from collections import Counter

import numpy as np
import pytest

from app.directory.topic_model import topic_model
from search_index.lexicon import TopicModel, load_offers
from search_index.lexicon.offers import MOST_TOPICS
from search_index.lexicon.phrases import load_asked, load_told


@pytest.fixture(scope="module")
def model() -> TopicModel:
    return topic_model()


def likeliest(model: TopicModel, text: str, topics: dict[str, float]) -> str:
    offers = model.offers(text, topics)
    slug, number = max(offers, key=lambda key: offers[key])
    return load_offers()[slug][number].title


def test_each_topic_has_kinds_of_help_and_people_who_ask_for_them(model: TopicModel) -> None:
    offers = load_offers()
    assert set(offers) == set(model.slugs)
    assert all(len(kinds) >= 4 for kinds in offers.values())
    asked = Counter((said.slugs[0], number) for said in (*load_told(), *load_asked()) for number in said.offers)
    assert set(asked) == {(slug, number) for slug, kinds in offers.items() for number in range(len(kinds))}


@pytest.mark.parametrize(
    ("text", "slug", "word"),
    [
        ("meter has run out and no wages till friday", "energy-bills", "vouchers"),
        ("can anybody come and stop the draughts in mams house", "energy-bills", "visit"),
        ("a course on looking after money", "budgeting", "courses"),
        ("my son uses every day and steals from me", "drugs", "famil"),
        ("bailiff took the car and its not even mine", "bailiffs", "wrongly taken"),
    ],
)
def test_within_a_topic_the_kind_of_help_is_told_from_everyday_words(
    model: TopicModel, text: str, slug: str, word: str
) -> None:
    assert word in likeliest(model, text, {slug: 0.9}).lower()


def test_chances_are_shared_out_among_the_topics_and_the_likelier_has_more(model: TopicModel) -> None:
    offers = model.offers("art group for anxiety", {"anxiety": 0.6, "creative-arts": 0.2, "food": 0.01})
    by_topic = Counter[str]()
    for (slug, _), chance in offers.items():
        by_topic[slug] += chance  # type: ignore[assignment]
    assert set(by_topic) == {"anxiety", "creative-arts"}
    assert by_topic["anxiety"] > by_topic["creative-arts"] > 0.2
    assert sum(by_topic.values()) <= 0.8 + 1e-6


def test_only_the_likeliest_topics_are_looked_into(model: TopicModel) -> None:
    shares = {slug: 0.1 + number / 1_000 for number, slug in enumerate(model.slugs[:8])}
    assert {slug for slug, _ in model.offers("somewhere to go", shares)} <= set(model.slugs[8 - MOST_TOPICS : 8])


@pytest.mark.parametrize("text", ["", "?!", "zzxq wvbk", "\x00", "a" * 10_000])
def test_words_that_say_nothing_are_harmless(model: TopicModel, text: str) -> None:
    chances = np.array(list(model.offers(text, {"food": 1.0}).values()))
    assert np.isfinite(chances).all()
    assert chances.sum() <= 1 + 1e-6
    assert model.offers(text, {}) == {}
    assert model.offers(text, {"of-ours-alone": 1.0}) == {}
