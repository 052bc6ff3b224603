"""Import of generated feeds: rate, memory, and how long others wait. `python -m tests.bench.feeds [SERVICES]`.

Each import runs in a process of its own against a new SQLite database with the reference data, so that the highest
memory it ever had is its own. Beside it another process writes a row every tenth of a second, as a web server does, and
says how long it waited for the database. One row in eight of the dirty feed has one of the faults of real ones.
"""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid5

NAMESPACE = UUID("0a6f8a3e-7d0a-4a65-8f6e-2f3f3f3f0001")
WORDS = (
    "advice about housing benefits and debt for people who live here we meet every week in a friendly room with tea "
    "our worker listens and helps you fill in forms speak to the council ring your landlord or find a food bank "
    "groups are run by people with lived experience of anxiety depression psychosis grief or addiction carers welcome"
).split()
KINDS = ("Advice", "Group", "Course", "Club", "Clinic", "Pantry", "Drop-in", "Befriending", "Counselling", "Workshop")
TOWNS = ("Manchester", "Sale", "Bolton", "Bury", "Stockport", "Oldham", "Leigh", "Hyde", "Eccles", "Urmston")
POSTCODES = ("M33 2", "M16 0", "BL1 1", "BL9 0", "SK1 1", "OL1 1", "WN7 1", "SK14 1", "M30 0", "M41 5")


def services(count: int) -> Iterator[dict[str, Any]]:
    """Full services as Open Referral UK 3.0 has them."""
    chance = random.Random(7)
    for number in range(count):
        yield _service(number, chance)


def _service(number: int, chance: random.Random) -> dict[str, Any]:
    town = number % len(TOWNS)
    organization = number % 5000
    return {
        "id": _id("service", number),
        "name": f"{TOWNS[town]} {chance.choice(WORDS)} {chance.choice(KINDS)} {number}",
        "description": "<p>" + " ".join(chance.choices(WORDS, k=60)) + ".</p>",
        "status": "active",
        "url": f"www.service-{number}.example",
        "organization": {
            "id": _id("organization", organization),
            "name": f"Organisation {organization}",
            "description": "A charity.",
        },
        "service_at_locations": [_at_location(number, town, chance)],
        "schedules": [
            {
                "id": _id("schedule", number),
                "freq": "WEEKLY",
                "byday": "MO,TU",
                "opens_at": "09:00",
                "closes_at": "17:00",
            }
        ],
        "phones": [{"id": _id("phone", number), "number": f"01632 96{number % 10000:04}"}],
        "cost_options": [{"id": _id("cost", number), "option": "Free", "amount": 0}],
    }


def _at_location(number: int, town: int, chance: random.Random) -> dict[str, Any]:
    address = {
        "id": _id("address", number),
        "address_1": f"{number % 200 + 1} {chance.choice(WORDS).title()} Street",
        "city": TOWNS[town],
        "state_province": "Greater Manchester",
        "postal_code": f"{POSTCODES[town]}A{'ABDEFGH'[number % 7]}",
        "country": "GB",
        "address_type": "physical",
    }
    location = {
        "id": _id("location", number),
        "location_type": "physical",
        "name": f"Hall {number}",
        "latitude": round(53.4 + chance.random() / 5, 5),
        "longitude": round(-2.4 + chance.random() / 5, 5),
        "addresses": [address],
    }
    return {"id": _id("link", number), "location": location}


def _id(kind: str, number: int) -> str:
    return str(uuid5(NAMESPACE, f"{kind} {number}"))


