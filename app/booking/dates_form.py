"""The dates of a run that is to be, as they stand in a form: each ticked or not, with a day, a time and a room."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.booking import wording
from app.booking.clock_words import clock_time, dates_in
from app.booking.operations.dating import MOST_LEFT_OUT, Dated, Proposal
from app.booking.operations.programme import Taken
from app.booking.rules.repetition import LONGEST, MOST_SESSIONS, Occurrence
from app.booking.rules.wall_time import instant_of
from app.booking.staff_forms import FARTHEST
from app.core import clock
from app.core.errors import InvalidInput
from app.web.forms import Form

MOST = MOST_SESSIONS + MOST_LEFT_OUT
LONGEST_COUNT = 4
# What of the form is of the list, and not of what was asked before it.
OWN = ("row-", "take", "rows", "do", "csrf_token")


@dataclass(slots=True, kw_only=True)
class Row:
    """One date of the list. `when` is unknown where what was typed is no time; `notes` say what stands in its way."""

    number: int
    is_ticked: bool
    day: str
    at: str
    room: str
    when: Occurrence | None = None
    notes: list[str] = field(default_factory=list)
    is_wrong: bool = False

    def dated(self) -> Dated | None:
        """The date, if it is ticked and can be read."""
        return self.read() if self.is_ticked else None

    def read(self) -> Dated | None:
        """The date, ticked or not, if it can be read."""
        return Dated(when=self.when, room_id=UUID(self.room) if self.room else None) if self.when else None

    def refuse(self, words: str) -> None:
        """It cannot be as it is."""
        self.is_wrong = True
        self.notes.append(words)

    def place(self, key: object) -> str:
        """The id of what to change in it: its day where it is wrong, else whether it is to be at all."""
        return f"row-{key}-day" if self.is_wrong else f"row-{key}"


def proposed(proposals: Iterable[Proposal], room: str) -> list[Row]:
    """The dates that the rule makes; ticked are those that nothing stands in the way of."""
    return [
        Row(
            number=number,
            is_ticked=one.is_free,
            day=f"{one.when.wall:%d/%m/%Y}",
            at=f"{one.when.wall:%H:%M}",
            room=room,
            when=one.when,
            notes=_notes(one),
        )
        for number, one in enumerate(proposals)
    ]


def _notes(one: Proposal) -> list[str]:
    return [
        *day_words(in_a_break=one.in_a_break, on_a_bank_holiday=one.on_a_bank_holiday),
        *map(clash_words, one.taken),
    ]


def day_words(*, in_a_break: bool, on_a_bank_holiday: bool) -> list[str]:
    """What is to be thought of on a day."""
    told = [_("Half-term")] if in_a_break else []
    return [*told, _("A bank holiday")] if on_a_bank_holiday else told


def clash_words(taken: Taken) -> str:
    """What is taken, by what and when."""
    return wording.clash(taken.what, taken.by, taken.starts_at)


def sent(form: MultiDict[str, str], minutes: int, rooms: Iterable[str], *, second: bool | None) -> list[Row]:
    """The dates as they were sent, and of each ticked one why it cannot be read."""
    known, ticked = {"", *rooms}, set(form.getlist("take"))
    found = []
    for number in range(_count(form.get("rows", ""))):
        row = sent_row(form, number, number, known, is_ticked=str(number) in ticked)
        read(row, minutes, second=second)
        found.append(row)
    refuse_overlaps(found)
    return found


def _count(text: str) -> int:
    return min(int(text), MOST) if text.isascii() and text.isdigit() and len(text) < LONGEST_COUNT else 0


def sent_row(form: MultiDict[str, str], number: int, key: object, rooms: Set[str], *, is_ticked: bool) -> Row:
    """One date as it was sent under `key`. One that is ticked has no other room than those of the list."""
    day, at, room = (form.get(f"row-{key}-{name}", "").strip()[:40] for name in ("day", "at", "room"))
    row = Row(number=number, is_ticked=is_ticked, day=day, at=at, room=room if room in rooms else "")
    if is_ticked and room not in rooms:
        row.refuse(_("Choose a room from the list"))
    return row


def read(row: Row, minutes: int, *, second: bool | None) -> None:
    """What was typed as a time; why it is none where the row is ticked."""
    days, at = dates_in(row.day), clock_time(row.at)
    if not days or len(days) > 1 or at is None:
        if row.is_ticked:
            row.refuse(_("Enter a day like 12/1/2027 and a time like 13:30"))
        return
    if days[0] > clock.today() + FARTHEST + LONGEST:
        if row.is_ticked:
            row.refuse(_("This day is too far ahead. Look at the year"))
        return
    wall = datetime.combine(days[0], at)
    try:
        starts_at = instant_of(wall, second=second)
    except InvalidInput as error:
        row.refuse(error.message)
        return
    row.when = Occurrence(wall=wall, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes))
    if row.is_ticked and starts_at <= clock.now():
        row.refuse(_("Choose a time that is still to come"))


def refuse_overlaps(rows: list[Row]) -> None:
    """Two ticked dates at a time."""
    timed = sorted(
        ((one.when, one) for one in rows if one.is_ticked and one.when is not None), key=lambda each: each[0].starts_at
    )
    for (before, _first), (after, row) in pairwise(timed):
        if after.starts_at < before.ends_at:
            row.refuse(_("Another of these dates is at that time"))


def say_some_are_wrong(form: Form, rows: Iterable[tuple[object, Row]]) -> None:
    """Say over the list that something stands in the way, with a link to the first date of which it does."""
    told = [(key, row) for key, row in rows if row.notes]
    first = next((each for each in told if each[1].is_wrong), told[0] if told else None)
    place = first[1].place(first[0]) if first else ""
    form.refuse_at(_("Some dates cannot be as they are. Each says why."), field_id=place)


def asked_before(form: MultiDict[str, str]) -> list[tuple[str, str]]:
    """What was said before the list was shown, to be sent again with it."""
    return [(name, text) for name, text in form.items(multi=True) if not name.startswith(OWN)]
