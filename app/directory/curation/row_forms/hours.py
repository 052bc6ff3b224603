"""Opening hours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice

from app.directory.codes import Frequency
from app.directory.curation.clock_words import read_time
from app.directory.curation.parts.rows import Row
from app.directory.curation.row_forms.base import LINE, RowForm
from app.directory.importing.cleaning.hours import DAYS as WEEK
from app.directory.showing.days import day_rules

DAYS = [
    SelectChoice("MO", _("Monday")), SelectChoice("TU", _("Tuesday")), SelectChoice("WE", _("Wednesday")),
    SelectChoice("TH", _("Thursday")), SelectChoice("FR", _("Friday")), SelectChoice("SA", _("Saturday")),
    SelectChoice("SU", _("Sunday")),
]  # fmt: skip
HOW_OFTEN = [
    SelectChoice("", _("Every week")),
    SelectChoice("1", _("The first in the month")),
    SelectChoice("2", _("The second in the month")),
    SelectChoice("3", _("The third in the month")),
    SelectChoice("4", _("The fourth in the month")),
    SelectChoice("-1", _("The last in the month")),
]
# Who closes the next morning opens in the evening: anything else is a slip of the pen.
EVENING, MORNING = "16:00", "12:00"
ONCE_A_MONTH = {choice.value for choice in HOW_OFTEN if choice.value}


class HoursRow(RowForm):
    """One regular opening."""

    days = SelectMultipleField(_("Days"), choices=DAYS)
    often = SelectField(_("How often"), choices=HOW_OFTEN)
    opens = StringField(_("Opens at"), validators=LINE)
    closes = StringField(_("Closes at"), validators=LINE)
    place = SelectField(_("Where"), choices=[], validate_choice=False)
    note = StringField(_("A word about it"), validators=LINE)
    by_appointment = BooleanField(_("By appointment only"))
    term_time = BooleanField(_("In term time only"))

    @classmethod
    def can_show(cls, row: Row) -> bool:
        """Days of every week or of one week of the month; or words alone."""
        if row.get("bymonthday") or row.get("interval", 1) != 1 or len(row.get("description", "")) > 200:
            return False
        rules = day_rules(row.get("byday"))
        if not rules:
            return not (row.get("byday") or row.get("opens_at") or row.get("closes_at")) and "description" in row
        weeks = {rule.nth for rule in rules}
        return len(weeks) == 1 and (weeks <= {0} or str(next(iter(weeks))) in ONCE_A_MONTH)

    @classmethod
    def shown(cls, row: Row) -> dict[str, Any]:
        """As the fields show it."""
        rules = day_rules(row.get("byday"))
        return {
            "days": [WEEK[number] for number in sorted({rule.weekday for rule in rules})],
            "often": next((str(rule.nth) for rule in rules if rule.nth), ""),
            "opens": row.get("opens_at", ""),
            "closes": row.get("closes_at", ""),
            "place": row.get("place", ""),
            "note": row.get("description", ""),
            "by_appointment": row.get("by_appointment", False),
            "term_time": row.get("term_time", False),
        }

    def sent(self) -> dict[str, Any]:
        """What the fields say; a time that cannot be read as it was typed."""
        return {
            "days": [day for day in WEEK if day in (self.days.data or ())],
            "often": self.often.data or "",
            "opens": _time_of(self.opens.data),
            "closes": _time_of(self.closes.data),
            "place": self.place.data or "",
            "note": self.note.data or "",
            "by_appointment": self.by_appointment.data,
            "term_time": self.term_time.data,
        }

    def offer(self, places: list[SelectChoice]) -> None:
        """The places to choose from."""
        self.place.choices = places
        if self.place.data not in {choice.value for choice in places}:
            self.place.data = ""

    def row(self) -> Row | None:
        """How often and where say nothing without a day or a word."""
        return super().row() if self.is_fixed or self._says_something else None

    @property
    def _says_something(self) -> bool:
        sent = self.sent()
        return any(sent[name] for name in ("days", "opens", "closes", "note"))

    def validate(self, extra_validators: Any = None) -> bool:
        """As the others; a row in which only the choices stand is an empty one."""
        return not (self.is_fixed or self._says_something) or super().validate(extra_validators)

    def is_whole(self) -> bool:
        """Days go with times, and the door opens before it closes."""
        opens, closes, note = self.opens.data, self.closes.data, self.note.data
        if not (self.days.data or opens or closes):
            return True
        if not self.days.data:
            return self.refuse(self.days, _("Tick the days"))
        if not opens and (closes or not note):
            return self.refuse(self.opens, _("Enter when it opens, like 9am or 13:30"))
        for field in (self.opens, self.closes):
            if field.data and read_time(field.data) is None:
                return self.refuse(field, _("Enter a time like 9am, 1:30pm or 17:00"))
        return not closes or self._is_in_order(_time_of(opens), _time_of(closes))

    def _is_in_order(self, opens: str, closes: str) -> bool:
        if closes == "00:00" or closes > opens or (opens >= EVENING and closes <= MORNING and closes != opens):
            return True
        return self.refuse(self.closes, _("The closing time must be after the opening time"))

    def built(self, sent: Mapping[str, Any]) -> Row:
        """Days and weeks as iCalendar writes them, the rest as it is."""
        names = {
            "place": "place", "opens_at": "opens", "closes_at": "closes", "description": "note",
            "by_appointment": "by_appointment", "term_time": "term_time",
        }  # fmt: skip
        row = {**(self.before or {}), **{column: sent[name] for column, name in names.items()}}
        before = self.shown(self.before) if self.before else {}
        if (sent["days"], sent["often"]) != (before.get("days"), before.get("often")):
            row["byday"] = ",".join(f"{sent['often']}{day}" for day in sent["days"])
            row["freq"] = (Frequency.MONTHLY if sent["often"] else Frequency.WEEKLY).value if sent["days"] else ""
        return {name: value for name, value in row.items() if value not in ("", False, None)}


def _time_of(text: str | None) -> str:
    found = read_time(text) if text else None
    return found.strftime("%H:%M") if found else text or ""
