"""`/search` over HTTP beside a bare Flask route that renders a page of the same size, on the same gunicorn settings.

Two gunicorn processes, 10,000 services, mixed queries and filters; several clients at once keep their connections open.
Measured twice: 400 searches asked again and again, and searches of which each is asked once only.

python -m tests.bench.bench_http 10000
"""

from __future__ import annotations

import http.client
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from datetime import time as clock_time
from pathlib import Path
from urllib.parse import quote_plus
from uuid import UUID, uuid5

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app import create_app
from app.cli import gunicorn_arguments
from app.directory.codes import Accepting, Coverage, Kind, Reach, Status
from app.directory.models import (
    Address,
    Attribute,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
    TaxonomyTerm,
)
from app.library.engine import index_writer
from app.library.indexing import rebuild
from app.migrations.commands import upgrade
from app.web.database import db
from search_index import Document
from seed.reference import helplines, sectors, taxonomies
from tests.bench.corpus import documents, queries
from tests.conftest import settings_for
from tests.databases import free_port

Rows = dict[type, list[dict[str, object]]]
SECONDS = 15.0
CLIENTS = 4
FILTERS = (
    "",
    "",
    "",
    "&cost=free",
    "&reach=phone",
    "&kind=course",
    "&topic=housing",
    "&near=M33",
    "&near=LS6&within=8",
)
_nine, _five = clock_time(9), clock_time(17)
NAMESPACE = UUID("5b1c0f0e-3f65-4a0e-9d07-0a3a8c7f2c11")
BARE = """
from flask import Flask, render_template
app = Flask(__name__, template_folder={folder!r})
@app.route("/search")
def search():
    return render_template("page.html")
"""


def fill(session: Session, count: int) -> None:
    """Put the synthetic services into the database, with what a card shows of each."""
    terms = {term.code: term.id for term in session.scalars(select(TaxonomyTerm).order_by(TaxonomyTerm.id))}
    rows: Rows = {
        model: [] for model in (Organization, Service, Location, Address, ServiceAtLocation, Attribute, Phone, Schedule)
    }
    known: set[UUID] = set()
    for document in documents(count):
        _add(rows, known, document, terms)
    for model, values in rows.items():
        for start in range(0, len(values), 5_000):
            session.execute(insert(model), values[start : start + 5_000])


def _add(
    rows: dict[type, list[dict[str, object]]], known: set[UUID], document: Document, terms: dict[str, UUID]
) -> None:
    service, organization = UUID(document.id), uuid5(NAMESPACE, document.organization)
    tags = {tag.split(":", 1)[0]: tag.split(":", 1)[1] for tag in sorted(document.tags)}
    if organization not in known:
        known.add(organization)
        rows[Organization].append({"id": organization, "name": document.organization, "description": ""})
    rows[Service].append(
        {
            "id": service, "organization_id": organization, "name": document.name, "description": document.description,
            "kind": Kind(tags["kind"]), "status": Status.ACTIVE, "coverage": Coverage(tags["coverage"]),
            "reach": {Reach(tags["reach"])}, "access_routes": set(), "assured_date": document.checked_on,
            "accepting": Accepting.YES if tags["accepting"] == "yes" else None,
            "capacity_stated_at": _noon(document.checked_on) if tags["accepting"] == "yes" else None,
        }
    )  # fmt: skip
    rows[Phone].append({"service_id": service, "number": "01632 960000"})
    rows[Attribute].append({"service_id": service, "taxonomy_term_id": terms[tags["main"]], "position": 0})
    if tags["also"] != tags["main"]:
        rows[Attribute].append({"service_id": service, "taxonomy_term_id": terms[tags["also"]], "position": 1})
    for opening in document.openings:
        day = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[opening.weekday]
        rows[Schedule].append(
            {"service_id": service, "freq": "WEEKLY", "byday": day, "opens_at": _nine, "closes_at": _five}
        )
    for latitude, longitude in document.points:
        place = uuid5(NAMESPACE, document.id)
        rows[Location].append({"id": place, "name": document.places, "latitude": latitude, "longitude": longitude})
        rows[Address].append({"location_id": place, "address_1": "1 High Street", "city": document.places.split()[0]})
        rows[ServiceAtLocation].append({"service_id": service, "location_id": place})


def prepared(folder: Path, count: int) -> str:
    """A database and an index of `count` services; returns the database's address."""
    url = f"sqlite:///{folder / 'waymark.sqlite3'}"
    upgrade(url)
    app = create_app(settings_for(url, folder))
    with app.app_context(), Session(db.engines[None]) as session:
        for data in (taxonomies, helplines, sectors):
            data.load(session)
        fill(session, count)
        session.commit()
        with index_writer(app) as writer:
            rebuild(session, writer)
    return url


