"""Opening hours: a row for each schedule, of the listing itself or of one of its places (`place`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, time
from typing import Any
from uuid import uuid4

from app.directory.codes import Frequency
from app.directory.curation.parts.rows import Row, key_of, plain, without_nothing
from app.directory.models import Schedule, Service

DAYS = ("dtstart", "valid_from", "valid_to")
TIMES = ("opens_at", "closes_at")
COLUMNS = (
    "freq", "interval", "byday", "bymonthday", *DAYS, *TIMES, "description", "schedule_link", "attending_type",
    "notes", "term_time", "by_appointment",
)  # fmt: skip


def rows_of(service: Service) -> list[Row]:
    """The hours of a listing, its own first."""
    own = [row_of(schedule, None) for schedule in service.schedules]
    return own + [
        row_of(schedule, str(link.id)) for link in service.service_at_locations for schedule in link.schedules
    ]


def schedule_of(row: Row) -> Schedule:
    """A new schedule that says what the row does, of nobody yet."""
    values: dict[str, Any] = {name: row.get(name) for name in COLUMNS}
    values |= {name: date.fromisoformat(row[name]) for name in DAYS if row.get(name)}
    values |= {name: time.fromisoformat(row[name]) for name in TIMES if row.get(name)}
    values |= {name: bool(row.get(name)) for name in ("term_time", "by_appointment")}
    values["freq"] = Frequency(row["freq"]) if row.get("freq") else None
    return Schedule(id=uuid4(), **values)


def put(service: Service, rows: Iterable[Row]) -> None:
    """Bring the hours of a listing to the rows. Those that stay keep their records, and with them their ids.

    Hours of a place that the listing does not have (any more) become its own.
    """
    links = {str(link.id): link for link in service.service_at_locations}
    known: dict[str, list[Schedule]] = defaultdict(list)
    for schedule in service.schedules:
        known[key_of(row_of(schedule, None))].append(schedule)
    for place, link in links.items():
        for schedule in link.schedules:
            known[key_of(row_of(schedule, place))].append(schedule)
    wanted: dict[str, list[Schedule]] = defaultdict(list)
    for row in rows:
        place = str(row.get("place", ""))
        owner = place if place in links else ""
        same = known[key_of(row)]
        schedule = same.pop(0) if same else schedule_of(row)
        schedule.position = len(wanted[owner])
        wanted[owner].append(schedule)
    service.schedules = wanted[""]
    for place, link in links.items():
        link.schedules = wanted[place]


def row_of(schedule: Schedule, place: str | None) -> Row:
    """The row of a schedule, of the listing or of the `place` with this id."""
    return without_nothing({"place": place, **{name: plain(getattr(schedule, name)) for name in COLUMNS}})
