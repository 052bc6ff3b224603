"""A stretch of safe time on a form: the days to tick, and from when until when."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.utils import unset_value
from wtforms.validators import StopValidation

from app.people.labels import DAYS
from app.people.rules.contact import SafeTime

_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.]?([0-5][0-9]))?\s*(am|pm)?", re.IGNORECASE)


class SafeTimeField(Field):  # type: ignore[misc]
    """Days and two times of day for one `SafeTime`; None where all of it is empty. What was typed is kept."""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Take the stretch from the form if it was sent, else from `data`."""
        super().process(None, data, extra_filters)
        found: SafeTime | None = self.data
        self.chosen = {str(day) for day in found.weekdays} if found else set[str]()
        self.opens = f"{found.opens:%H:%M}" if found else ""
        self.closes = f"{found.closes:%H:%M}" if found else ""
        self.problem = ""
        if formdata and any(f"{self.name}-{part}" in formdata for part in ("days", "from", "to")):
            self.chosen = set(formdata.getlist(f"{self.name}-days"))
            self.opens = formdata.get(f"{self.name}-from", "").strip()
            self.closes = formdata.get(f"{self.name}-to", "").strip()
            self._read()

    @property
    def days(self) -> list[tuple[str, str, bool]]:
        """Value, name and whether it is ticked, for each day of the week."""
        return [(str(number), str(name), str(number) in self.chosen) for number, name in enumerate(DAYS)]

    @property
    def is_filled(self) -> bool:
        """Whether anything stands in it."""
        return bool(self.chosen or self.opens or self.closes)

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms passes the form
        """Refuse what is no stretch of time."""
        if self.problem:
            raise StopValidation(self.problem)

    def _read(self) -> None:
        self.data = None
        if not self.is_filled:
            return
        weekdays = frozenset(int(day) for day in self.chosen if day in {"0", "1", "2", "3", "4", "5", "6"})
        opens, closes = clock_time(self.opens), clock_time(self.closes)
        if not weekdays:
            self.problem = _("Choose at least one day")
        elif opens is None or closes is None:
            self.problem = _("Enter both times, such as 9:30 and 17:00")
        elif opens >= closes:
            self.problem = _("The second time must be later than the first")
        else:
            self.data = SafeTime(weekdays, opens, closes)


def clock_time(text: str) -> time | None:
    """A time of day as people type it: 9, 9:30, 9.30am, 5pm, 17:00; None for anything else."""
    found = _CLOCK.fullmatch(text)
    if found is None or not found[1].isascii():
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 else None
