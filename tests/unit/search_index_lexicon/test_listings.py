"""Topics of listings, heard in the words of organisations."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from app.directory.topic_model import topic_model, topic_tree
from app.library.told_topics import told_tags
from search_index.lexicon import TopicModel
from search_index.lexicon.listings import Listing, ListingModel, heard_by_both, load_listings, text_of
from search_index.lexicon.offers import load_offers
from search_index.lexicon.service_topics import is_over
from tests.relevance.topics import filed


@pytest.fixture(scope="module")
def model() -> TopicModel:
    return topic_model()


def test_the_written_listings_are_whole() -> None:
    listings = load_listings()
    labels, _ = topic_tree()
    main = Counter(listing.slugs[0] if listing.slugs else "none" for listing in listings)
    assert set(main) == {*labels, "none"}
    assert min(main.values()) >= 70
    assert main["none"] >= 700
    assert {slug for listing in listings for slug in listing.slugs} <= set(labels)
    assert all(len(set(listing.slugs)) == len(listing.slugs) <= 5 for listing in listings)
    texts = [listing.text.casefold() for listing in listings]
    assert len(set(texts)) == len(texts)


def test_none_of_the_measurement_is_learned() -> None:
    learned = {listing.text.casefold() for listing in load_listings()}
    assert not learned & {listing.text.casefold() for listing in filed()}


def test_unseen_listings_are_filed_as_an_adviser_would(model: TopicModel) -> None:
    given = [
        ({guess.slug for guess in model.topics_of_service(one.name, one.description)}, one.slugs) for one in filed()
    ]
    right = sum(len(found & {*slugs}) for found, slugs in given)
    assert right / sum(len(found) for found, _ in given) >= 0.9
    assert right / sum(len(slugs) for _, slugs in given) >= 0.6
    assert sum(bool(found) for found, slugs in given if not slugs) <= 0.2 * sum(not slugs for _, slugs in given)


@pytest.mark.parametrize(
    ("name", "description", "slug"),
    [
        ("The Wexley Trust", "Relief of persons in necessitous circumstances by grants or items.", "emergency-grants"),
        ("Lantern House", "For those who have served in HM Forces and their dependants.", "armed-forces"),
        ("The Anchor", "Fellowship for individuals in recovery from addiction to drink.", "substance-use"),
    ],
)
def test_what_organisations_say_and_people_do_not(model: TopicModel, name: str, description: str, slug: str) -> None:
    assert slug in [guess.slug for guess in model.topics_of_service(name, description)]


def test_what_no_topic_is_for_is_filed_under_none(model: TopicModel) -> None:
    for name, description in (
        ("Marlow Heath Infant School PTA", "Raising funds to support the education of the pupils."),
        ("Ridley Vale Conservation Society", "Conservation of old buildings and the character of the town."),
        ("North Moor Childminding Group", "Support and training for childminders, and young children at play."),
    ):
        assert "young-carers" not in [guess.slug for guess in model.topics_of_service(name, description)]
        assert model.listed(name, description).sum() < 0.8


@pytest.mark.parametrize(
    ("description", "over"),
    [
        ("This group is now closed", True),
        ("Not currently active", True),
        ("Charity currently generates no activities or services.", True),
        ("The club was wound up in 2019.", True),
        ("We no longer meet; ring the Hub.", True),
        ("We no longer meet at the library but in the hall.", False),
        ("The club has ceased.", True),
        ("Dormant", True),
        ("The centre is closed on Sundays.", False),
        ("The group is now closed to new members.", False),
        ("Chair exercise for older people who are inactive.", False),
        ("For people who are wound up, or whose payments have ceased.", False),
        ("Buses for villages that have no services.", False),
        ("For people whose workplace has closed down.", False),
        ("Company for those who are no longer active.", False),
        ("For people no longer in full time employment.", False),
        ("For people who are not active and would like to be.", False),
        ("Closed on bank holidays. There are no services fees.", False),
        ("A group for all who have been made redundant.", False),
        ("", False),
    ],
)
def test_what_says_that_it_has_ended(description: str, over: bool) -> None:
    assert is_over(description) is over


@pytest.mark.parametrize(
    ("name", "over"),
    [
        ("Lunch club (CLOSED)", True),
        ("Lunch club - now closed", True),
        ("Lunch club – ceased", True),
        ("*CLOSED* Lunch club", True),
        ("Closed group for survivors", False),
        ("Doors: never closed", False),
        ("Lunch club", False),
    ],
)
def test_who_is_called_closed_has_ended(name: str, over: bool) -> None:
    assert is_over("Lunch each Friday.", name) is over


def test_no_written_listing_says_so() -> None:
    assert not [listing for listing in load_listings() if is_over(listing.description)]


def test_only_what_is_known_of_topics_is_learned() -> None:
    """Listings of topics that the model does not know are not taken for listings of no topic."""
    listings = [
        *(Listing(f"Club {number}", "bread and soup", ("food",)) for number in range(9)),
        *(Listing(f"Club {number}", "loans and letters", ("debt", "food")) for number in range(9)),
        *(Listing(f"Club {number}", "bells of steam", ()) for number in range(9)),
        *(Listing(f"Club {number}", "gardens of roses", ("gardens",)) for number in range(9)),
    ]
    learned = ListingModel.train(["debt", "food"], listings, {"gardens": load_offers()["gardening-nature"]})
    debt, food = learned.shares("Club", "loans and letters")
    assert debt > food > 0.1
    assert learned.shares("Club", "bells of steam").sum() < 0.2
    assert "wrose" not in learned.known.numbers
    assert learned.memory > 0


def test_a_topic_that_was_taught_counts_by_the_words_of_people_alone() -> None:
    people, organisations = np.array([0.9, 0.0, 0.5], np.float32), np.array([0.0, 0.9], np.float32)
    found = heard_by_both(people, organisations)
    assert found[2] == people[2]
    assert max(found[:2]) < 0.1
    assert heard_by_both(people, np.array([0.9, 0.0], np.float32))[0] == pytest.approx(0.9, abs=0.01)


def test_the_name_is_read_with_the_description() -> None:
    assert text_of("Age Well", "Tea.") == "Age Well. Tea."


def test_a_title_before_a_name_is_short_for_nothing(model: TopicModel) -> None:
    assert model.topics_of_service("Mr A Wood", "") == model.topics_of_service("Ms A Wood", "") == []
    assert not any("benefit-appeals" in tag for tag in told_tags("Mr A Wood", ""))
    assert [found.slug for found in model.topics_of_service("MS Society, Wexmoor", "")][:1] == ["long-term-conditions"]
