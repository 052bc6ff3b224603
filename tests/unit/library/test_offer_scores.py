import threading
from pathlib import Path

import numpy as np
import pytest

from app.library.engine import Engine
from app.library.offer_scores import CACHE_BYTES, OfferScores
from search_index import Document, Index, Snapshot, Writer
from search_index.lexicon import load_offers

VOUCHERS, ADVICE, PANTRY = "vouchers", "advice", "pantry"
TEXTS = {
    VOUCHERS: ("Top-ups for prepayment meters", "Emergency fuel vouchers for people whose gas or electricity ran out."),
    ADVICE: (
        "Energy advice",
        "We talk to your supplier about tariffs, debts on the account and the priority register.",
    ),
    PANTRY: ("Pantry", "Members choose groceries for a small weekly fee."),
}
FUEL = next(
    ("energy-bills", number) for number, offer in enumerate(load_offers()["energy-bills"]) if "voucher" in offer.title
)


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    others = [Document(id=f"other {n}", name=f"Choir {n}", description="Singing for all voices.") for n in range(20)]
    with Writer(tmp_path) as writer:
        told = (Document(id=id_, name=name, description=text) for id_, (name, text) in TEXTS.items())
        writer.rebuild([*told, *others], sequence=1)
    return Index(tmp_path).snapshot()


def fits(snapshot: Snapshot, scores: OfferScores, chance: float = 1.0) -> dict[str, float]:
    return dict(zip(snapshot.ids, scores.fit({FUEL: chance}).tolist(), strict=True))


def test_what_is_worded_as_the_kind_of_help_fits_best(snapshot: Snapshot) -> None:
    found = fits(snapshot, OfferScores(snapshot))
    assert 0.5 < found[VOUCHERS] <= 1
    assert found[VOUCHERS] > 2 * found[ADVICE]
    assert found[PANTRY] == found["other 3"] == 0


def test_half_a_chance_is_half_a_fit(snapshot: Snapshot) -> None:
    scores = OfferScores(snapshot)
    assert fits(snapshot, scores, 0.5)[VOUCHERS] == pytest.approx(fits(snapshot, scores)[VOUCHERS] / 2)


def test_of_nothing_asked_for_nothing_fits(snapshot: Snapshot) -> None:
    assert not OfferScores(snapshot).fit({}).any()


def test_a_kind_of_help_that_only_an_earlier_lexicon_had_fits_nothing(snapshot: Snapshot) -> None:
    """What was learned last may be older than the words, until they are learned."""
    assert not OfferScores(snapshot).fit({("energy-bills", 999): 0.5, ("no-such-topic", 0): 0.5}).any()


def test_where_nobody_offers_it_what_is_nearest_does_not_look_as_if_it_did(tmp_path: Path) -> None:
    with Writer(tmp_path) as writer:
        others = [Document(id=f"{n}", name=f"Choir {n}", description="Singing for all.") for n in range(20)]
        near = Document(id="near", name="Supper club", description="Bring your own gas stove.")
        writer.rebuild([near, *others], sequence=1)
    snapshot = Index(tmp_path).snapshot()
    assert OfferScores(snapshot).fit({FUEL: 1.0}).max() < 0.9


def test_what_is_worked_out_ahead_is_what_is_worked_out_when_asked_for(snapshot: Snapshot) -> None:
    warmed, asked = OfferScores(snapshot), OfferScores(snapshot)
    warmed.warm(lambda: False)
    assert np.array_equal(warmed.fit({FUEL: 1.0}), asked.fit({FUEL: 1.0}))
    assert 0 < warmed.memory < CACHE_BYTES
    ended = OfferScores(snapshot)
    ended.warm(lambda: True)
    assert ended.memory == 0


def test_a_process_works_them_out_before_anybody_asks(snapshot: Snapshot, tmp_path: Path) -> None:
    engine = Engine(tmp_path)
    loaded = engine.index.snapshot()
    for thread in threading.enumerate():
        if thread.name == "search-index-load":
            thread.join()
    warmed = OfferScores(snapshot)
    warmed.warm(lambda: False)
    assert engine.offers(loaded).memory == warmed.memory


def test_an_index_without_anything_is_no_trouble(tmp_path: Path) -> None:
    with Writer(tmp_path) as writer:
        writer.rebuild([], sequence=1)
    assert len(OfferScores(Index(tmp_path).snapshot()).fit({FUEL: 1.0})) == 0


def test_of_very_many_that_fit_the_best_are_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Writer(tmp_path) as writer:
        told = {"best": "Fuel vouchers for prepayment meters that ran out.", "other": "Fuel vouchers and much else."}
        choirs = {f"{n}": "Singing for all." for n in range(20)}
        documents = (Document(id=name, name=name, description=text) for name, text in (told | choirs).items())
        writer.rebuild(documents, sequence=1)
    snapshot = Index(tmp_path).snapshot()
    found = fits(snapshot, OfferScores(snapshot))
    assert found["best"] > found["other"] > 0
    monkeypatch.setattr("app.library.offer_scores.MOST", 1)
    assert fits(snapshot, OfferScores(snapshot)) == found | {"other": 0}