def addresses(count: int) -> list[str]:
    """Searches as people make them: lay words, some with a place or a filter."""
    rng = random.Random(5)
    return [f"/search?q={quote_plus(text)}{rng.choice(FILTERS)}" for text in queries(count)]


def load(port: int, paths: Sequence[str]) -> tuple[float, list[float]]:
    """Ask for `SECONDS` with several clients; requests a second, and the time of each in milliseconds."""
    taken: list[list[float]] = [[] for _ in range(CLIENTS)]
    until = time.perf_counter() + SECONDS

    def ask(client: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for number in range(client, 10**9, CLIENTS):
            started = time.perf_counter()
            if started > until:
                return
            connection.request("GET", paths[number % len(paths)])
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                raise RuntimeError(f"{response.status} for {paths[number % len(paths)]}")
            taken[client].append((time.perf_counter() - started) * 1000)

    clients = [threading.Thread(target=ask, args=(client,)) for client in range(CLIENTS)]
    started = time.perf_counter()
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    everything = [one for each in taken for one in each]
    return len(everything) / (time.perf_counter() - started), everything


def served(application: str, folder: Path, environment: dict[str, str], measure: Callable[[int, int], None]) -> None:
    """Run `measure(port, process id)` while gunicorn serves `application`."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", *gunicorn_arguments("127.0.0.1", port, 2), application]
    path = os.pathsep.join([str(folder), str(Path(__file__).resolve().parents[2])])
    process = subprocess.Popen(
        command, env=os.environ | environment | {"PYTHONPATH": path}, stderr=subprocess.DEVNULL, cwd=folder
    )
    try:
        started = time.perf_counter()
        wait_for(port)
        print(f"  up after {time.perf_counter() - started:.1f} s", end="")
        measure(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def wait_for(port: int) -> None:
    """Return when the server answers."""
    for _ in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/search")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not come up")


def worker_memory(parent: int) -> float:
    """Megabytes of the largest child process."""
    found = subprocess.run(["ps", "-o", "rss=", "--ppid", str(parent)], capture_output=True, text=True, check=True)
    return max(int(line) for line in found.stdout.split()) / 1024


def main(count: int) -> None:
    """Measure ours and the bare route, and print both."""
    folder = Path(tempfile.mkdtemp(prefix="bench-http-"))
    paths, others = addresses(400), addresses(40_000)[400:]
    figures: dict[str, tuple[float, list[float]]] = {}

    def run(name: str) -> Callable[[int, int], None]:
        def measure(port: int, process: int) -> None:
            load(port, paths)  # each process meets the services once before the clock runs
            figures[name] = load(port, paths)
            figures[f"{name}, each once"] = load(port, others)
            print(f", {worker_memory(process):.0f} MB in the larger of its two processes")

        return measure

    try:
        url = prepared(folder, count)
        environment = {
            "WAYMARK_INSTANCE": str(folder),
            "WAYMARK_DATABASE_URL": url,
            "WAYMARK_INDEX_DIR": str(folder / "index"),
            "WAYMARK_BASE_URL": "http://127.0.0.1",
        }
        print(f"\n/search over HTTP, {count:,} services, gunicorn with 2 processes, {CLIENTS} clients")
        served("wsgi:app", folder, environment, lambda port, _: save_page(port, paths[0], folder / "page.html"))
        print()
        served("wsgi:app", folder, environment, run("Waymark /search"))
        (folder / "bare.py").write_text(BARE.format(folder=str(folder)), encoding="utf-8")
        served("bare:app", folder, {}, run("bare Flask, same size"))
        bare, _ = figures["bare Flask, same size"]
        for name, (rate, taken) in figures.items():
            p50, p95 = np.percentile(taken, [50, 95])
            print(
                f"{name:34}{rate:8.0f} requests/s   p50 {p50:7.1f} ms   p95 {p95:7.1f} ms   "
                f"of bare {rate / bare:.3f} (bar 0.25)"
            )
    finally:
        shutil.rmtree(folder)


def save_page(port: int, path: str, target: Path) -> None:
    """Keep one results page, for the bare route to give back."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    # A template of nothing but constant words: what Jinja would read as its own is made harmless.
    target.write_bytes(connection.getresponse().read().replace(b"{", b"("))


def _noon(day: date | None) -> datetime:
    return datetime.combine(day or date(2026, 1, 1), clock_time(12), UTC)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
