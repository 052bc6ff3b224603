"""Searches that are a name, over a real small index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from app.library.matching import WEIGHTS, Query, match, ranked
from app.library.named import MOST_WITH_ONE_NAME, Named, named
from app.library.offer_scores import OfferScores
from app.library.places import Point
from app.library.ranking import Standing
from app.library.topic_vectors import TopicVectors
from search_index import Document, Index, Snapshot, Writer
from search_index.analysis import stem

EVERYDAY = dict.fromkeys(
    map(stem, "housing advice bike debt line mental health team community harbour gate".split()), 0.5
)
LISTINGS = (
    ("Disrepair project", "Lintel Housing Advice", "Damp and mould."),
    ("Possession and notices", "Lintel Housing Advice", "Ask Lintel before the hearing."),
    ("Wexmoor community mental health team", "Northmoor NHS", "For people who are referred."),
    ("The Other Half", "The Veterans' Post", "For partners."),
    ("The Other Half monthly group", "Northmoor Relationships", ""),
    ("Advice line", "Money Matters", ""),
    ("Housing advice", "Another Council", "Housing advice for everybody, and more housing advice."),
    ("Bike bank", "Any Wheels", "Bikes."),
    ("Walks", "Strollers", "Fresh air, and advice on boots."),
)


def snapshot_of(folder: Path, listings: Sequence[tuple[str, str, str]] = LISTINGS) -> Snapshot:
    with Writer(folder) as writer:
        writer.rebuild(
            [
                Document(id=f"{name} / {organization}", name=name, organization=organization, description=told)
                for name, organization, told in listings
            ],
            sequence=1,
        )
    return Index(folder).snapshot()


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return snapshot_of(tmp_path_factory.mktemp("named"))


def order(snapshot: Snapshot, query: Query) -> list[str]:
    standing = Standing(snapshot, date(2026, 11, 28), WEIGHTS)
    matches = match(
        snapshot, query, vectors=TopicVectors(snapshot, {}), standing=standing, offers=OfferScores(snapshot)
    )
    numbers, _, _ = ranked(snapshot, matches, np.ones(snapshot.size, np.bool_), 10)
    return [snapshot.names[number] for number in numbers]


def find(snapshot: Snapshot, typed: str, without_place: str | None = None, mended: str = "") -> Named:
    return named(snapshot, typed, typed if without_place is None else without_place, mended, EVERYDAY)


def called(snapshot: Snapshot, *texts: str) -> list[str]:
    return sorted(snapshot.names[number] for number in find(snapshot, *texts).called)


@pytest.mark.parametrize(
    ("typed", "whose"),
    [
        ("disrepair project", ["Disrepair project"]),
        ("Other half", ["The Other Half"]),
        ("phone number for the veterans post please", ["The Other Half"]),
        ("contact for any wheels", ["Bike bank"]),
        ("lintel housing advice", ["Disrepair project", "Possession and notices"]),
        ("Disrepair Project, Lintel Housing Advice", ["Disrepair project"]),
        ("lintel housing advice disrepair project", ["Disrepair project"]),
        ("damp and mould", []),
        ("for the", []),
        ("", []),
        ("the " * 200, []),
    ],
)
def test_a_name_is_known_however_it_is_typed(snapshot: Snapshot, typed: str, whose: list[str]) -> None:
    assert called(snapshot, typed) == whose


def test_the_reading_with_its_place_comes_before_the_one_without(snapshot: Snapshot) -> None:
    assert called(snapshot, "any wheels", "other half") == ["Bike bank"]
    assert called(snapshot, "other half skelby", "other half") == ["The Other Half"]
    assert called(snapshot, "othr haf", "othr haf", "other half") == ["The Other Half"]


def test_a_place_that_is_of_the_name_says_nothing_of_where_help_is_wanted(tmp_path: Path) -> None:
    town, far = (54.70, -2.35), (54.95, -2.35)
    with Writer(tmp_path) as writer:
        writer.rebuild(
            [
                Document(id="far", name="Skelby Transport", points=(far,), tags=frozenset({"coverage:local"})),
                Document(id="near", name="Lifts", description="Transport.", points=(town,), tags=frozenset()),
            ],
            sequence=1,
        )
    snapshot = Index(tmp_path).snapshot()

    def first(typed: str, without_place: str) -> str:
        found = find(snapshot, typed, without_place)
        return order(snapshot, Query(words=without_place, topics={}, point=Point(*town), named=found))[0]

    assert first("skelby transport", "transport") == "Skelby Transport"
    # Here it was typed beside the name.
    assert first("skelby transport in skelby", "skelby transport") == "Lifts"


def test_what_many_are_called_is_a_thing_and_no_name(tmp_path: Path) -> None:
    banks = [("Food bank", f"Church {number}", "") for number in range(MOST_WITH_ONE_NAME + 1)]
    assert called(snapshot_of(tmp_path / "few", banks[1:]), "food bank")
    assert not called(snapshot_of(tmp_path / "many", banks), "food bank")


def shares(snapshot: Snapshot, typed: str) -> dict[str, float]:
    found = find(snapshot, typed)
    assert not found.whole
    return {snapshot.names[number]: round(share, 2) for number, share in found.shares.items()}


def test_a_word_that_only_one_organisation_has_names_it(snapshot: Snapshot) -> None:
    assert shares(snapshot, "lintel debt") == {"Disrepair project": 0.5, "Possession and notices": 0.5}
    assert shares(snapshot, "lintel advice") == {"Disrepair project": 1.0, "Possession and notices": 1.0}
    # Everyday words name nobody, whoever has them in a name.
    assert shares(snapshot, "my bike") == {}


def test_how_a_name_begins_names_it_where_little_else_is_called_so(tmp_path: Path) -> None:
    harbour = [(name, "Harbour Gate Abuse Service", "") for name in ("Refuge places", "Outreach")]
    told = [(f"Line {number}", f"Town {number}", "Debt advice.") for number in range(9)]
    snapshot = snapshot_of(tmp_path, [*harbour, ("Money", "Debt advice Skelby", ""), *told])
    assert shares(snapshot, "contact for the harbour gate") == {"Refuge places": 1.0, "Outreach": 1.0}
    # One word may say of what kind it is, others are said too often to be a name.
    assert shares(snapshot, "debt") == shares(snapshot, "debt advice") == {}


def test_most_of_a_name_names_it(snapshot: Snapshot) -> None:
    assert shares(snapshot, "community health team") == {"Wexmoor community mental health team": 0.6}
    assert shares(snapshot, "health team") == {}
    assert shares(snapshot, "community health team football") == {}


def test_who_is_named_comes_first_and_hides_nobody(snapshot: Snapshot) -> None:
    words = "lintel housing advice"
    without = Query(words=words, topics={})
    plain = order(snapshot, without)
    assert plain[0] == "Housing advice"
    lifted = order(snapshot, Query(words=words, topics={}, named=find(snapshot, words)))
    assert set(lifted[:2]) == {"Disrepair project", "Possession and notices"}
    assert set(lifted) == set(plain)
