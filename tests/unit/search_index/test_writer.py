"""Commits: what they hold, who may write, what a failed one leaves behind."""

import resource
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from search_index import Document, Index, IndexUnavailable, IndexWriteFailed, Opening, Snapshot, Writer, WriterBusy
from search_index.merging import to_merge
from search_index.pointer import SegmentState, read_pointer


def document(number: int, words: str = "debt advice") -> Document:
    return Document(id=f"id{number}", name=f"Service number{number}", description=words, tags=frozenset({"kind:group"}))


def found(snapshot: Snapshot, text: str) -> set[str]:
    documents, _ = snapshot.text_scores(snapshot.analyse(text))
    return {snapshot.ids[number] for number in documents}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@contextmanager
def small_files(size: int) -> Iterator[None]:
    """As a full disk does, writing fails once a file has this size."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_everything_comes_back(folder: Path) -> None:
    full = Document(
        id="6f0c", name="Café\u2019s \U0001f600", alternate_name="The Hub", organization="Trust",
        tags=frozenset({"lang:pl", "kind:course"}), points=((53.5, -2.25), (-1.0, 0.5)),
        openings=(
            Opening(weekday=6, ordinal=-1, opens=0, closes=1440),
            Opening(weekday=0, ordinal=2, opens=540, closes=600),
        ),
        checked_on=date(2026, 2, 28), minimum_age=0, maximum_age=25, chain="hub",
    )  # fmt: skip
    with Writer(folder) as writer:
        writer.rebuild([document(1), full, document(2)], sequence=42)
        assert (writer.status().sequence, writer.status().size, writer.status().segments) == (42, 3, 1)
    snapshot = Index(folder).snapshot()
    assert (snapshot.sequence, snapshot.size, list(snapshot.ids)) == (42, 3, ["id1", "6f0c", "id2"])
    assert snapshot.names[1] == full.name
    assert snapshot.latitude.tolist() == [53.5, -1.0]
    assert snapshot.longitude.tolist() == [-2.25, 0.5]
    assert snapshot.point_document.tolist() == [1, 1]
    assert snapshot.checked_on.tolist() == [0, date(2026, 2, 28).toordinal(), 0]
    assert snapshot.minimum_age.tolist() == [-1, 0, -1]
    assert snapshot.maximum_age.tolist() == [-1, 25, -1]
    assert snapshot.chain.tolist() == [-1, 0, -1]
    assert snapshot.opening_document.tolist() == [1, 1]
    assert snapshot.opening_weekday.tolist() == [6, 0]
    assert snapshot.opening_ordinal.tolist() == [-1, 2]
    assert snapshot.opening_opens.tolist() == [0, 540]
    assert snapshot.opening_closes.tolist() == [1440, 600]
    assert snapshot.tagged("kind:group").tolist() == [0, 2]
    assert snapshot.tagged("kind:none").tolist() == []
    assert snapshot.tags("kind:") == ("kind:course", "kind:group")
    assert snapshot.number("6f0c") == 1
    assert snapshot.number("") is None
    assert snapshot.vocabulary()["debt"] == 2
    assert snapshot.memory > 0


def test_apply_adds_replaces_and_removes(folder: Path) -> None:
    with Writer(folder) as writer:
        writer.rebuild(map(document, range(5)), sequence=1)
        before = Index(folder).snapshot()
        writer.apply(upserts=[document(1, "housing"), document(9)], deletes=["id0", "id7"], sequence=2)
    snapshot = Index(folder).snapshot()
    assert found(snapshot, "debt") == {"id2", "id3", "id4", "id9"}
    assert found(snapshot, "housing") == {"id1"}
    assert snapshot.number("id0") is None
    assert {snapshot.ids[n] for n in snapshot.tagged("kind:group")} == {"id1", "id2", "id3", "id4", "id9"}
    assert snapshot.live.sum() == 5
    assert found(before, "debt") == {f"id{n}" for n in range(5)}


def test_of_two_documents_with_one_id_the_last_stays(folder: Path) -> None:
    with Writer(folder) as writer:
        writer.rebuild([document(1, "debt"), document(2), document(1, "housing")], sequence=1)
        assert found(Index(folder).snapshot(), "housing") == {"id1"}
        assert found(Index(folder).snapshot(), "debt") == {"id2"}
        writer.apply(upserts=[document(3, "bread"), document(3, "night")], deletes=["id3"], sequence=2)
    snapshot = Index(folder).snapshot()
    assert found(snapshot, "bread") == set()
    assert found(snapshot, "night") == {"id3"}
    assert snapshot.live.sum() == 3


def test_one_id_twice_in_a_large_rebuild(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search_index.writer.REBUILD_SEGMENT", 3)
    with Writer(folder) as writer:
        writer.rebuild([*map(document, range(8)), document(0, "housing"), document(6, "housing")], sequence=1)
    snapshot = Index(folder).snapshot()
    assert len(read_pointer(folder).segments) == 4
    assert found(snapshot, "housing") == {"id0", "id6"}
    assert snapshot.live.sum() == 8


def test_a_generation_number_never_comes_again(folder: Path) -> None:
    seen = []
    with Writer(folder) as writer:
        for _ in range(3):
            writer.rebuild([document(1)], sequence=1)
            seen.append(writer.status().generation)
            writer.apply(upserts=[document(2)], deletes=[], sequence=2)
            seen.append(writer.status().generation)
            (folder / "current.json").write_text("damaged")
            time.sleep(0.01)
    assert len(set(seen)) == 6


def test_nothing_to_do_still_moves_the_sequence(folder: Path) -> None:
    with Writer(folder) as writer:
        writer.rebuild([document(1)], sequence=1)
        writer.apply(upserts=[], deletes=["nobody"], sequence=7)
        assert (writer.status().sequence, writer.status().segments) == (7, 1)
    assert Index(folder).snapshot().sequence == 7


def test_segments_stay_few_and_right(folder: Path) -> None:
    with Writer(folder) as writer:
        writer.rebuild(map(document, range(30)), sequence=0)
        for step in range(60):
            words = "housing" if step % 2 else "food bank"
            writer.apply(upserts=[document(step, words)], deletes=[f"id{step - 40}"], sequence=step)
            assert writer.status().segments <= 5
    snapshot = Index(folder).snapshot()
    assert found(snapshot, "housing") == {f"id{n}" for n in range(20, 60) if n % 2}
    assert found(snapshot, "foodbank") == {f"id{n}" for n in range(20, 60) if not n % 2}
    assert found(snapshot, "debt") == set()
    assert "debt" not in snapshot.vocabulary()  # words of deleted documents go when segments are merged


def segment_files(folder: Path) -> set[Path]:
    return {path for path in (folder / "generation-1").iterdir() if path.suffix != ".toc"}


def test_files_nobody_needs_go_after_a_while(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Writer(folder) as writer:
        writer.rebuild(map(document, range(3)), sequence=0)
        kept = segment_files(folder)
        for step in range(8):
            writer.apply(upserts=[document(9)], deletes=["id2"], sequence=step)
            assert kept <= segment_files(folder)  # for readers that are about to open them
            kept |= segment_files(folder)
        monkeypatch.setattr("search_index.writer._GRACE", -1.0)
        writer.apply(upserts=[], deletes=[], sequence=9)
        assert len(segment_files(folder)) < len(kept) / 2
        writer.rebuild(map(document, range(3)), sequence=10)
    assert [path.name for path in folder.glob("generation-*")] == ["generation-2"]


def state(key: str, documents: int, deleted: int = 0) -> SegmentState:
    return SegmentState(key, key, documents, tuple(range(deleted)), {}, {})


def test_only_segments_alike_are_merged() -> None:
    big = state("big", 20_000)
    assert to_merge([big, state("a", 3), state("b", 9)], 1) == set()
    assert to_merge([big, state("a", 3), state("b", 9), state("c", 1)], 1) == {"a", "b", "c"}
    assert to_merge([state("half", 100, 60), big], 1) == {"half"}
    assert to_merge([], 5) == set()
    assert to_merge([state(key, 25_000) for key in "abcd"], 1) == set()  # what a rebuild wrote stays as it is


def test_two_writers(folder: Path) -> None:
    with Writer(folder), pytest.raises(WriterBusy):
        Writer(folder)
    Writer(folder).close()


def test_a_dead_writers_lock_is_none(folder: Path) -> None:
    code = "import os, pathlib, sys, search_index as s; w = s.Writer(pathlib.Path(sys.argv[1])); os._exit(9)"
    root = Path(__file__).resolve().parents[3]
    subprocess.run([sys.executable, "-c", code, str(folder)], check=False, env={"PYTHONPATH": str(root)})
    with Writer(folder) as writer:
        writer.rebuild([document(1)], sequence=1)


def test_what_a_writer_left_when_killed_before_its_commit_does_not_bar_the_next(folder: Path) -> None:
    with Writer(folder) as writer:
        writer.rebuild([document(1)], sequence=1)
        pointer = (folder / "current.json").read_bytes()
        writer.apply(upserts=[document(2)], deletes=[], sequence=2)
    (folder / "current.json").write_bytes(pointer)  # everything was written but the pointer
    with Writer(folder) as writer:
        writer.apply(upserts=[document(3)], deletes=[], sequence=2)
    assert found(Index(folder).snapshot(), "debt") == {"id1", "id3"}


def test_folder_is_private(folder: Path) -> None:
    Writer(folder).close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_apply_without_an_index_says_so(folder: Path) -> None:
    with Writer(folder) as writer:
        with pytest.raises(IndexUnavailable):
            writer.apply(upserts=[document(1)], deletes=[], sequence=1)
        with pytest.raises(IndexUnavailable):
            writer.status()


def test_full_disk_leaves_the_old_commit(folder: Path) -> None:
    with Writer(folder) as writer:
        writer.rebuild(map(document, range(20)), sequence=1)
        many = [document(n, " ".join(f"word{n}x{m}" for m in range(300))) for n in range(40)]
        for attempt in (
            lambda: writer.rebuild(many, sequence=2),
            lambda: writer.apply(upserts=many, deletes=["id1"], sequence=2),
        ):
            with small_files(20_000), pytest.raises(IndexWriteFailed):
                attempt()
            assert found(Index(folder).snapshot(), "debt") == {f"id{n}" for n in range(20)}
        assert len(list(folder.iterdir())) == 3  # pointer, lock, one generation: no rubbish
        assert writer.status().sequence == 1
        writer.apply(upserts=many, deletes=["id1"], sequence=3)
    assert Index(folder).snapshot().sequence == 3


def test_a_document_that_fails_changes_nothing(folder: Path) -> None:
    def broken() -> Iterator[Document]:
        yield document(1)
        raise LookupError("database gone")

    with Writer(folder) as writer:
        writer.rebuild([document(5)], sequence=1)
        with pytest.raises(LookupError):
            writer.rebuild(broken(), sequence=2)
        with pytest.raises(LookupError):
            writer.apply(upserts=broken(), deletes=["id5"], sequence=2)
        for wrong in ("", "x" * 500, "\ud800"):
            with pytest.raises(ValueError, match=r"id|surrogates"):
                writer.apply(upserts=[Document(id=wrong, name="x")], deletes=[], sequence=2)
        assert writer.status().sequence == 1
    assert found(Index(folder).snapshot(), "debt") == {"id5"}


def test_odd_texts_do_no_harm(folder: Path) -> None:
    odd = ["\x00", "\ud800\udfff x", "\u202eabc\u202c", "e" + "\u0301" * 30_000, "\U0001f600" * 50, "'-'", "a-" * 9_000]
    with Writer(folder) as writer:
        writer.rebuild(
            (Document(id=f"d{n}", name=text, description=text, chain=text[:9]) for n, text in enumerate(odd)),
            sequence=1,
        )
        writer.apply(upserts=[Document(id="d1", name="again")], deletes=["\ud800"], sequence=2)
    snapshot = Index(folder).snapshot()
    assert snapshot.live.sum() == len(odd)
    assert found(snapshot, "again") == {"d1"}


def test_progress_is_told(folder: Path) -> None:
    told: list[int] = []
    with Writer(folder) as writer:
        writer.rebuild(map(document, range(3)), sequence=1, progress=told.append)
    assert told == [1, 2, 3]


def test_arrays_cannot_be_written(folder: Path) -> None:
    with Writer(folder) as writer:
        writer.rebuild(map(document, range(3)), sequence=1)
    snapshot = Index(folder).snapshot()
    for array in (snapshot.live, snapshot.latitude, snapshot.chain, snapshot.tagged("kind:group")):
        with pytest.raises(ValueError, match="read-only"):
            np.copyto(array, 0)
