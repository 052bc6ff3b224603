"""How long a question keeps a database busy, and whether its plan reads a table from end to end."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.web.database import db
from tests.databases import postgresql_server


def busy(ask: Callable[[Session], object], *, times: int, table: str) -> tuple[list[float], bool]:
    """Milliseconds in which the database works for `ask`, time after time; and whether a plan reads all of `table`."""
    took: list[float] = []
    statements: list[tuple[str, Any]] = []
    engine = db.engines[None]

    def before(_c: Any, _cursor: Any, statement: str, parameters: Any, context: Any, _many: Any) -> None:
        context.bench_started = time.perf_counter()
        statements.append((statement, parameters))

    def after(_c: Any, _cursor: Any, _s: str, _p: Any, context: Any, _many: Any) -> None:
        took[-1] += (time.perf_counter() - context.bench_started) * 1000

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    try:
        for _ in range(times):
            took.append(0.0)
            statements.clear()
            with Session(engine) as session:
                ask(session)
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)
    return took, any(_reads_all(table, *each) for each in list(statements))


def _reads_all(table: str, statement: str, parameters: Any) -> bool:
    engine = db.engines[None]
    prefix = "EXPLAIN " if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(prefix + statement, parameters).all()
    lines = [" ".join(str(cell) for cell in line) for line in plan]
    return any(f"Seq Scan on {table} " in line or line.endswith(f"SCAN {table}") for line in lines)


@contextmanager
def both_databases() -> Iterator[tuple[list[str], Path]]:
    """The addresses of an empty SQLite database and of one on a PostgreSQL of its own; and a folder."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    urls = [f"sqlite:///{folder / 'waymark.sqlite3'}"]
    try:
        with postgresql_server(durable=True) as server:
            yield [*urls, server.url(server.create())], folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
