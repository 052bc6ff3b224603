"""Our scores are Whoosh's BM25F, on the same index."""

import random
from pathlib import Path

import numpy as np
import pytest
from whoosh import query, scoring
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from search_index import Document, Index, QueryTerms, Snapshot, Writer
from search_index.pointer import read_pointer
from search_index.schema import K1, TEXT_FIELDS

WORDS = ["debt", "advice", "housing", "rent", "peer", "support", "group", "carers", "walking", "women", "food", "bank"]
RARE = [f"rare{chr(97 + n // 8)}{chr(97 + n % 8)}" for n in range(64)]


def some_text(rng: random.Random, longest: int) -> str:
    return " ".join(rng.choice(WORDS if rng.random() < 0.8 else RARE) for _ in range(rng.randint(0, longest)))


def some_document(rng: random.Random, number: int) -> Document:
    return Document(
        id=f"id{number}",
        name=some_text(rng, 5) or "a",
        alternate_name=some_text(rng, 2),
        organization=some_text(rng, 4),
        topics=some_text(rng, 4),
        description=some_text(rng, 300 if number % 17 == 0 else 40),
        eligibility=some_text(rng, 10),
        places=some_text(rng, 3),
        sessions=some_text(rng, 8) if number % 5 == 0 else "",
        tags=frozenset({f"kind:{number % 3}", "all"}),
    )


def whoosh_scores(folder: Path, terms: QueryTerms) -> dict[str, float]:
    commit = read_pointer(folder)
    generation = folder / commit.folder
    index = FileIndex(FileStorage(str(generation)))
    bs = {f"{field}_B": b for field, (_, b) in TEXT_FIELDS.items()}
    wanted = query.Or(
        [
            query.Term(field, term, boost=weight * boost)
            for term, boost in terms.terms
            for field, (weight, _) in TEXT_FIELDS.items()
        ]
    )
    with index.searcher(weighting=scoring.BM25F(K1=K1, **bs)) as searcher:
        results = searcher.search(wanted, limit=None)
        found = [(results.docnum(n), results.score(n)) for n in range(results.scored_length())]
    ids = Index(folder).snapshot().ids
    return {ids[number]: score for number, score in found}


def our_scores(snapshot: Snapshot, terms: QueryTerms) -> dict[str, float]:
    documents, scores = snapshot.text_scores(terms)
    assert documents.dtype == np.int32
    assert scores.dtype == np.float32
    assert (np.diff(documents) > 0).all()
    return {snapshot.ids[number]: float(score) for number, score in zip(documents, scores, strict=True)}


def changed_index(folder: Path, seed: int, size: int) -> Snapshot:
    rng = random.Random(seed)
    with Writer(folder) as writer:
        writer.rebuild((some_document(rng, n) for n in range(size)), sequence=1)
        for step in range(rng.randint(0, 5)):
            upserts = [some_document(rng, rng.randint(0, size + 5)) for _ in range(rng.randint(1, 9))]
            deletes = [f"id{rng.randint(0, size)}" for _ in range(rng.randint(0, 6))]
            writer.apply(upserts=upserts, deletes=deletes, sequence=2 + step)
    return Index(folder).snapshot()


@pytest.mark.parametrize(("seed", "size"), [(1, 1), (2, 7), (3, 40), (4, 150), (5, 150), (6, 400), (7, 90)])
def test_scores_equal_whooshs(tmp_path: Path, seed: int, size: int) -> None:
    snapshot = changed_index(tmp_path / "index", seed, size)
    rng = random.Random(seed)
    for _ in range(12):
        text = some_text(rng, 12) or "debt"
        terms = snapshot.analyse(text + rng.choice(["", " rar", " wal"]))
        expected = whoosh_scores(tmp_path / "index", terms)
        found = our_scores(snapshot, terms)
        assert found.keys() == expected.keys()
        for identifier, score in expected.items():
            assert found[identifier] == pytest.approx(score, rel=2e-5)


def test_prefixes_take_part_with_half_the_weight(tmp_path: Path) -> None:
    snapshot = changed_index(tmp_path / "index", 3, 300)
    terms = snapshot.analyse("debt rar")
    assert terms.unfinished == "rar"
    assert 1 < sum(boost == 0.5 for _, boost in terms.terms) <= 50
    assert our_scores(snapshot, terms).keys() == whoosh_scores(tmp_path / "index", terms).keys()


def test_a_small_cache_changes_no_score(tmp_path: Path) -> None:
    snapshot = changed_index(tmp_path / "index", 6, 300)
    tiny = Index(tmp_path / "index", cache_bytes=2_000).snapshot()
    for text in ("debt advice", "rareaa rareab", " ".join(WORDS[:12])):
        one, other = snapshot.text_scores(snapshot.analyse(text)), tiny.text_scores(tiny.analyse(text))
        assert (one[0] == other[0]).all()
        assert np.allclose(one[1], other[1])
    assert tiny.scorer.cache.memory <= 2_000


def test_asking_twice_gives_the_same(tmp_path: Path) -> None:
    snapshot = changed_index(tmp_path / "index", 4, 200)
    terms = snapshot.analyse("debt advice rareac")
    first = snapshot.text_scores(terms)
    again = snapshot.text_scores(terms)
    assert (first[0] == again[0]).all()
    assert (first[1] == again[1]).all()


def test_nothing_asked_nothing_found(tmp_path: Path) -> None:
    snapshot = changed_index(tmp_path / "index", 2, 20)
    for text in ("", "   ", "???", "\x00", "zzzzqqq"):
        documents, scores = snapshot.text_scores(snapshot.analyse(text))
        assert len(documents) == len(scores) == 0


def test_an_empty_index_answers(tmp_path: Path) -> None:
    with Writer(tmp_path / "index") as writer:
        writer.rebuild([], sequence=3)
        snapshot = Index(tmp_path / "index").snapshot()
        assert (snapshot.size, snapshot.sequence) == (0, 3)
        assert len(snapshot.text_scores(snapshot.analyse("debt"))[0]) == 0
        assert snapshot.prefix_names("debt", 5) == []
        writer.apply(upserts=[Document(id="a", name="Debt")], deletes=[], sequence=4)
        writer.apply(upserts=[], deletes=["a"], sequence=5)
    snapshot = Index(tmp_path / "index").snapshot()
    assert (snapshot.size, snapshot.sequence) == (0, 5)
