"""Filters and counts over a real small index."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from app.core.clock import LONDON
from app.library.facets import Filtering
from app.library.filter_bits import FilterBits
from search_index import Document, Index, Opening, Snapshot, Writer

MONDAY_10AM = datetime(2026, 11, 23, 10, 0, tzinfo=LONDON)  # the fourth Monday of its month, not the last


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    def opening(weekday: int, ordinal: int = 0, opens: int = 540, closes: int = 1020) -> tuple[Opening, ...]:
        return (Opening(weekday=weekday, ordinal=ordinal, opens=opens, closes=closes),)

    documents = [
        Document(id="a", name="a", tags=frozenset({"cost:free", "kind:service"}), openings=opening(0)),
        Document(id="b", name="b", tags=frozenset({"cost:paid", "kind:service"}), openings=opening(0, opens=660)),
        Document(id="c", name="c", tags=frozenset({"cost:free", "kind:course"}), openings=opening(0, ordinal=4)),
        Document(id="d", name="d", tags=frozenset({"kind:course"}), openings=opening(0, ordinal=-1), minimum_age=65),
        Document(id="e", name="e", tags=frozenset({"cost:free", "kind:course"}), openings=opening(1), maximum_age=25),
    ]
    with Writer(tmp_path) as writer:
        writer.rebuild(documents, sequence=1)
    return Index(tmp_path).snapshot()


def kept(snapshot: Snapshot, now: datetime = MONDAY_10AM, **chosen: tuple[str, ...]) -> str:
    mask = Filtering(FilterBits(snapshot), chosen, now).apply(np.ones(snapshot.size, np.bool_))
    return "".join(sorted(snapshot.ids[number] for number in np.flatnonzero(mask)))


def test_any_value_within_a_filter_all_between_filters(snapshot: Snapshot) -> None:
    assert kept(snapshot, cost=("free",)) == "ace"
    assert kept(snapshot, cost=("free", "paid")) == "abce"
    assert kept(snapshot, cost=("free",), kind=("course",)) == "ce"
    assert kept(snapshot, cost=("no such value",)) == ""


def test_open_now_and_today_know_weeks_of_the_month(snapshot: Snapshot) -> None:
    assert kept(snapshot, open=("now",)) == "ac"
    assert kept(snapshot, open=("today",)) == "abc"
    last_monday = MONDAY_10AM.replace(day=30)
    assert kept(snapshot, now=last_monday, open=("today",)) == "abd"


def test_closing_time_is_closed(snapshot: Snapshot) -> None:
    assert "a" in kept(snapshot, now=MONDAY_10AM.replace(hour=16, minute=59), open=("now",))
    assert "a" not in kept(snapshot, now=MONDAY_10AM.replace(hour=17), open=("now",))


def test_ages_and_bands(snapshot: Snapshot) -> None:
    assert kept(snapshot, age=("26-64",)) == "abc"
    assert kept(snapshot, age=("65-over",)) == "abcd"
    assert kept(snapshot, age=("17",)) == "abce"
    assert kept(snapshot, age=("nonsense",)) == "abcd"


def test_a_count_is_what_choosing_it_gives(snapshot: Snapshot) -> None:
    everything = np.ones(snapshot.size, np.bool_)
    filtering = Filtering(FilterBits(snapshot), {"cost": ("free",), "kind": ("course",)}, MONDAY_10AM)
    counting = filtering.counting(everything)
    counts = dict(counting.of("cost", ["free", "paid"]))
    assert counts == {"free": len(kept(snapshot, cost=("free",), kind=("course",))), "paid": 0}
    counts = dict(counting.of("kind", ["service", "course"]))
    assert counts == {"service": 1, "course": 2}
