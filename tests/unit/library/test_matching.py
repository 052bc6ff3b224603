"""Ranking over a real small index."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.library.conditions import Conditions
from app.library.matching import IN_LANGUAGE, WEIGHTS, Query, match, ranked, relevance_of
from app.library.offer_scores import OfferScores
from app.library.places import Places, Point
from app.library.ranking import Standing
from app.library.spoken import Language
from app.library.told_topics import sounding
from app.library.topic_vectors import TopicVectors
from app.library.whereabouts import where_so_called
from search_index import Document, Index, Snapshot, Writer
from search_index.lexicon import load_offers

TODAY = date(2026, 11, 23)
TOWN = Point(54.70, -2.35)
PARENTS = {"money": None, "food": "money", "debt-advice": "money", "mental-health": None, "depression": "mental-health"}
FOOD = frozenset({"main:food", "topic:food", "topic:money", "coverage:local"})
NEAR_MEANING_FOOD = Query(words="", topics={"food": 0.9}, point=TOWN)

Build = Callable[..., Snapshot]


def listing(
    name: str, *, km_north: float | None = 0.5, tags: Iterable[str] = FOOD, days: int = 30, **more: str
) -> Document:
    return Document(
        id=name,
        name=name,
        points=() if km_north is None else ((TOWN.latitude + km_north / 111.2, TOWN.longitude),),
        tags=frozenset(tags),
        checked_on=TODAY - timedelta(days=days),
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def built(*documents: Document) -> Snapshot:
        with Writer(tmp_path) as writer:
            writer.rebuild(documents, sequence=1)
        return Index(tmp_path).snapshot()

    return built


def made_for(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "vectors": TopicVectors(snapshot, PARENTS),
        "standing": Standing(snapshot, TODAY, WEIGHTS),
        "offers": OfferScores(snapshot),
    }


def order(snapshot: Snapshot, query: Query) -> list[str]:
    matches = match(snapshot, query, **made_for(snapshot))
    numbers, total, _ = ranked(snapshot, matches, np.ones(snapshot.size, np.bool_), 100)
    assert total == len(numbers)
    return [snapshot.ids[number] for number in numbers]


def test_the_nearer_of_two_alike_comes_first_and_the_far_one_stays(build: Build) -> None:
    snapshot = build(listing("far", km_north=40), listing("near", km_north=1), listing("middle", km_north=8))
    assert order(snapshot, NEAR_MEANING_FOOD) == ["near", "middle", "far"]


def test_help_without_a_place_is_not_lost_from_a_local_search(build: Build) -> None:
    helpline = listing("helpline", km_north=None, tags=FOOD - {"coverage:local"} | {"coverage:national", "reach:phone"})
    far = [listing(f"far {n}", km_north=60 + n) for n in range(5)]
    assert order(build(*far, listing("near", km_north=2), helpline), NEAR_MEANING_FOOD)[:2] == ["near", "helpline"]


def test_a_regional_service_is_near_from_further_away(build: Build) -> None:
    regional = listing("regional", km_north=20, tags=FOOD - {"coverage:local"} | {"coverage:regional"})
    assert order(build(listing("local", km_north=18), regional), NEAR_MEANING_FOOD) == ["regional", "local"]


def test_the_right_topic_further_away_beats_a_chance_word_next_door(build: Build) -> None:
    other = listing("food chain safety", km_north=0.1, tags={"main:depression", "topic:depression", "coverage:local"})
    snapshot = build(other, listing("pantry", km_north=3))
    assert order(snapshot, Query(words="no food", topics={"food": 0.9}, point=TOWN))[0] == "pantry"


def test_main_topic_before_also_before_rule_before_parent(build: Build) -> None:
    snapshot = build(
        listing("parent", tags={"main:money", "topic:money"}),
        listing("rule", tags={"rule:food", "topic:food"}),
        listing("also", tags={"also:food", "topic:food"}),
        listing("main"),
    )
    assert order(snapshot, NEAR_MEANING_FOOD) == ["main", "also", "rule", "parent"]


def test_an_old_unconfirmed_full_or_closed_listing_sinks(build: Build) -> None:
    snapshot = build(
        listing("over", tags=FOOD | {"state:over"}),
        listing("closed", tags=FOOD | {"state:closed"}),
        listing("full", tags=FOOD | {"accepting:no"}),
        listing("old", days=500),
        listing("unconfirmed", tags=FOOD | {"state:stale"}),
        listing("fresh"),
    )
    assert order(snapshot, NEAR_MEANING_FOOD) == ["fresh", "old", "unconfirmed", "full", "closed", "over"]


def test_a_name_typed_whole_comes_first_whatever_its_topic(build: Build) -> None:
    named = listing("Larkspur House", tags={"main:depression", "topic:depression"})
    others = [listing(f"house number {n}") for n in range(20)]
    assert order(build(*others, named), Query(words="larkspur house", topics={"food": 0.2}))[0] == "Larkspur House"


def test_a_word_said_of_everything_counts_less_than_one_that_points_at_something(build: Build) -> None:
    snapshot = build(
        listing("a trust", description="Lost gardens, lost parks, lost orchards."),
        listing("b group", description="For people who were widowed young. Other words stand here as well."),
        *(listing(f"other {n}") for n in range(5)),
    )
    query = Query(words="lost widowed", topics={})
    assert order(snapshot, query)[0] == "a trust"
    assert order(snapshot, replace(query, clarity={"lost": 0.2}))[0] == "b group"
    # It may be all that was typed.
    assert order(snapshot, Query(words="lost", topics={}, clarity={"lost": 0.01})) == ["a trust"]


def test_words_that_are_all_vague_do_not_outdo_the_topic(build: Build) -> None:
    chance, right = listing("making ends meet"), listing("a quiet group", tags={"main:depression"})
    snapshot = build(chance, right, *(listing(f"other {n}") for n in range(5)))
    query = Query(words="making", topics={"depression": 0.2})
    assert order(snapshot, query)[0] == "making ends meet"
    assert order(snapshot, replace(query, clarity={"make": 0.2}))[0] == "a quiet group"


def test_one_chance_word_of_many_is_no_hit_also_where_no_listing_has_the_others(build: Build) -> None:
    gardens = listing("gardens", tags=(), description="Existing and lost gardens.")
    snapshot = build(gardens, *(listing(f"other {n}", tags=()) for n in range(5)))

    def relevance(words: str) -> float:
        return float(relevance_of(snapshot, Query(words=words, topics={}), TopicVectors(snapshot, PARENTS), WEIGHTS)[0])

    assert relevance("lost") == pytest.approx(1.0)
    assert relevance("lost zebra xylophone quagga") < 0.7


def test_branches_of_a_chain_fold_into_the_best(build: Build) -> None:
    snapshot = build(
        listing("far branch", km_north=9, chain="bank"),
        listing("near branch", km_north=1, chain="bank"),
        listing("other", km_north=2),
    )
    matches = match(snapshot, NEAR_MEANING_FOOD, **made_for(snapshot))
    numbers, total, branches = ranked(snapshot, matches, np.ones(3, np.bool_), 10)
    assert [snapshot.ids[number] for number in numbers] == ["near branch", "other"]
    assert total == 2
    assert list(branches.values()) == [1]


def test_no_words_and_no_topics_is_everything(build: Build) -> None:
    assert set(order(build(listing("a"), listing("b")), Query(words="", topics={}))) == {"a", "b"}


def test_what_fits_nothing_finds_nothing(build: Build) -> None:
    assert order(build(listing("a")), Query(words="zebra", topics={})) == []


def test_distances_agree_with_the_sphere(build: Build) -> None:
    # Sale (53.4246, -2.3222) to Manchester Town Hall (53.4794, -2.2453): 7.93 km by the haversine formula.
    snapshot = build(Document(id="x", name="x", points=((53.4794, -2.2453), (60.0, 0.0))), Document(id="y", name="y"))
    kilometres = Places(snapshot).kilometres(Point(53.4246, -2.3222), np.arange(2, dtype=np.int32))
    assert kilometres[0] == pytest.approx(7.93, abs=0.03)
    assert np.isinf(kilometres[1])


def test_a_service_of_two_meant_topics_before_one_of_either(build: Build) -> None:
    both = listing("both", tags={"main:food", "also:depression", "coverage:local"})
    one, other = listing("one"), listing("other", tags={"main:depression", "coverage:local"})
    assert order(build(one, other, both), Query(words="", topics={"food": 0.4, "depression": 0.4}))[0] == "both"


def test_pages_of_equals_neither_repeat_nor_lose_any(build: Build) -> None:
    # Places in the ranking are shared by every seventh: a tie lies across the edge of most pages.
    snapshot = build(*(listing(f"group {number}", days=100 + 30 * (number % 7)) for number in range(150)))
    matches = match(snapshot, NEAR_MEANING_FOOD, **made_for(snapshot))
    everything = np.ones(snapshot.size, np.bool_)
    pages = [ranked(snapshot, matches, everything, 10 * page)[0][10 * page - 10 :] for page in range(1, 16)]
    shown = [number for page in pages for number in page]
    assert sorted(shown) == list(range(150))


def test_words_alone_are_enough_where_nobody_stated_a_topic(build: Build) -> None:
    plain = {"coverage:local"}
    snapshot = build(
        listing("silent", tags=plain),
        listing("faint", tags=plain | {"told0:food"}),
        listing("loud", tags=plain | {"told3:food"}),
    )
    assert order(snapshot, NEAR_MEANING_FOOD) == ["loud", "faint"]
    assert sounding(snapshot, [snapshot.number("loud") or 0], ["food", "money"]) == [("food",)]


def test_a_service_for_the_other_sex_or_another_age_sinks_but_not_one_for_the_family(build: Build) -> None:
    snapshot = build(
        listing("women", tags=FOOD | {"for:women"}),
        listing("adults", tags=FOOD, minimum_age=18),  # type: ignore[arg-type]
        listing("parents", tags=FOOD | {"also:parenting"}, minimum_age=18),  # type: ignore[arg-type]
        listing("teens", tags=FOOD, minimum_age=11, maximum_age=17),  # type: ignore[arg-type]
    )
    asked = replace(NEAR_MEANING_FOOD, conditions=Conditions(ages=(15, 15), by_relative=True))
    assert order(snapshot, asked)[0] == "teens"
    assert order(snapshot, asked)[-1] == "adults"
    assert order(snapshot, replace(asked, conditions=Conditions(not_for="for:women")))[-1] == "women"


def test_who_speaks_the_language_comes_first_stated_before_named_in_the_text(build: Build) -> None:
    snapshot = build(
        listing("plain"),
        listing("stated", tags=FOOD | {"lang:ne"}),
        listing("named", description="Our Nepali cooks."),
        listing("elsewhere", tags={"main:debt-advice", "lang:ne"}),
    )
    nepali = (Language("ne", ("nepali", "nepalese")),)
    query = Query(words="", topics={"food": 0.9}, point=None, languages=nepali)
    assert order(snapshot, query) == ["stated", "named", "plain", "elsewhere"]
    scores = relevance_of(snapshot, query, TopicVectors(snapshot, PARENTS), WEIGHTS)
    assert scores[snapshot.ids.index("elsewhere")] < 0.7 * float(IN_LANGUAGE)
    alone = replace(query, topics={"depression": 0.5}, language_alone=True)
    assert sorted(order(snapshot, alone)[:2]) == ["elsewhere", "stated"]
    assert order(snapshot, alone)[2:] == ["named"]


def test_what_no_topic_is_for_is_found_by_what_listings_call_it(build: Build) -> None:
    snapshot = build(
        listing("surgery", tags=(), description="Park health centre, a practice with four partners."),
        listing("arts centre", tags=(), description="The centre of the town for all that is painted."),
        listing("chance", tags=(), description="We find what you need."),
        listing("food bank"),
    )
    query = Query(
        words="find a gp", topics={"food": 0.09}, point=None, listed=("health centre", "sti"), listed_alone=True
    )
    assert order(snapshot, query)[0] == "surgery"
    assert "arts centre" not in order(snapshot, query)
    # One name for it may stand anywhere by chance; two hardly do.
    both = replace(query, listed=("partners", "practice", "painted"))
    scores = relevance_of(snapshot, both, TopicVectors(snapshot, PARENTS), WEIGHTS)
    names = [snapshot.ids[place] for place in np.argsort(-scores)[:2]]
    assert names == ["surgery", "arts centre"]
    assert scores[snapshot.ids.index("arts centre")] < 0.75
    nobody = replace(query, words="std check", listed=("gum clinic",))
    assert order(snapshot, nobody)[0] == "food bank"


def test_a_refused_word_sinks_what_tells_it_of_itself(build: Build) -> None:
    snapshot = build(listing("St Mary", description="Lunch in the church."), listing("Hall", description="Lunch here."))
    assert order(snapshot, NEAR_MEANING_FOOD)[0] == "St Mary"
    refused = replace(NEAR_MEANING_FOOD, conditions=Conditions(refused=("church",)))
    assert order(snapshot, refused) == ["Hall", "St Mary"]


def test_a_short_name_for_a_thing_is_no_beginning_of_another_word(build: Build) -> None:
    snapshot = build(listing("knitting", description="Stitch and knit."), listing("clinic", description="STI tests."))
    query = Query(words="std", topics={}, point=None, listed=("sti",), listed_alone=True)
    assert order(snapshot, query) == ["clinic"]


PORTAL = frozenset({"coverage:national", "reach:online", "state:portal"})
ENGLISH_LINE = frozenset({"coverage:national", "reach:phone", "area:england", "main:food"})


def test_a_name_with_a_word_that_text_is_not_indexed_with_is_found_in_text(build: Build) -> None:
    snapshot = build(
        listing("Kitchen", description="Meals on wheels, brought hot to the door."),
        listing("Garage", description="Wheels and tyres."),
    )
    query = Query(words="hot dinners", topics={}, listed=("meals on wheels",), listed_alone=True)
    assert order(snapshot, query) == ["Kitchen"]


def test_what_is_called_so_comes_before_a_mention_and_before_a_website_for_everything(build: Build) -> None:
    snapshot = build(
        listing("Find a dentist, pharmacy or clinic", tags=PORTAL, km_north=None, description="Pharmacy, chemist."),
        listing("Carrow pharmacy", tags=(), description="Open late."),
        listing("Lifts", tags=(), description="We take you to the pharmacy or the chemist, and home again."),
    )
    query = Query(words="chemist", listed=("pharmacy", "chemist"), listed_alone=True, topics={})
    assert order(snapshot, query)[0] == "Carrow pharmacy"
    alone = build(listing("Find a pharmacy", tags=PORTAL, km_north=None), listing("Choir", tags=()))
    assert order(alone, query) == ["Find a pharmacy"]


@pytest.mark.parametrize(
    ("point", "first"),
    [
        ((54.70, -2.35), "Line"),  # the north of England
        ((55.95, -3.19), "Local"),  # Edinburgh
        ((51.48, -3.18), "Local"),  # Cardiff
        ((25.76, -80.19), "Local"),  # Miami
    ],
)
def test_a_line_of_another_nation_comes_after_what_is_here(
    build: Build, point: tuple[float, float], first: str
) -> None:
    local = replace(listing("Local", tags=FOOD - {"main:food"} | {"also:food"}), points=(point,))
    snapshot = build(listing("Line", tags=ENGLISH_LINE, km_north=None), local)
    assert order(snapshot, Query(words="", topics={"food": 0.9}))[0] == first


def test_of_a_place_that_only_listings_name_those_come_first_and_what_is_elsewhere_comes_last(build: Build) -> None:
    snapshot = build(
        listing("elsewhere", places="Hull"),
        listing("no place", km_north=None),
        listing("there", km_north=None, places="12 Flagler Street, Hialeah Park"),
    )
    asked = replace(NEAR_MEANING_FOOD, point=None, place_name="hialeah park")
    assert order(snapshot, asked) == ["there", "no place", "elsewhere"]
    # Where no listing names it, it says nothing of any.
    nowhere = order(snapshot, replace(asked, place_name=""))
    assert order(snapshot, replace(asked, place_name="Hialeah Gardens")) == nowhere


def test_a_place_in_no_table_is_where_the_library_and_the_council_called_after_it_are(build: Build) -> None:
    snapshot = build(
        listing("Craigmillar Library", km_north=3),
        listing("Craigmillar and Bingham Community Council", km_north=None),
        listing("London Road Nursery", km_north=2),
        listing("Victoria Primary School", km_north=1),
        listing("Victoria Medical Centre", km_north=60),
        listing("Craigmillar Castle", km_north=40),
    )
    found = where_so_called(snapshot, " craigmillar ")
    assert found is not None
    assert found.latitude == pytest.approx(TOWN.latitude + 3 / 111.2)
    assert where_so_called(snapshot, "London") is None  # a street
    assert where_so_called(snapshot, "Victoria") is None  # two places
    assert where_so_called(snapshot, "Library") is None


def test_who_lives_beside_dementia_is_no_first_help_for_who_lives_beside_drink(build: Build) -> None:
    around = FOOD | {"for:relatives"}
    snapshot = build(listing("dementia", tags=around | {"topic:dementia"}), listing("drink", tags=around))
    asked = Conditions((("for:relatives", 2.0),), states=("alcohol",), other_states=("dementia",))
    query = Query(words="", topics={"food": 0.9}, conditions=asked)
    assert order(snapshot, query) == ["drink", "dementia"]
    scores = match(snapshot, query, **made_for(snapshot)).of([0, 1])[0]
    without = match(snapshot, replace(query, conditions=replace(asked, states=())), **made_for(snapshot)).of([0, 1])[0]
    lower = [score < unheeded for score, unheeded in zip(scores, without, strict=True)]
    assert lower == [name == "dementia" for name in (snapshot.ids[0], snapshot.ids[1])]


def test_within_a_topic_the_kind_of_help_asked_for_comes_first(build: Build) -> None:
    snapshot = build(
        listing("Club", description="Porridge and company for all who come."),
        listing("Parcels", description="Volunteers deliver food parcels to people who are housebound."),
        *(listing(f"Room {number}", tags=("main:housing",)) for number in range(8)),
    )
    parcels = next(("food", n) for n, offer in enumerate(load_offers()["food"]) if "delivery" in offer.title.lower())
    query = Query(words="", topics={"food": 0.9})
    asked = replace(query, offers={parcels: 0.95})
    assert order(snapshot, query)[:2] == ["Club", "Parcels"]
    assert order(snapshot, asked)[:2] == ["Parcels", "Club"]
    plain, offering = (match(snapshot, one, **made_for(snapshot)) for one in (query, asked))
    assert offering.offering([0, 1]) == [False, True]
    assert plain.offering([0, 1]) == [False, False]


def test_of_very_many_called_so_the_nearest_comes_first_however_long_its_name(build: Build) -> None:
    none: frozenset[str] = frozenset()
    many = [listing(f"Dental {number}", km_north=4 + number / 10, tags=none) for number in range(60)]
    snapshot = build(listing("Dental Group and Surgery of the Old Mill Lane", km_north=0.2, tags=none), *many)
    query = Query(words="dentist", listed=("dentist", "dental"), listed_alone=True, topics={}, point=TOWN)
    assert order(snapshot, query)[:2] == ["Dental Group and Surgery of the Old Mill Lane", "Dental 0"]
