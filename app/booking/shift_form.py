"""The dates of a run that are to change together, as they stand in a form: each ticked or not, with what it was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.booking import dates_form, wording
from app.booking.clock_words import clock_time, dates_in
from app.booking.dates_form import Row
from app.booking.models import BookableSession, Term
from app.booking.operations.changes import NewDate, Where
from app.booking.rules.repetition import Occurrence
from app.booking.staff_forms import STAYS, ShiftForm

MINUTE = timedelta(minutes=1)


@dataclass(slots=True, kw_only=True)
class Shifted:
    """A date of the list: the row, the date that it is of, and when and where that is now, in words."""

    row: Row
    of: BookableSession
    was: str

    def new(self) -> NewDate | None:
        """What it is to be, if it is ticked and can be read. A link of its own goes with the room."""
        if not self.row.is_ticked or self.row.is_wrong or self.row.when is None:
            return None
        room_id, when = UUID(self.row.room) if self.row.room else None, self.row.when
        link = self.of.join_link if room_id == self.of.room_id else None
        where = Where(room_id=room_id, join_link=link)
        return NewDate(of=self.of, wall=when.wall, starts_at=when.starts_at, ends_at=when.ends_at, where=where)


def proposed(sessions: Sequence[BookableSession], form: ShiftForm, *, holidays: Set[date]) -> list[Shifted]:
    """The dates as the form says that they shall be, all ticked."""
    found = []
    for number, one in enumerate(sessions):
        day, at = _day(one, form), clock_time(form.at.data or "") or one.wall_start.time()
        room = str(one.room_id or "") if form.room.data == STAYS else form.room.data or ""
        row = Row(number=number, is_ticked=True, day=f"{day:%d/%m/%Y}", at=f"{at:%H:%M}", room=room)
        found.append(_read(row, one, form))
        row.notes.extend(_notes(day, one.run.term, holidays))
    dates_form.refuse_overlaps([each.row for each in found])
    return found


def _day(one: BookableSession, form: ShiftForm) -> date:
    """So many weeks later; another weekday is one of the same week."""
    day = one.wall_start.date() + timedelta(weeks=form.weeks.data or 0)
    return day if not form.weekday.data else day + timedelta(days=int(form.weekday.data) - day.weekday())


def _notes(day: date, term: Term | None, holidays: Set[date]) -> Iterable[str]:
    """What is not in the way, and still is to be thought of."""
    if term is not None and term.pause_from and term.pause_to and term.pause_from <= day <= term.pause_to:
        yield _("Half-term")
    if day in holidays:
        yield _("A bank holiday")


def sent(sessions: Sequence[BookableSession], form: ShiftForm, told: MultiDict[str, str]) -> list[Shifted]:
    """The dates as they were sent. One that is called off, or has begun, meanwhile is not there any more."""
    ticked, rooms = set(told.getlist("take")), {str(one.value) for one in form.room.choices}
    found = []
    for number, one in enumerate(sessions):
        if f"row-{one.id}-day" not in told:
            continue
        row = dates_form.sent_row(told, number, one.id, rooms - {STAYS}, is_ticked=str(one.id) in ticked)
        found.append(_read(row, one, form))
    dates_form.refuse_overlaps([each.row for each in found])
    return found


def _read(row: Row, one: BookableSession, form: ShiftForm) -> Shifted:
    minutes = form.minutes.data or (one.ends_at - one.starts_at) // MINUTE
    if _is_as_it_was(row, one):
        # Which of two equal times it is need not be asked again.
        ends_at = one.starts_at + timedelta(minutes=minutes) if form.minutes.data else one.ends_at
        row.when = Occurrence(wall=one.wall_start, starts_at=one.starts_at, ends_at=ends_at)
    else:
        dates_form.read(row, minutes, second=form.is_second)
    place = one.room.name if one.room else _("No room yet")
    return Shifted(row=row, of=one, was=f"{wording.session_time(one.starts_at, one.ends_at)}, {place}")


def _is_as_it_was(row: Row, one: BookableSession) -> bool:
    days, at = dates_in(row.day), clock_time(row.at)
    wall = one.wall_start.replace(second=0, microsecond=0)
    return bool(days) and at is not None and len(days or ()) == 1 and datetime.combine((days or [])[0], at) == wall
