"""Killed writers and damaged files: right answers or IndexUnavailable, nothing else.

More rounds: WAYMARK_KILLS=200 WAYMARK_DAMAGES=1000 pytest tests/unit/search_index/test_damage.py
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from search_index import Document, Index, IndexUnavailable, Snapshot, Writer
from search_index.segment import Segment

ROOT = Path(__file__).resolve().parents[3]
KILLS = int(os.environ.get("WAYMARK_KILLS", "10"))
DAMAGES = int(os.environ.get("WAYMARK_DAMAGES", "50"))
QUERIES = ("debt advice", "walking group", "bread", "number3 number7 number11", "hous")

WRITER = """
import sys
from pathlib import Path
from search_index import Document, Writer
def documents(sequence):
    # Every document of a commit says which commit it is of.
    return [Document(id=f"id{n}", name="a name", description=f"of{sequence} debt " * 20) for n in range(80)]
with Writer(Path(sys.argv[1])) as writer:
    sequence = int(sys.argv[2])
    while True:
        sequence += 1
        if sequence % 3:
            writer.apply(upserts=documents(sequence), deletes=[], sequence=sequence)
        else:
            writer.rebuild(documents(sequence), sequence=sequence)
        print(sequence, flush=True)
"""


def test_killed_writers_leave_whole_commits(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with Writer(folder) as writer:
        writer.rebuild([], sequence=0)
    rng = random.Random(5)
    sequence = 0
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), str(sequence)],
            env={"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        process.stdout.readline()  # it is at work
        time.sleep(rng.random() * 0.15)
        process.send_signal(signal.SIGKILL)
        told = process.communicate()[0].split()
        snapshot = Index(folder).snapshot()
        assert snapshot.sequence >= max([sequence + 1, *map(int, told)])
        sequence = snapshot.sequence
        documents, _ = snapshot.text_scores(snapshot.analyse(f"of{sequence}"))
        assert len(documents) == snapshot.live.sum() == 80


def sample(folder: Path) -> None:
    words = ["debt", "advice", "walking", "group", "housing", "carers", "peer", "support", "bread"]
    rng = random.Random(1)
    with Writer(folder) as writer:
        writer.rebuild(
            (
                Document(
                    id=f"id{n}", name=f"number{n} {rng.choice(words)}", description=" ".join(rng.choices(words, k=30)),
                    tags=frozenset({f"kind:{n % 3}"}), points=((50.0 + n, 1.0),),
                )
                for n in range(120)
            ),
            sequence=1,
        )  # fmt: skip
        writer.apply(upserts=[Document(id="id3", name="number3 bread")], deletes=["id9"], sequence=2)


def answers(snapshot: Snapshot) -> list[object]:
    found: list[object] = [snapshot.sequence, snapshot.latitude.tolist(), list(snapshot.names)]
    for text in QUERIES:
        documents, scores = snapshot.text_scores(snapshot.analyse(text))
        found.append([(snapshot.ids[d], round(float(s), 4)) for d, s in zip(documents, scores, strict=True)])
    found += [[snapshot.ids[n] for n in snapshot.tagged(tag)] for tag in ("kind:0", "kind:2")]
    return found


def flip(data: bytearray, rng: random.Random) -> None:
    if data:
        for _ in range(rng.randint(1, 4)):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def cut(data: bytearray, rng: random.Random) -> None:
    del data[rng.randrange(len(data) + 1) :]


def zero(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data) + 1)
    data[at : at + 40] = bytes(len(data[at : at + 40]))


def longer(data: bytearray, rng: random.Random) -> None:
    data += rng.randbytes(9)


DAMAGE: list[Callable[[bytearray, random.Random], None]] = [flip, flip, cut, zero, longer]


def hurt(path: Path, rng: random.Random) -> None:
    data = bytearray(path.read_bytes())
    rng.choice(DAMAGE)(data, rng)
    if rng.random() < 0.1:
        path.unlink()
    else:
        path.write_bytes(bytes(data))


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "writer.lock")


def test_damaged_files_are_seen(tmp_path: Path) -> None:
    good = tmp_path / "good"
    sample(good)
    expected = answers(Index(good).snapshot())
    refused = 0
    for round_ in range(DAMAGES):
        rng = random.Random(round_)
        folder = tmp_path / "bad"
        shutil.copytree(good, folder)
        hurt(rng.choice(files_of(folder)), rng)
        try:
            assert answers(Index(folder).snapshot()) == expected
        except IndexUnavailable:
            refused += 1
        with Writer(folder) as writer:  # and a rebuild mends it
            writer.rebuild([Document(id="new", name="new")], sequence=3)
        assert list(Index(folder).snapshot().ids) == ["new"]
        shutil.rmtree(folder)
    assert refused > DAMAGES / 3


def test_apply_refuses_damaged_segments_or_is_right(tmp_path: Path) -> None:
    good = tmp_path / "good"
    sample(good)
    for round_ in range(max(10, DAMAGES // 5)):
        rng = random.Random(round_)
        folder = tmp_path / "bad"
        shutil.copytree(good, folder)
        hurt(rng.choice(files_of(folder)), rng)
        try:
            with Writer(folder) as writer:
                for step in range(4):  # with merges
                    writer.apply(upserts=[Document(id="new", name="quite new")], deletes=["id5"], sequence=9 + step)
            snapshot = Index(folder).snapshot()
            assert snapshot.number("id5") is None
            assert len(snapshot.text_scores(snapshot.analyse("quite new"))[0]) == 1
        except IndexUnavailable:
            pass
        shutil.rmtree(folder)


def test_lists_damaged_after_opening_are_seen(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    sample(folder)
    expected = answers(Index(folder).snapshot())
    path = next(path for path in files_of(folder) if path.suffix == ".pst" and path.stat().st_size > 5_000)
    whole = path.read_bytes()
    refused = 0
    for round_ in range(DAMAGES):
        path.write_bytes(whole)
        index = Index(folder, cache_bytes=0)
        snapshot = index.snapshot()
        hurt_in_place(path, random.Random(round_))
        try:
            assert answers(snapshot) == expected
        except IndexUnavailable:
            refused += 1
    assert refused


def hurt_in_place(path: Path, rng: random.Random) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(30):
        flip(data, rng)
    with path.open("r+b") as stream:
        stream.write(data)


def test_no_index_at_all(tmp_path: Path) -> None:
    for folder in (tmp_path / "none", tmp_path):
        with pytest.raises(IndexUnavailable):
            Index(folder).snapshot()
    (tmp_path / "current.json").write_text("[" * 100_000)
    with pytest.raises(IndexUnavailable):
        Index(tmp_path).snapshot()


def test_an_index_appears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search_index.index._CHECK_EVERY", 0.0)
    index = Index(tmp_path / "index")
    with pytest.raises(IndexUnavailable):
        index.snapshot()
    sample(tmp_path / "index")
    assert index.snapshot().sequence == 2


def test_any_exception_of_whoosh_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample(tmp_path / "index")
    real = Segment.__init__
    failures = iter([ZeroDivisionError, FileNotFoundError])

    def shaky(self: Segment, *args: object) -> None:
        for error in failures:
            raise error
        real(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Segment, "__init__", shaky)
    assert Index(tmp_path / "index").snapshot().sequence == 2


def test_sound_lists_pass(tmp_path: Path) -> None:
    sample(tmp_path / "index")
    snapshot = Index(tmp_path / "index").snapshot()
    for segment in snapshot.segments:
        for row in segment.terms.rows("description"):
            documents, weights = segment.postings(row)
            assert (np.diff(documents) > 0).all()
            assert (weights >= 1).all()
