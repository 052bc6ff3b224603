"""A whole search inside the process (understanding, words, topics, distance, freshness, top 20) beside SQLite FTS5.

FTS5 ORs words and gives its best 20 by bm25, and does nothing else: once with all that was typed, and once with only
the words that Waymark scores.

python -m tests.bench.bench_query 1000 10000 100000
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import threading
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from time import process_time

import numpy as np
from sqlalchemy.orm import Session

from app import create_app
from app.core.clock import today
from app.library.engine import Engine, engine_of
from app.library.matching import match, ranked
from app.library.request import SearchRequest
from app.library.search import query_of
from app.library.understanding import understand
from app.migrations.commands import upgrade
from app.web.database import READ, db
from search_index import Writer
from search_index.words import LOW_VALUE
from seed.reference import sectors
from tests.bench.bench_text import TOP, ask_fts5, build_fts5, times
from tests.bench.corpus import documents, queries
from tests.conftest import settings_for

PLACES = ("M33", "near LS6", "SK4 3AA", "in NE1", "BL1 1AA")


def whole_query(text: str, session: Session, engine: Engine, day: date) -> object:
    """What a search does before it loads the services of its page."""
    snapshot = engine.index.snapshot()
    meaning = understand(text, session=session, snapshot=snapshot, engine=engine)
    query = query_of(SearchRequest(text=text), meaning, meaning.point, engine.model.clarity, snapshot)
    matches = match(
        snapshot,
        query,
        vectors=engine.vectors(snapshot),
        standing=engine.standing(snapshot, day),
        offers=engine.offers(snapshot),
    )
    return ranked(snapshot, matches, snapshot.live, TOP)


def wait_for_words() -> None:
    """Until the thread that works out the commonest words is done, as in a process that runs for half a minute.

    The clock counts the processor time of all threads: words worked out beside the queries would count as theirs.
    """
    for thread in threading.enumerate():
        if thread is not threading.main_thread():
            thread.join(timeout=60)


def measure(count: int, asked: int) -> tuple[float, float]:
    """Print one table; return our p50 and p95 in milliseconds."""
    folder = Path(tempfile.mkdtemp(prefix="bench-query-"))
    rng = random.Random(3)
    texts = [f"{text} {rng.choice(PLACES)}" if rng.random() < 0.4 else text for text in queries(asked)]
    # What was typed; and, harder on us, only the words that we score, so that FTS5 does not pay for "the" and "help".
    typed = [[w for w in text.split() if w.isalnum()] or ["help"] for text in texts]
    words = [[w for w in each if w not in LOW_VALUE] or ["help"] for each in typed]
    url = f"sqlite:///{folder / 'waymark.sqlite3'}"
    upgrade(url)
    app = create_app(settings_for(url, folder))
    try:
        with app.app_context(), Session(db.engines[None]) as session:
            sectors.load(session)
            session.commit()
            with Writer(folder / "index") as writer:
                writer.rebuild(documents(count), sequence=0)
            started = process_time()
            engine_of(app).warm()
            warmed = process_time() - started
            wait_for_words()
        with app.app_context(), Session(db.engines[READ]) as session:
            engine, day = engine_of(app), today()
            ours = times(lambda n: whole_query(texts[n], session, engine, day), asked)
            held = engine.index.snapshot().memory + engine.vectors(engine.index.snapshot()).memory
        connection, _ = build_fts5(folder / "fts.db", count)
        every = times(lambda n: ask_fts5(connection, typed[n]), asked)
        some = times(lambda n: ask_fts5(connection, words[n]), asked)
        print(f"\n{count:,} services, {asked} whole queries, two in five with a place; ms of processor time")
        print(f"{'':22}{'p50':>9}{'p95':>9}")
        print(f"{'Waymark, whole query':22}{ours[0]:9.3f}{ours[1]:9.3f}   {warmed:.1f} s to load, {held >> 20} MB held")
        for name, theirs in (("as typed", every), ("words of weight", some)):
            print(
                f"FTS5, {name:16}{theirs[0]:9.3f}{theirs[1]:9.3f}   ours/theirs p50 {ours[0] / theirs[0]:.2f}, "
                f"p95 {ours[1] / theirs[1]:.2f}"
            )
    finally:
        shutil.rmtree(folder)
    return ours


def main(sizes: Sequence[int]) -> None:
    """Measure each size, and how the time grows between the first and the last."""
    figures = [measure(size, 300) for size in sizes]
    if len(figures) > 1:
        growth = np.array(figures[-1]) / np.array(figures[0])
        print(f"\nfrom {sizes[0]:,} to {sizes[-1]:,} services: p50 x{growth[0]:.1f}, p95 x{growth[1]:.1f}")


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [1_000, 10_000])
