"""Names that are known everywhere."""

from __future__ import annotations

import pytest

from app.directory.topic_model import topic_model
from search_index.lexicon.expansion import rows
from search_index.lexicon.known_names import known_name


@pytest.mark.parametrize(
    ("name", "topic", "rest"),
    [
        ("Citizens Advice Stockport", "debt-advice", "stockport"),
        ("CRUSE Bereavement Support", "grief", "bereavement support"),
        ("Tameside Women's Aid", "domestic-abuse", "tameside"),
        ("Urmston Men in Sheds", "mens-groups", "urmston"),
        ("South Kent Mind", "mental-health", "south kent"),
        ("Mind in Tower Hamlets and Newham", "mental-health", "tower hamlets and newham"),
        ("BRENT, WANDSWORTH AND WESTMINSTER MIND", "mental-health", "brent, wandsworth and westminster"),
        ("The Salvation Army, Openshaw", "homelessness", "the openshaw"),
    ],
)
def test_a_known_name_says_what_it_is_for(name: str, topic: str, rest: str) -> None:
    known = known_name(name)
    assert topic in known.topics
    assert known.rest == rest


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Peace of Mind",
        "Open Mind",
        "losing my mind",
        "what is on my Mind",
        "Mind",
        "Age of Steam Museum",
        "Advice",
        "Related Arts",
        "Salvationists",
    ],
)
def test_other_names_are_left_as_they_are(name: str) -> None:
    assert known_name(name) == ((), name)


def test_the_list_names_only_topics_that_there_are() -> None:
    slugs = set(topic_model().slugs) | set(topic_model().parents)
    assert {slug for _, topics in rows("known_names.tsv") for slug in topics.split(",")} <= slugs


def test_a_service_with_a_known_name_is_given_its_topics_and_no_army() -> None:
    model = topic_model()
    advice = [guess.slug for guess in model.topics_of_service("Citizens Advice Stockport", "")]
    assert set(advice) == {"benefits", "debt-advice", "legal-advice"}
    army = [guess.slug for guess in model.topics_of_service("Salvation Army Openshaw", "A church and charity.")]
    assert "armed-forces" not in army