def dirtied(service: dict[str, Any], number: int) -> dict[str, Any]:
    """The service with one of the faults that real feeds have."""
    location = service["service_at_locations"][0]["location"]
    faults: tuple[dict[str, Any], ...] = (
        {"id": number, "status": "", "url": "http://"},
        {"name": "", "description": None},
        {"description": "The café’s “open door” – tea & talk".encode().decode("cp1252", "replace")},
        {"description": "<script>x()</script><ul><li>One<li>Two</ul>" + service["description"] * 20},
        {"schedules": [{"opens_at": "half nine", "byday": "Mondays and sometimes Tuesdays", "freq": "weekly-ish"}]},
        {"email": "jane.doe@mail.example", "description": "Ring Jane on 07700 900123 after six."},
        {"organization": None, "organization_id": "no such organisation"},
        {"name": service["name"].upper() + "\x00", "minimum_age": "eighteen", "cost_options": "free", "phones": [None]},
        {"id": _id("service", number - 1)},
    )
    if number % 16 == 0:
        location |= {"latitude": 100, "longitude": "west", "addresses": [{"postal_code": "M33 OAA"}]}
    return service | faults[number // 8 % len(faults)]


def write_json(path: Path, count: int, *, dirty: bool = False) -> None:
    """A page of full services."""
    with path.open("w", encoding="utf-8") as file:
        file.write(f'{{"total_items": {count}, "contents": [\n')
        for number, service in enumerate(services(count)):
            if dirty and number % 8 == 0:
                service = dirtied(service, number)  # noqa: PLW2901
            file.write((",\n" if number else "") + json.dumps(service))
        file.write("\n]}\n")


def write_tables(folder: Path, count: int) -> None:
    """The same as tables of HSDS."""
    folder.mkdir()
    rows: dict[str, list[str]] = {
        "organizations": ["id", "name", "description"],
        "services": ["id", "organization_id", "name", "description", "status", "url"],
        "locations": ["id", "location_type", "name", "latitude", "longitude"],
        "service_at_locations": ["id", "service_id", "location_id"],
        "addresses": ["id", "location_id", "address_1", "city", "state_province", "postal_code", "country"],
        "schedules": ["id", "service_id", "freq", "byday", "opens_at", "closes_at"],
        "phones": ["id", "service_id", "number"],
    }
    files = {name: (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") for name in rows}
    writers = {name: csv.DictWriter(files[name], columns, extrasaction="ignore") for name, columns in rows.items()}
    for writer in writers.values():
        writer.writeheader()
    seen: set[str] = set()
    for service in services(count):
        _write_rows(writers, service, seen)
    for file in files.values():
        file.close()


def _write_rows(writers: dict[str, csv.DictWriter[str]], service: dict[str, Any], seen: set[str]) -> None:
    organization, link = service["organization"], service["service_at_locations"][0]
    if organization["id"] not in seen:
        seen.add(organization["id"])
        writers["organizations"].writerow(organization)
    location = link["location"]
    ids = {"service_id": service["id"], "location_id": location["id"]}
    writers["services"].writerow({**service, "organization_id": organization["id"]})
    writers["locations"].writerow(location)
    writers["service_at_locations"].writerow({**link, **ids})
    writers["addresses"].writerow({**location["addresses"][0], **ids})
    writers["schedules"].writerow({**service["schedules"][0], **ids})
    writers["phones"].writerow({**service["phones"][0], **ids})


def write_plain(path: Path, count: int) -> None:
    """One row a service."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "description", "address", "postcode", "telephone", "website", "opening times"])
        for service in services(count):
            address = service["service_at_locations"][0]["location"]["addresses"][0]
            street = f"{address['address_1']}, {address['city']}"
            phone = service["phones"][0]["number"]
            row = [street, address["postal_code"], phone, service["url"], "Mon-Fri 9am-5pm"]
            writer.writerow([service["name"], service["description"], *row])


_MEASURED = """
import resource, sys
from app.cli import main
sys.argv = ["waymark", *sys.argv[1:]]
try:
    main()
finally:
    used = resource.getrusage(resource.RUSAGE_SELF)
    print("USED", used.ru_maxrss // 1024, used.ru_utime + used.ru_stime)
"""


# Another process that writes, and waits as those of ours do: a row at most once a tenth of a second, until its standard
# input ends.
_BESIDE = """
import select, sys, time
from app.core.engines import write_engine
taken, engine = [], write_engine("sqlite:///" + sys.argv[1])
with engine.connect() as other:
    while not select.select([sys.stdin], [], [], 0.1)[0]:
        other.connection.driver_connection.execute("PRAGMA busy_timeout=600000")
        started = time.perf_counter()
        other.exec_driver_sql("CREATE TABLE IF NOT EXISTS beside (at REAL)")
        other.exec_driver_sql("INSERT INTO beside VALUES (1)")
        other.commit()
        taken.append(time.perf_counter() - started)
taken.sort()
print(len(taken), taken[len(taken) // 2], taken[-1], sum(one > 5 for one in taken))
"""


class Run(NamedTuple):
    """How a command ran: seconds on the clock, seconds of processor time, highest memory in MB, and what it said."""

    seconds: float
    processor: float
    memory: int
    said: str


@contextmanager
def others_write(folder: Path) -> Iterator[list[float]]:
    """Write beside what runs inside; then in the list: how many writes, median wait, longest, how many over 5 s."""
    told: list[float] = []
    command = [sys.executable, "-c", _BESIDE, str(folder / "waymark.sqlite3")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as beside:
        yield told
        said, _ = beside.communicate("")
        told += [float(word) for word in said.split()]


def waymark(folder: Path, *words: str) -> Run:
    """Run a command in a process of its own."""
    settings = {"WAYMARK_INSTANCE": str(folder), "WAYMARK_INDEX_DIR": str(folder.parent / "index")}
    started = time.perf_counter()
    told = subprocess.run(
        [sys.executable, "-c", _MEASURED, *words],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode:
        raise SystemExit(f"waymark {' '.join(words)}: {told.stderr[-2000:]}")
    said, _, used = told.stdout.rpartition("USED ")
    memory, processor = used.split()
    return Run(time.perf_counter() - started, float(processor), int(memory), said.strip())


def main() -> None:
    """Generate, import twice, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    heads = (
        "services",
        "MB",
        "first s",
        "cpu s",
        "per cpu s",
        "again s",
        "RSS MB",
        "writes",
        "p50 ms",
        "max ms",
        "> 5 s",
    )
    print(f"{'feed':12}" + "".join(f"{head:>10}" for head in heads))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_json(folder / "feed.json", count)
        write_json(folder / "dirty.json", count, dirty=True)
        write_tables(folder / "tables", count)
        write_plain(folder / "plain.csv", count)
        _train(folder)
        for name in sys.argv[2:] or ("feed.json", "dirty.json", "tables", "plain.csv"):
            _measure(folder, name, count)


def _train(folder: Path) -> None:
    """Once and for all: the model that proposes topics is made at the first import and kept beside the index."""
    write_plain(folder / "small.csv", 2)
    waymark(folder / "small", "db", "upgrade")
    waymark(folder / "small", "seed", "reference")
    waymark(folder / "small", "directory", "import", str(folder / "small.csv"))


def _measure(folder: Path, name: str, count: int) -> None:
    instance = folder / f"instance-{name}"
    waymark(instance, "db", "upgrade")
    waymark(instance, "seed", "reference")
    path = folder / name
    size = sum(file.stat().st_size for file in ([path] if path.is_file() else path.iterdir())) / 1e6
    with others_write(instance) as beside:
        first = waymark(instance, "directory", "import", str(path))
    again = waymark(instance, "directory", "import", str(path))
    rate, highest = count / first.processor, max(first.memory, again.memory)
    writes, p50, longest, over = beside
    waits = (writes, p50 * 1000, longest * 1000, over)
    figures = (size, first.seconds, first.processor, rate, again.seconds, highest, *waits)
    print(f"{name:12}{count:10,}" + "".join(f"{figure:10,.0f}" for figure in figures))
    print(f"   {first.said}\n   {again.said}", flush=True)


if __name__ == "__main__":
    main()
