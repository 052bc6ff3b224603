"""The quick arithmetic of the ranking gives what the plain one gives.

On a generated directory with everything in it: branches of chains, several places or none, deleted documents, ties.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from app.library.conditions import Conditions
from app.library.matching import WEIGHTS, Matches, Query, match, ranked
from app.library.offer_scores import OfferScores
from app.library.places import Places, Point
from app.library.ranking import Standing, best
from app.library.topic_vectors import AUDIENCES, MOST_TOPICS, TopicVectors, _with_company
from search_index import Document, Index, Snapshot, Writer
from tests.bench.corpus import documents, queries

SIZE = 700
TODAY = date(2026, 11, 23)
HERE = Point(53.9, -2.1)


def odd(document: Document, rng: random.Random) -> Document:
    """The document with more places and, for ties and folding, with fewer differences."""
    changes = {"chain": f"chain{rng.randint(1, 9)}"} if rng.random() < 0.3 else {}
    points = tuple((53 + rng.random() * 2, -3 + rng.random() * 2) for _ in range(rng.choice((0, 1, 1, 1, 2, 5))))
    return replace(document, points=points, checked_on=date(2026, 11, rng.randint(1, 2)), **changes)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder, rng = tmp_path_factory.mktemp("quick"), random.Random(5)
    made = [odd(document, rng) for document in documents(SIZE)]
    with Writer(folder) as writer:
        writer.rebuild(made, sequence=1)
        writer.apply(upserts=made[5:9], deletes=[document.id for document in made[40:60]], sequence=2)
    return Index(folder).snapshot()


def some_query(rng: random.Random, text: str, topics: list[str]) -> Query:
    return Query(
        words=text,
        mended=text[1:] if rng.random() < 0.2 else "",
        also=("food bank", "debt") if rng.random() < 0.3 else (),
        topics={topic: rng.random() / 3 for topic in rng.sample(topics, rng.choice((0, 1, 4, 12)))},
        point=HERE if rng.random() < 0.5 else None,
        conditions=Conditions((("reach:phone", 1.1),), (20, 20)) if rng.random() < 0.3 else Conditions(),
    )


def plainly(
    snapshot: Snapshot, matches: Matches, kept: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> tuple[list[int], Mapping[int, int]]:
    """All results in order and how many branches each stands for, one after the other."""
    rank = dict(zip(matches.numbers.tolist(), matches.rank.tolist(), strict=True))
    found: list[int] = []
    of_chain: dict[int, int] = {}
    branches: dict[int, int] = {}
    for number in sorted((n for n in rank if kept[n]), key=lambda n: (-rank[n], n)):
        chain = int(snapshot.chain[number])
        if chain >= 0 and chain in of_chain:
            branches[of_chain[chain]] = branches.get(of_chain[chain], 0) + 1
            continue
        of_chain[chain] = number
        found.append(number)
    return found, branches


@pytest.mark.parametrize("seed", range(6))
def test_the_best_folded_and_cut_are_those_of_a_plain_sort(snapshot: Snapshot, seed: int) -> None:
    rng = random.Random(seed)
    parents = {tag.removeprefix("topic:"): None for tag in snapshot.tags("topic:")}
    vectors, standing = TopicVectors(snapshot, parents), Standing(snapshot, TODAY, WEIGHTS)
    offers = OfferScores(snapshot)
    for text in (*queries(12, seed + 50), ""):
        matches = match(snapshot, some_query(rng, text, [*parents]), vectors=vectors, standing=standing, offers=offers)
        kept = np.array([rng.random() < 0.8 for _ in range(snapshot.size)])
        expected, branches = plainly(snapshot, matches, kept)
        for wanted in (1, 10, 20, 90, len(expected), 10**9):
            numbers, total, others = ranked(snapshot, matches, kept, wanted)
            assert total == len(expected)
            assert numbers == expected[:wanted]
            assert others == {n: branches[n] for n in numbers if n in branches}


@pytest.mark.parametrize("different", [1, 3, 1_000_000])
def test_the_best_of_many_scores(different: int) -> None:
    rng = np.random.default_rng(different)
    for size in (0, 1, 5, 700, 5_000):
        scores = rng.integers(0, different, size).astype(np.float32)
        order = np.lexsort((np.arange(size), -scores))
        for wanted in (1, 7, 60, size, size + 1):
            found = best(scores, wanted)
            assert (found == order[: len(found)]).all()
            assert len(found) >= min(wanted, size)


def test_each_service_is_as_near_as_its_nearest_place(snapshot: Snapshot) -> None:
    expected = np.full(snapshot.size, np.inf)
    for document, lat, lon in zip(snapshot.point_document, snapshot.latitude, snapshot.longitude, strict=True):
        north, east = math.radians(lat - HERE.latitude), math.radians(lon - HERE.longitude)
        apart = 6371.0 * math.hypot(north, east * math.cos(math.radians((lat + HERE.latitude) / 2)))
        expected[document] = min(expected[document], apart)
    everyone = np.arange(snapshot.size, dtype=np.int32)
    for numbers in (everyone, everyone[::3], everyone[:1], everyone[:0]):
        found = Places(snapshot).kilometres(HERE, numbers)
        assert found == pytest.approx(expected[numbers], rel=1e-5, abs=1e-4)


def stretch(slug: str) -> float:
    return 1.4**2 if slug in AUDIENCES else 1.0


def test_topics_are_the_softened_cosine_of_rare_and_common_topics(snapshot: Snapshot) -> None:
    parents = {tag.removeprefix("topic:"): None for tag in snapshot.tags("topic:")}
    shares = {"main": 1.0, "also": 0.8, "rule": 0.6}
    said: list[dict[str, float]] = [{} for _ in range(snapshot.size)]
    rarity: dict[str, float] = {}
    for slug in parents:
        having = {n: share for kind, share in shares.items() for n in snapshot.tagged(f"{kind}:{slug}").tolist()}
        rarity[slug] = max(
            0.5, (math.log((snapshot.size + 2) / (len(having) + 1)) / math.log(snapshot.size + 2)) ** 0.3
        )
        for number, share in having.items():
            said[number][slug] = share * rarity[slug]
    meant = {"food": 0.5, "housing": 0.2, "nothing we know": 0.3}
    wanted = {slug: weight * rarity.get(slug, 0.0) for slug, weight in _with_company(meant).items()}
    length = math.sqrt(sum(weight**2 for weight in wanted.values()))
    softening = 0.6 * sum(rarity.values()) / len(rarity)
    found = TopicVectors(snapshot, parents).scores(meant)
    for number, has in enumerate(said):
        dot = sum(wanted.get(slug, 0.0) * share for slug, share in has.items())
        expected = dot / length / (math.sqrt(sum(share**2 * stretch(slug) for slug, share in has.items())) + softening)
        assert found[number] == pytest.approx(expected, abs=1e-5)


def test_what_goes_with_a_topic_is_meant_a_little_as_well() -> None:
    found = _with_company({"bailiffs": 0.8})
    assert max(found, key=lambda slug: found[slug]) == "bailiffs"
    assert 0.4 < found["debt-advice"] / found["bailiffs"] < 1.0
    assert len(found) <= MOST_TOPICS
