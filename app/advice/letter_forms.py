"""The forms of letters, and the words that each puts around what is typed. No letter says what the case is about."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired

from app.advice.case_forms import Shown
from app.advice.codes import LetterKind
from app.core import clock
from app.people.forms import LONG, SHORT
from app.people.safe_time_field import clock_time
from app.web.dates import DateField
from app.web.filters import day
from app.web.forms import Form

LATEST = date(2100, 1, 1)


class LetterForm(Form):
    """What is typed for a letter. `body` makes the letter of it."""

    title: ClassVar[LazyString]
    shown: ClassVar[tuple[Shown, ...]]

    def body(self, name: str) -> str:
        """The letter, to somebody of that name or to nobody by name. Each form says how.

        WTForms' own metaclass leaves no room for an abstract method.
        """
        raise NotImplementedError


def _letter(name: str, *paragraphs: str) -> str:
    greeting = _("Dear %(name)s,", name=name) if name else _("Hello,")
    return "\n\n".join([greeting, *filter(None, paragraphs)])


class AppointmentLetterForm(LetterForm):
    """An appointment."""

    title = _l("Appointment letter")
    shown = (
        ("date", "on", ""),
        ("input", "at", _l("For example 9:30am.")),
        ("textarea", "place", _l("The address, and how to find it.")),
        ("textarea", "bring", ""),
        ("textarea", "more", ""),
    )
    on = DateField(_l("The day"), validators=[DataRequired(_l("Enter the day"))])
    at = StringField(_l("The time"), validators=[DataRequired(_l("Enter the time, like 9:30am")), *SHORT])
    place = TextAreaField(_l("The place"), validators=[DataRequired(_l("Say where it is")), *LONG])
    bring = TextAreaField(_l("What should they bring?"), validators=LONG)
    more = TextAreaField(_l("Anything else to say?"), validators=LONG)

    def validate_on(self, field: Any) -> None:
        """A day that is still to come."""
        if field.data is not None and not clock.today() <= field.data <= LATEST:
            raise ValidationError(_("The day must not be in the past"))

    def validate_at(self, field: Any) -> None:
        """A time of day."""
        if field.data and clock_time(field.data) is None:
            raise ValidationError(_("Enter the time, like 9:30am"))

    def body(self, name: str) -> str:
        """When, where, what to bring, and what to do if they cannot come."""
        return _letter(
            name,
            _("We have booked a time to meet you."),
            _("Day: %(day)s\nTime: %(time)s\nPlace: %(place)s", day=day(self.on.data or clock.today()),
              time=self.at.data, place=self.place.data),
            _("Please bring:\n%(things)s", things=self.bring.data) if self.bring.data else "",
            self.more.data or "",
            _("If you cannot come, please let us know before then. We will find another time."),
        )  # fmt: skip


class ClosingLetterForm(LetterForm):
    """The end of the work."""

    title = _l("Closing letter")
    shown = (
        ("textarea", "done", _l("In plain words, as they would say it.")),
        ("textarea", "next", _l("Dates to keep, and who can help with what.")),
        ("textarea", "more", ""),
    )
    done = TextAreaField(_l("What did we do?"), validators=[DataRequired(_l("Say what was done")), *LONG])
    next = TextAreaField(_l("What can they do next?"), validators=LONG)
    more = TextAreaField(_l("Anything else to say?"), validators=LONG)

    def body(self, name: str) -> str:
        """What was done, what comes next, and that they may come back."""
        return _letter(
            name,
            _("We have finished our work with you for now. This is what we did:"),
            self.done.data or "",
            _("What you can do next:\n%(next)s", next=self.next.data) if self.next.data else "",
            self.more.data or "",
            _("If you need help again, please get in touch. You do not have to wait until it gets worse."),
        )


LETTER_FORMS: dict[LetterKind, type[LetterForm]] = {
    LetterKind.APPOINTMENT: AppointmentLetterForm,
    LetterKind.CLOSING: ClosingLetterForm,
}
