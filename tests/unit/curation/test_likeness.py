"""Which two listings seem to be the same, and which only look like it."""

from __future__ import annotations

import random
import time
from typing import Any
from uuid import uuid4

import pytest

from app.directory.codes import NameLikeness, Shared
from app.directory.curation.likeness import Sketch, alike, telephone, web_page, words_of

# Names of a town, so that its own name weighs little.
TOWN = [
    Sketch(uuid4(), f"Wexmoor {kind} {what}", f"Owner of {kind} {what}", "town")
    for kind in ("Men's", "Women's", "Young", "Saturday", "Northfield", "Harbour")
    for what in ("walking group", "food pantry", "choir", "debt advice", "counselling", "carers centre")
]


def sketch(name: str, organization: str = "", source: str | None = None, **has: Any) -> Sketch:
    return Sketch(
        uuid4(),
        name,
        organization or f"Owner {uuid4()}",
        source,
        **{key: frozenset({what}) for key, what in has.items()},
    )


def why(one: Sketch, two: Sketch) -> tuple[NameLikeness, set[Shared]] | None:
    found = [
        likeness for first, second, likeness in alike([*TOWN, one, two]) if {first.id, second.id} == {one.id, two.id}
    ]
    return (found[0].name, set(found[0].shared)) if found else None


@pytest.mark.parametrize(
    ("one", "two", "how"),
    [
        ("St. Mary's Foodbank", "St Marys Food Bank", NameLikeness.SAME),
        ("Saint Mary’s food bank", "ST MARYS FOODBANK LTD", NameLikeness.SAME),
        ("Citizens Advice Wexmoor", "Wexmoor Citizens Advice", NameLikeness.ALMOST),
        ("Citizens Advice Wexmoor", "Wexmoor Citizens Advice Bureau", NameLikeness.SIMILAR),
        ("Talk, Listen, Change (TLC)", "TLC: talk listen change", NameLikeness.SAME),
        ("Kettlewell Counseling", "Kettlewel Counselling Service", NameLikeness.SIMILAR),
        ("Lantern Autism Society", "Lantern Autism Society (LAS)", NameLikeness.SAME),
    ],
)
@pytest.mark.parametrize(
    ("shared", "value"),
    [("phones", "01632960001"), ("emails", "a@b.example"), ("web_pages", "b.example/help"), ("postcodes", "WX1 1AA")],
)
def test_a_near_name_and_something_in_common(one, two, how, shared, value):
    found = why(sketch(one, **{shared: value}), sketch(two, **{shared: value}))
    assert found is not None
    assert found[0] is how


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Wexmoor Men's walking group", "Wexmoor Women's walking group"),
        ("Kettle Hall Tuesday club", "Kettle Hall Thursday club"),
        ("Lantern group 1", "Lantern group 2"),
        ("Salvation Army Carrow", "Salvation Army Skelby"),
        ("Debt advice", "Harbour choir"),
    ],
)
def test_names_that_each_say_something_of_their_own_are_two(one, two):
    shared = {"phones": "01632960001", "emails": "a@b.example", "postcodes": "WX1 1AA"}
    assert why(sketch(one, **shared), sketch(two, **shared)) is None


def test_many_meet_in_one_hall():
    """A name within a longer one is not enough where only the postcode is common."""
    hall = {"postcodes": "WX1 1AA"}
    assert why(sketch("Lantern Kettle", **hall), sketch("Lantern Kettle dementia service", **hall)) is None


def test_the_services_of_one_organisation_share_its_telephone_and_a_part_of_its_name():
    one = sketch("Lantern Trust", "Lantern Trust", phones="01632960001")
    two = sketch("Lantern Trust befriending", "Lantern Trust", phones="01632960001")
    assert why(one, two) is None
    assert why(one, sketch("The Lantern Trust", "Lantern Trust")) == (NameLikeness.SAME, {Shared.ORGANIZATION})


def test_branches_of_a_chain_are_several_and_the_same_place_in_two_feeds_is_one():
    def branch(source: str, postcode: str) -> Sketch:
        return sketch("Lantern", "Lantern", source, emails="a@b.example", phones="01632960001", postcodes=postcode)

    assert why(branch("feed", "WX1 1AA"), branch("feed", "WX2 2BB")) is None
    assert why(branch("feed", "WX1 1AA"), branch("other", "WX2 2BB")) is not None
    assert why(branch("feed", "WX1 1AA"), branch("feed", "WX1 1AA")) is not None


def test_a_website_alone_does_not_join_two_towns():
    one = sketch("Lantern Kettle", web_pages="b.example", postcodes="WX1 1AA")
    assert why(one, sketch("Lantern Kettle", web_pages="b.example", postcodes="WX6 2BB")) is None
    assert why(one, sketch("Lantern Kettle", web_pages="b.example", postcodes="WX1 2BB")) is not None


def test_a_rare_name_is_enough_where_one_of_the_two_says_nothing_else():
    one = sketch("Citizens Advice Wexmoor", phones="01632960001", postcodes="WX1 1AA")
    assert why(one, sketch("Wexmoor Citizens Advice Bureau")) == (NameLikeness.SIMILAR, set())
    assert why(one, sketch("Wexmoor Citizens Advice Bureau", phones="01632960002")) is None
    assert why(sketch("Wexmoor choir"), sketch("Choir Wexmoor", phones="01632960001")) is None


def test_an_organisation_in_the_name_is_no_difference():
    assert why(
        sketch("Kettlewell counselling", "Kettlewell", phones="01632960001"),
        sketch("Counselling", "Another feed's Kettlewell", phones="01632960001"),
    )


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("+44 (0)1632 960001", "01632960001"),
        ("0044 1632 960 001", "01632960001"),
        ("01632-960001", "01632960001"),
        ("999", ""),
        ("", ""),
    ],
)
def test_a_telephone_number_however_it_is_written(typed, read):
    assert telephone(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("https://www.B.example/help/?from=us#top", "b.example/help"),
        ("http://b.example/index.html", "b.example"),
        ("b.example/", "b.example"),
        ("none", ""),
        ("", ""),
    ],
)
def test_a_web_page_however_it_is_written(typed, read):
    assert web_page(typed) == read


def test_a_name_in_other_letters_or_of_fillers_only_is_compared_without_harm():
    assert words_of("The") == ("the",)
    assert why(sketch("水", phones="01632960001"), sketch("火", phones="01632960001")) is None


def test_ten_thousand_listings_take_seconds_even_where_they_share_one_switchboard():
    chance = random.Random(7)
    words = [f"word{number}" for number in range(3000)]
    many = [
        sketch(" ".join(chance.sample(words, 3)), phones="01632960001", postcodes=f"WX1 {number % 9}AA")
        for number in range(10_000)
    ]
    begun = time.process_time()
    alike(many)
    assert time.process_time() - begun < 10
