"""A list as plain text, to paste into a message or a record: names, numbers, places and hours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from app.directory.models import Service
from app.directory.showing.hours import hours_rows, schedules_of
from app.directory.showing.places import address_lines, main_phone, visible_places
from app.directory.telephones import Line


def as_text(services: Iterable[Service]) -> str:
    """A paragraph a service."""
    return "\n\n".join("\n".join(_lines(service)) for service in services)


def _lines(service: Service) -> Iterator[str]:
    yield service.name
    if service.organization.name != service.name:
        yield service.organization.name
    if phone := main_phone(service):
        yield _("Text %(number)s", number=phone.number) if phone.line is Line.TEXTS else phone.number
    for place in visible_places(service)[:2]:
        lines = [line for address in place.addresses[:1] for line in address_lines(address)]
        yield ", ".join(dict.fromkeys(part for part in (place.name or "", *lines) if part))
    for row in hours_rows(schedules_of(service))[:4]:
        yield " ".join(part for part in (row.days, row.times) if part) or row.note
    if service.url:
        yield service.url
