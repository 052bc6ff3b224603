"""The index in one process: newer generations are taken up without anybody waiting."""

import threading
import time
from pathlib import Path

import pytest

from search_index import Document, Index, Snapshot, Writer
from search_index.cache import ByteCache
from tests.work import calls


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Writer(tmp_path / "index") as writer:
        writer.rebuild((document(n) for n in range(50)), sequence=1)
    return tmp_path / "index"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search_index.index._CHECK_EVERY", 0.0)


def document(number: int, words: str = "debt advice") -> Document:
    return Document(id=f"id{number}", name=f"Name {number}", description=words)


def wait_for(index: Index, sequence: int) -> Snapshot:
    for _ in range(500):
        if index.snapshot().sequence == sequence:
            return index.snapshot()
        time.sleep(0.01)
    raise AssertionError(f"sequence {sequence} was not taken up")


def test_a_newer_generation_is_taken_up(folder: Path) -> None:
    index = Index(folder)
    old = index.snapshot()
    assert index.snapshot() is old
    with Writer(folder) as writer:
        writer.apply(upserts=[document(3, "housing")], deletes=[], sequence=2)
        new = wait_for(index, 2)
        assert new.segments[0] is old.segments[0]  # what did not change is not read again
        writer.rebuild([document(1)], sequence=3)
        wait_for(index, 3)
        writer.apply(upserts=[], deletes=[], sequence=4)
        assert wait_for(index, 4).size == 1
    assert len(old.text_scores(old.analyse("debt"))[0]) == 50  # files gone, memory and handles not


def test_a_held_snapshot_outlives_a_rebuild(folder: Path) -> None:
    old = Index(folder, cache_bytes=0).snapshot()
    with Writer(folder) as writer:
        writer.rebuild([], sequence=2)
    assert len(old.text_scores(old.analyse("advice"))[0]) == 50


def test_nobody_waits_for_loading(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = Index(folder)
    old = index.snapshot()
    go = threading.Event()
    real = Index._load_once

    def slow(self: Index, *args: object) -> Snapshot:
        go.wait(10)
        return real(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Index, "_load_once", slow)
    with Writer(folder) as writer:
        writer.apply(upserts=[document(99)], deletes=[], sequence=2)
    started = time.thread_time()
    for _ in range(50):
        assert index.snapshot() is old
    assert time.thread_time() - started < 1
    go.set()
    wait_for(index, 2)


def test_a_damaged_newer_generation_is_not_taken(folder: Path) -> None:
    index = Index(folder)
    old = index.snapshot()
    (folder / "current.json").write_text("{}")
    for _ in range(20):
        assert index.snapshot() is old
        time.sleep(0.01)
    with Writer(folder) as writer:
        writer.rebuild([document(1)], sequence=5)
    wait_for(index, 5)


def test_many_threads_one_writer(folder: Path) -> None:
    index = Index(folder)
    problems: list[BaseException] = []
    stop = threading.Event()

    def ask() -> None:
        try:
            while not stop.is_set():
                snapshot = index.snapshot()
                documents, scores = snapshot.text_scores(snapshot.analyse("debt housing nam"))
                assert snapshot.live[documents].all()
                assert len(documents) == len(scores) == snapshot.live.sum()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            problems.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    with Writer(folder) as writer:
        for step in range(12):
            if step % 6 == 5:
                writer.rebuild((document(n) for n in range(60)), sequence=step)
            else:
                writer.apply(upserts=[document(step, "housing")], deletes=[f"id{step + 20}"], sequence=step)
            index.refresh()
    stop.set()
    for thread in threads:
        thread.join()
    assert problems == []


def test_warming_fills_the_cache(folder: Path) -> None:
    snapshot = Index(folder).refresh()
    assert {"debt", "advic"} <= set(snapshot.scorer.cache.by_age())
    assert Index(folder).memory == 0


def test_what_callers_derive_is_warmed_beside_the_first_of_each_generation(folder: Path) -> None:
    warmed: list[tuple[int, bool]] = []
    index = Index(folder, warm=lambda snapshot, until: warmed.append((snapshot.generation, until())))
    for step in (1, 2):
        generation = _newest(index)
        assert warmed[-1] == (generation, False)
        with Writer(folder) as writer:
            writer.apply(upserts=[document(step, "housing")], deletes=[], sequence=step)
    assert len({generation for generation, _ in warmed}) == 2


def _newest(index: Index) -> int:
    """The generation that is loaded once the threads which load and warm are done."""
    index.snapshot()
    index._check_at = 0.0
    index.snapshot()
    for thread in threading.enumerate():
        if thread.name == "search-index-load":
            thread.join()
    return index.snapshot().generation


def test_no_search_waits_for_the_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Writer(tmp_path) as writer:
        writer.rebuild([Document(id=str(n), name=f"Hut {n}") for n in range(2_000)], sequence=1)
    monkeypatch.setattr("search_index.index._FIRST_WARMING", 0.0)  # a slow machine, on which words get no time
    snapshot = Index(tmp_path).refresh()
    assert calls(lambda: snapshot.called(["hut", "7"])) < 100
    assert snapshot.called(["hut", "7"]) == [7]


def test_cache_is_bounded_by_bytes() -> None:
    cache: ByteCache[str, int] = ByteCache(100)
    for name, size in (("a", 40), ("b", 40), ("c", 200)):
        cache.put(name, size, size)
    assert cache.get("a") == 40  # used last, so b goes first
    cache.put("d", 40, 40)
    assert cache.by_age() == ["a", "d"]
    cache.put("a", 10, 10)
    assert cache.memory == 50
    cache.keep({"d"})
    assert (cache.by_age(), cache.memory) == (["d"], 40)


def test_names_being_typed(tmp_path: Path) -> None:
    names = ["Debt Advice Bureau", "Wexmoor Debt Advice", "St John's Hub", "Café Église", "Debt", "", "Debt", "A\nb"]
    services = [Document(id=str(n), name=name) for n, name in enumerate(names)]
    with Writer(tmp_path / "names") as writer:
        writer.rebuild(services, sequence=1)
        union = [Document(id=f"u{n}", name="Gone", organization="Debtors' Union") for n in range(2)]
        writer.apply(upserts=union, deletes=[], sequence=2)
        full = Index(tmp_path / "names").snapshot()
        writer.apply(upserts=[Document(id="x", name="Debt")], deletes=["u0", "u1", "0"], sequence=3)
        later = Index(tmp_path / "names").snapshot()

    def texts(question: str, limit: int = 9) -> list[str]:
        return [hit.text for hit in full.prefix_names(question, limit)]

    assert texts("debt") == ["Debt", "Debtors' Union", "Debt Advice Bureau", "Wexmoor Debt Advice"]
    assert texts("debt", 2) == ["Debt", "Debtors' Union"]
    assert texts("st johns") == texts("St John\u2019s h") == ["St John's Hub"]
    assert texts("cafe eg") == ["Café Église"]
    assert texts("advice wex") == texts("wex advice") == ["Wexmoor Debt Advice"]
    assert texts("ebt") == texts("") == texts("\n") == texts("debt", 0) == []
    assert texts("b") == ["A\nb", "Debt Advice Bureau"]
    assert [(hit.kind, hit.id) for hit in full.prefix_names("debt", 2)] == [("service", "4"), ("organization", "")]
    assert [hit.text for hit in later.prefix_names("debt", 9)] == ["Debt", "Wexmoor Debt Advice"]
