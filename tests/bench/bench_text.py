"""Text scoring beside SQLite FTS5 (and tantivy, when installed) on the same text and queries.

Processor time, not the clock: all of them are busy from start to end, and other work on the machine must not count.

python -m tests.bench.bench_text 1000 10000 100000
"""

import resource
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import process_time, thread_time

import numpy as np
from pysqlite3 import dbapi2 as sqlite3

from search_index import Document, Index, Snapshot, Writer
from search_index.schema import TEXT_FIELDS
from search_index.words import LOW_VALUE
from tests.bench.corpus import documents, queries

TOP = 20


class Timed:
    """The documents, and the time it took to make them up."""

    def __init__(self, count: int) -> None:
        self._source = documents(count)
        self.seconds = 0.0

    def __iter__(self) -> Iterator[Document]:
        while True:
            started = process_time()
            document = next(self._source, None)
            self.seconds += process_time() - started
            if document is None:
                return
            yield document


def build_ours(folder: Path, count: int) -> float:
    started = process_time()
    source = Timed(count)
    with Writer(folder) as writer:
        writer.rebuild(source, sequence=1)
    return process_time() - started - source.seconds


def build_fts5(path: Path, count: int) -> tuple[sqlite3.Connection, float]:
    started = process_time()
    connection = sqlite3.connect(str(path))
    connection.execute(f"create virtual table d using fts5({','.join(TEXT_FIELDS)}, tokenize='porter unicode61')")
    marks = ",".join("?" * len(TEXT_FIELDS))
    with connection:
        rows = ([getattr(document, field) for field in TEXT_FIELDS] for document in documents(count))
        connection.executemany(f"insert into d values ({marks})", rows)
        connection.execute("insert into d(d) values ('optimize')")
    return connection, process_time() - started


def build_tantivy(count: int) -> tuple[Callable[[Sequence[str]], object], float] | None:
    try:
        import tantivy
    except ImportError:
        return None
    started = process_time()
    builder = tantivy.SchemaBuilder()
    for field in TEXT_FIELDS:
        builder.add_text_field(field, stored=False, tokenizer_name="en_stem")
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(200_000_000, 1)
    for document in documents(count):
        writer.add_document(tantivy.Document(**{field: getattr(document, field) for field in TEXT_FIELDS}))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    boosts = {field: weight for field, (weight, _) in TEXT_FIELDS.items()}

    def ask(words: Sequence[str]) -> object:
        return searcher.search(index.parse_query(" ".join(words), list(TEXT_FIELDS), field_boosts=boosts), TOP).hits

    return ask, process_time() - started


def ask_ours(snapshot: Snapshot, text: str) -> object:
    found, scores = snapshot.text_scores(snapshot.analyse(text))
    if len(found) > TOP:
        best = np.argpartition(scores, -TOP)[-TOP:]
        best = best[np.argsort(-scores[best])]
        return found[best]
    return found[np.argsort(-scores)]


def ask_fts5(connection: sqlite3.Connection, words: Sequence[str]) -> object:
    weights = ",".join(str(weight) for weight, _ in TEXT_FIELDS.values())
    match = " OR ".join(f'"{word}"' for word in words)
    return connection.execute(
        f"select rowid from d where d match ? and rank match 'bm25({weights})' order by rank limit {TOP}", (match,)
    ).fetchall()


def times(ask: Callable[[int], object], count: int) -> tuple[float, float]:
    for number in range(min(20, count)):
        ask(number)
    taken = []
    for number in range(count):
        started = thread_time()
        ask(number)
        taken.append((thread_time() - started) * 1000)
    return float(np.percentile(taken, 50)), float(np.percentile(taken, 95))


def measure(count: int, asked: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="bench-text-"))
    texts = queries(asked)
    # FTS5 and tantivy get the words that we score, so that none pays for "the" and "help".
    words = [[w for w in text.split() if w not in LOW_VALUE and w.isalnum()] or ["help"] for text in texts]
    try:
        took = build_ours(folder / "ours", count)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        size = sum(path.stat().st_size for path in (folder / "ours").rglob("*") if path.is_file()) / 2**20
        started = process_time()
        snapshot = Index(folder / "ours").snapshot()
        loaded = process_time() - started
        cold = times_once(snapshot, texts)
        ours = times(lambda n: ask_ours(snapshot, texts[n]), asked)
        connection, took5 = build_fts5(folder / "fts.db", count)
        fts5 = times(lambda n: ask_fts5(connection, words[n]), asked)
        print(f"\n{count:,} documents, {asked} queries of 1-12 words; milliseconds of processor time")
        print(f"{'':22}{'p50':>9}{'p95':>9}{'build s':>9}")
        print(f"{'search_index':22}{ours[0]:9.3f}{ours[1]:9.3f}{took:9.1f}   {count / took:,.0f} documents/s")
        print(
            f"{'  first time asked':22}{cold[0]:9.3f}{cold[1]:9.3f}{loaded:9.2f}   to load; {size:.0f} MB on disk, "
            f"{snapshot.memory / 2**20:.0f} MB held, builder peaked at {memory:.0f} MB"
        )
        print(
            f"{'SQLite FTS5':22}{fts5[0]:9.3f}{fts5[1]:9.3f}{took5:9.1f}   ours/theirs "
            f"p50 {ours[0] / fts5[0]:.2f}, p95 {ours[1] / fts5[1]:.2f}"
        )
        peer = build_tantivy(count)
        if peer:
            theirs = times(lambda n: peer[0](words[n]), asked)
            print(f"{'tantivy':22}{theirs[0]:9.3f}{theirs[1]:9.3f}{peer[1]:9.1f}")
    finally:
        shutil.rmtree(folder)


def times_once(snapshot: Snapshot, texts: Sequence[str]) -> tuple[float, float]:
    taken = []
    for text in texts:
        started = thread_time()
        ask_ours(snapshot, text)
        taken.append((thread_time() - started) * 1000)
    return float(np.percentile(taken, 50)), float(np.percentile(taken, 95))


def main() -> None:
    for count in [int(word) for word in sys.argv[1:]] or [1_000, 10_000]:
        measure(count, 300)


if __name__ == "__main__":
    main()
