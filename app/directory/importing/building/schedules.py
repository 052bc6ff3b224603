"""Opening times of a feed, structured or in words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.directory.codes import FlagCode, Frequency
from app.directory.importing.building.feed import Feed
from app.directory.importing.building.fields import Fields
from app.directory.importing.building.parts import parts_of
from app.directory.importing.bundles import Bundle, Row
from app.directory.importing.cleaning import values
from app.directory.importing.cleaning.hours import DAYS, Hours, byday_of, parse_hours, tells_times
from app.directory.importing.identity import part_of
from app.directory.importing.raw import Raw, Where

_FREQUENCIES = {
    "weekly": Frequency.WEEKLY, "w": Frequency.WEEKLY, "week": Frequency.WEEKLY, "daily": Frequency.WEEKLY,
    "monthly": Frequency.MONTHLY, "m": Frequency.MONTHLY, "month": Frequency.MONTHLY,
}  # fmt: skip


def add_schedules(
    feed: Feed,
    bundle: Bundle,
    raws: list[Raw],
    where: Where,
    *,
    service: Fields,
    at_location: UUID | None = None,
    read_words: bool = True,
) -> None:
    """Add the openings; those of one place belong to the service at that place."""
    for fields, row in parts_of(feed, bundle, "schedule", raws, where, owner=at_location):
        owner: Row = row if at_location is None else {"id": row["id"], "service_at_location_id": at_location}
        told = _told(fields)
        if told["opens_at"] is None and told["byday"] is None and told["description"] and read_words:
            _add_words(bundle, owner, told, service)
        elif any(value for name, value in told.items() if name != "interval"):
            bundle.add("schedule", {**owner, **told, "position": len(bundle.rows("schedule"))})


def _told(fields: Fields) -> Row:
    byday, freq = _days(fields)
    return {
        "freq": freq,
        "interval": fields.count("interval"),
        "byday": byday,
        "bymonthday": fields.line("bymonthday"),
        "dtstart": fields.day("dtstart"),
        "valid_from": fields.day("valid_from"),
        "valid_to": fields.day("valid_to"),
        "opens_at": _clock(fields, "opens_at"),
        "closes_at": _clock(fields, "closes_at"),
        "description": fields.text("description"),
        "schedule_link": fields.url("schedule_link"),
        "attending_type": fields.line("attending_type"),
        "notes": fields.text("notes"),
        "term_time": fields.truth("term_time"),
        "by_appointment": fields.truth("by_appointment"),
    }


def _days(fields: Fields) -> tuple[str | None, Frequency | None]:
    words = fields.words("byday", "weekday")
    byday = byday_of(words) if words else None
    if words and byday is None:
        fields.note(f"schedule: {words[:60]!r} names no days and was left out")
    told = fields.words("freq").casefold()
    freq = _FREQUENCIES.get(told)
    if told == "daily" and byday is None:
        byday = ",".join(DAYS)
    if byday and freq is None:
        freq = Frequency.MONTHLY if any(ch.isdigit() for ch in byday) else Frequency.WEEKLY
    return byday, freq


def _clock(fields: Fields, name: str) -> Any:
    told = fields.words(name)
    found = values.clock_time(told) if told else None
    if told and found is None:
        fields.note(f"{name}: {told[:60]!r} is no time and was left out")
    return found


def _add_words(bundle: Bundle, owner: Row, told: Row, service: Fields) -> None:
    """Hours in words: read where certain, the words always kept."""
    found = parse_hours(told["description"]) or []
    if not found:
        bundle.add("schedule", {**owner, **told, "position": len(bundle.rows("schedule"))})
        if told["freq"] is None and tells_times(told["description"]):
            service.flag(FlagCode.HOURS_NOT_READ, "schedules", told["description"][:200])
            service.note(f"opening times {told['description'][:60]!r} could not be read; their words are kept")
    for number, hours in enumerate(found):
        row_id = owner["id"] if number == 0 else part_of(owner["id"], "schedule", str(number))
        words = told["description"] if number == 0 else None
        read = {**told, **_read(hours), "description": words, "position": len(bundle.rows("schedule"))}
        bundle.add("schedule", {**owner, **read, "id": row_id})


def _read(hours: Hours) -> Row:
    return {
        "freq": hours.freq,
        "byday": hours.byday,
        "opens_at": hours.opens_at,
        "closes_at": hours.closes_at,
        "term_time": hours.term_time,
        "by_appointment": hours.by_appointment,
    }
