"""The forms of staff who run courses and groups."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from app.accounts.addresses import as_reached
from app.booking.clock_words import clock_time, dates_in
from app.booking.codes import KeptFor, NeedKind, PoolKind, WhoMayBook
from app.booking.models import BookableSession, Facilitator, Pool, Room, Term
from app.booking.rules.repetition import Repetition, week_of_month
from app.booking.rules.wall_time import MissingHour, RepeatedHour
from app.booking.wording import NEEDS, lead_words, session_day
from app.core import clock
from app.core.errors import InvalidInput, Refused
from app.core.postcode import parse
from app.directory.models import Service
from app.web.dates import DateField
from app.web.forms import Form

SHORT = Length(max=100, message=_("Use 100 characters or fewer"))
A_TIME = Length(max=100, message=_("Enter a time, like 13:30 or 2pm"))
WORDS = Length(max=500, message=_("Use 500 characters or fewer"))
OFTEN = [
    SelectChoice("1", _("Every week")),
    SelectChoice("2", _("Every two weeks")),
    SelectChoice("nth", _("Every month, on the same week and day")),
]
WHO = [
    SelectChoice(WhoMayBook.ANYONE.value, _("Anyone")),
    SelectChoice(WhoMayBook.AREA.value, _("People who live in the area")),
    SelectChoice(WhoMayBook.REFERRED.value, _("People whom staff book")),
    SelectChoice(WhoMayBook.INVITED.value, _("People whom you or the hub invite")),
]
KEPT_CHOICES = {
    KeptFor.REFERRED: _("They were referred, by a GP or a support worker"),
    KeptFor.CARERS: _("They are a carer"),
}
FARTHEST = timedelta(days=3 * 366)
LONG_OVER = timedelta(days=10 * 366)
SECOND = [SelectChoice("first", _("The first, before the clocks change")), SelectChoice("second", _("The second"))]


def needed_unless_people_just_come(form: Any, field: Any) -> None:
    """A drop-in has no places to count."""
    is_drop_in = form.kind.data == PoolKind.DROP_IN.value
    check = Optional() if is_drop_in else InputRequired(_("Enter the number of places"))
    check(form, field)


class WhenForm(Form):
    """A day, a time and how long."""

    day = DateField(_("Day"), validators=[DataRequired(_("Enter the day"))])
    at = StringField(_("It starts at"), validators=[DataRequired(_("Enter a time, like 13:30 or 2pm")), A_TIME])
    minutes = IntegerField(
        _("How many minutes does it last?"),
        validators=[
            InputRequired(_("Enter the minutes")),
            NumberRange(5, 720, message=_("Enter a number of minutes from 5 to 720")),
        ],
    )
    second = RadioField(_("The clocks go back that night. Which one?"), choices=SECOND, validators=[Optional()])
    room = SelectField(_("Where is it?"), validators=[Optional()])

    def validate_day(self, field: Any) -> None:
        """Not over, and not so far ahead that the year is a slip of the hand."""
        today = clock.today()
        if field.data and field.data < today:
            raise ValidationError(_("This day is over. Choose one that is still to come"))
        if field.data and field.data > today + FARTHEST:
            raise ValidationError(_("This day is more than three years ahead. Look at the year"))

    def validate_at(self, field: Any) -> None:
        """A time on a clock."""
        if field.data and clock_time(field.data) is None:
            raise ValidationError(_("Enter a time, like 13:30 or 2pm"))

    def show_rooms(self, rooms: Sequence[Room]) -> None:
        """The organisation's rooms."""
        self.room.choices = [
            SelectChoice("", _("Not said yet")),
            *(SelectChoice(str(one.id), one.name) for one in rooms),
        ]

    @property
    def room_id(self) -> UUID | None:
        """The room chosen."""
        return UUID(self.room.data) if self.room.data else None

    @property
    def is_second(self) -> bool | None:
        """Which of two equal times is meant, if it was said."""
        return {"first": False, "second": True}.get(self.second.data or "")

    def say_why_not(self, error: InvalidInput | Refused) -> None:
        """Say what stands in the way, once, and of a time that is missing or comes twice where it is asked for."""
        if isinstance(error, RepeatedHour):
            self.second.errors = [error.message]
        elif isinstance(error, MissingHour):
            self.at.errors = [error.message]
        elif error.message not in self.form_errors:
            self.form_errors.append(error.message)


def _over_tls(_form: Form, field: Any) -> None:
    if field.data and not field.data.startswith("https://"):
        raise ValidationError(_("Enter a web address that begins with https://"))
    if field.data and not _leads_somewhere(field.data):
        raise ValidationError(_("Enter the whole web address, like https://meet.example"))


def _leads_somewhere(address: str) -> bool:
    try:
        host = urlsplit(address).hostname
    except ValueError:
        return False
    return bool(host) and not any(letter.isspace() for letter in address)


def some_districts(form: Any, field: Any) -> None:
    """First halves of postcodes, where the area decides: by anything else nobody could book."""
    if form.who.data == WhoMayBook.AREA.value:
        read = [parse(word) for word in districts(field.data or "").split()]
        if not read or any(one is None or one.sector for one in read):
            raise ValidationError(_("Enter the first halves of the postcodes, like WX1 WX2"))


def districts(text: str) -> str:
    """Postcode districts as they are kept: in capitals, a space between."""
    return " ".join(text.upper().replace(",", " ").split())


def a_likely_year(_form: Any, field: Any) -> None:
    """A year so far away that it is a slip of the hand."""
    if field.data and field.data > clock.today() + FARTHEST:
        raise ValidationError(_("This day is more than three years ahead. Look at the year"))
    if field.data and field.data < clock.today() - LONG_OVER:
        raise ValidationError(_("This day was more than ten years ago. Look at the year"))


JOIN_LINK = [Length(max=1900, message=_("Use 1,900 characters or fewer")), _over_tls]


# The value of a choice by which each date keeps what it has.
STAYS = "stays"
DAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))


class ShiftForm(Form):
    """Another day, time or room of all dates of a run that are to come; what is left as it is stays."""

    first = SelectField(_("From which date on?"))
    weekday = SelectField(
        _("On which day?"),
        choices=[
            SelectChoice("", _("Each stays on its day")),
            *(SelectChoice(str(number), day) for number, day in enumerate(DAYS)),
        ],
    )
    weeks = IntegerField(
        _("How many weeks later?"),
        default=0,
        validators=[
            InputRequired(_("Enter a number of weeks, 0 where the weeks stay")),
            NumberRange(0, 52, message=_("Enter a number of weeks from 0 to 52")),
        ],
    )
    at = StringField(_("It starts at"), validators=[A_TIME])
    minutes = IntegerField(
        _("How many minutes does it last?"),
        validators=[Optional(), NumberRange(5, 720, message=_("Enter a number of minutes from 5 to 720"))],
    )
    second = RadioField(_("The clocks go back that night. Which one?"), choices=SECOND, validators=[Optional()])
    room = SelectField(_("Where is it?"), default=STAYS)

    validate_at = WhenForm.validate_at
    is_second = WhenForm.is_second

    def show(self, coming: Sequence[BookableSession], rooms: Sequence[Room]) -> None:
        """The dates to come, and the organisation's rooms."""
        self.first.choices = [SelectChoice(str(one.id), session_day(one.starts_at)) for one in coming]
        self.room.choices = [
            SelectChoice(STAYS, _("Each stays where it is")),
            SelectChoice("", _("Not said yet")),
            *(SelectChoice(str(one.id), one.name) for one in rooms),
        ]

    def from_then_on(self, coming: Sequence[BookableSession]) -> list[BookableSession]:
        """The dates from the chosen one on."""
        ids = [str(one.id) for one in coming]
        return list(coming[ids.index(self.first.data) :])


class MoveForm(WhenForm):
    """Another time, room or link of one date."""

    join_link = StringField(_("A link to join, for this date only"), validators=JOIN_LINK)


class RunForm(WhenForm):
    """A course or a group put on. `key` is the same where the form is sent twice."""

    key = HiddenField(default=lambda: secrets.token_urlsafe(12))
    listing = SelectField(_("Which course or group?"), validators=[DataRequired(_("Choose one"))])
    kind = RadioField(
        _("What do people book?"),
        choices=[
            SelectChoice(PoolKind.RUN.value, _("The whole course, all dates at once")),
            SelectChoice(PoolKind.SESSION.value, _("Each date by itself")),
            SelectChoice(PoolKind.DROP_IN.value, _("Nothing: people just come")),
        ],
        default=PoolKind.RUN.value,
    )
    often = SelectField(_("How often?"), choices=OFTEN)
    count = IntegerField(
        _("How many dates?"),
        validators=[
            InputRequired(_("Enter how many dates there are")),
            NumberRange(1, 200, message=_("Enter a number from 1 to 200")),
        ],
    )
    skips = TextAreaField(_("Days to leave out"), validators=[WORDS])
    term = SelectField(_("Term"), validators=[Optional()])
    capacity = IntegerField(
        _("How many places?"),
        validators=[
            needed_unless_people_just_come,
            NumberRange(0, 1000, message=_("Enter a number of places from 0 to 1000")),
        ],
    )
    leads = SelectMultipleField(_("Who leads it?"))
    who = SelectField(_("Who may book?"), choices=WHO)
    area = StringField(_("Postcode districts of the area"), validators=[SHORT, some_districts])
    together = IntegerField(
        _("How many may come on one booking?"),
        default=2,
        validators=[
            InputRequired(_("Enter a number from 1 to 10")),
            NumberRange(1, 10, message=_("Enter a number from 1 to 10")),
        ],
    )
    waiting_list = BooleanField(_("Keep a waiting list"), default=True)

    def show(self, listings: Sequence[Service], terms: Sequence[Term], people: Sequence[Facilitator]) -> None:
        """What there is to choose from."""
        self.listing.choices = [SelectChoice(str(one.id), one.name) for one in listings]
        self.term.choices = [SelectChoice("", _("No term")), *(SelectChoice(str(one.id), one.name) for one in terms)]
        self.leads.choices = [SelectChoice(str(one.id), f"{one.name} ({lead_words(one.kind)})") for one in people]

    def validate_skips(self, field: Any) -> None:
        """Days, one a line."""
        if dates_in(field.data or "") is None:
            raise ValidationError(_("Enter each day on a line of its own, like 24/12/2026"))

    def rule(self) -> Repetition:
        """The dates as a rule."""
        day: Any = self.day.data
        return Repetition(
            first=day,
            at=clock_time(self.at.data),  # type: ignore[arg-type]
            minutes=self.minutes.data,
            interval=2 if self.often.data == "2" else 1,
            nth=week_of_month(day) if self.often.data == "nth" else None,
            count=self.count.data,
            skips=frozenset(dates_in(self.skips.data or "") or ()),
            second=self.is_second,
        )


class ReasonForm(Form):
    """Why something is called off or changed."""

    reason = TextAreaField(_("Why?"), validators=[DataRequired(_("Say why, in a sentence")), WORDS])


class TellForm(Form):
    """A few words to everybody who is booked."""

    date = SelectField(_("To whom?"))
    words = TextAreaField(
        _("What should they know?"),
        validators=[
            DataRequired(_("Write a sentence or two")),
            Length(max=300, message=_("Use 300 characters or fewer: some get it as a text")),
        ],
    )

    def show(self, coming: Sequence[BookableSession]) -> None:
        """Everybody, or who is booked on one of the dates to come."""
        self.date.choices = [
            SelectChoice("", _("Everybody with a place on a date to come")),
            *(
                SelectChoice(str(one.id), _("Those booked on %(day)s", day=session_day(one.starts_at)))
                for one in coming
            ),
        ]


class PlacesForm(Form):
    """Another number of places."""

    capacity = IntegerField(
        _("How many places?"),
        validators=[
            InputRequired(_("Enter the number of places")),
            NumberRange(0, 1000, message=_("Enter a number of places from 0 to 1000")),
        ],
    )


class FewerForm(Form):
    """Fewer places than are taken: whether those who have one are asked to move."""

    ask = RadioField(
        _("Shall we write to the people who have a place?"),
        choices=[
            SelectChoice("yes", _("Yes, ask whether another date suits them as well")),
            SelectChoice("no", _("No, write to nobody")),
        ],
        validators=[DataRequired(_("Choose one"))],
    )
    words = TextAreaField(_("Anything that they should know?"), validators=[WORDS])


class KeepForm(Form):
    """Places that are kept for some."""

    kept_for = RadioField(
        _("For whom?"),
        choices=[
            SelectChoice(KeptFor.REFERRED.value, _("People who are referred, by a GP or a support worker")),
            SelectChoice(KeptFor.CARERS.value, _("Carers")),
        ],
        validators=[DataRequired(_("Choose one"))],
    )
    count = IntegerField(
        _("How many places?"),
        validators=[
            InputRequired(_("Enter the number of places")),
            NumberRange(1, 1000, message=_("Enter a number of places from 1 to 1000")),
        ],
    )
    days = IntegerField(
        _("How many days before it starts are they opened to everyone?"),
        default=7,
        validators=[
            InputRequired(_("Enter a number of days")),
            NumberRange(1, 180, message=_("Enter a number of days from 1 to 180")),
        ],
    )
    all_dates = BooleanField(_("The same for every date to come"))


class InviteForm(Form):
    """Somebody who is invited, or a link to give out."""

    name = StringField(_("Whom do you invite?"), validators=[DataRequired(_("Enter a name")), SHORT])
    address = StringField(
        _("Their email address or mobile number"),
        validators=[Length(max=254, message=_("Use 254 characters or fewer"))],
    )
    most_people = IntegerField(
        _("How many people may use the link?"),
        default=1,
        validators=[
            InputRequired(_("Enter a number from 1 to 200")),
            NumberRange(1, 200, message=_("Enter a number from 1 to 200")),
        ],
    )
    days = IntegerField(
        _("For how many days does it work?"),
        default=14,
        validators=[
            InputRequired(_("Enter a number of days")),
            NumberRange(1, 180, message=_("Enter a number of days from 1 to 180")),
        ],
    )

    def validate_address(self, field: Any) -> None:
        """Something that we can write to, or nothing."""
        if field.data and as_reached(field.data) is None:
            raise ValidationError(_("Enter an email address or a UK mobile number, or leave it out"))

    def validate_most_people(self, field: Any) -> None:
        """Who is written to is one person."""
        if self.address.data and field.data and field.data > 1:
            raise ValidationError(
                _("A link that we send to one person is for one person. Enter 1, or leave the address out")
            )


def together(field: Any, most: int) -> None:
    """Show as many as may come on one booking."""
    more = [SelectChoice(str(count), _("%(count)s together", count=count)) for count in range(2, most + 1)]
    field.choices = [SelectChoice("1", _("They come alone")), *more]


class ForSomebodyForm(Form):
    """A booking on somebody's behalf."""

    key = StringField(validators=[DataRequired(), Length(max=64)])
    name = StringField(_("Their name"), validators=[DataRequired(_("Enter a name")), SHORT])
    address = StringField(
        _("Their email address or mobile number"),
        validators=[Length(max=254, message=_("Use 254 characters or fewer"))],
    )
    places = RadioField(_("Who is coming?"), default="1")
    own = SelectMultipleField(_("Some places are kept. Is this person one of those?"))
    needs = SelectMultipleField(
        _("What do they need?"), choices=[SelectChoice(kind.value, NEEDS[kind]) for kind in NeedKind]
    )
    need_words = TextAreaField(_("More about what they need"), validators=[WORDS])

    def offer(self, most: int, kept: Sequence[Pool]) -> None:
        """Show as many as may come together, and for whom places are kept."""
        together(self.places, most)
        self.own.choices = [
            SelectChoice(one.kept_for.value, KEPT_CHOICES[one.kept_for]) for one in kept if one.kept_for
        ]

    def validate_address(self, field: Any) -> None:
        """Something that we can write to, or nothing."""
        if field.data and as_reached(field.data) is None:
            raise ValidationError(_("Enter an email address or a UK mobile number, or leave it out"))

    @property
    def circles(self) -> frozenset[KeptFor]:
        """To which of those for whom places are kept the person belongs."""
        return frozenset(KeptFor(value) for value in self.own.data or ())

    def needs_told(self) -> dict[NeedKind, str]:
        """What must be arranged; the words go with the last of it."""
        told = [NeedKind(value) for value in self.needs.data or ()]
        words = (self.need_words.data or "").strip()
        told = told or ([NeedKind.OTHER] if words else [])
        return {kind: words if kind is told[-1] else "" for kind in told}


class OnBehalfForm(Form):
    """A booking for a person on record."""

    key = StringField(validators=[DataRequired(), Length(max=64)])
    places = RadioField(_("Who is coming?"), default="1")
    carer = BooleanField(_("They are a carer: they look after somebody, and nobody pays them for it"))
    needs = SelectMultipleField(
        _("What do they need?"), choices=[SelectChoice(kind.value, NEEDS[kind]) for kind in NeedKind]
    )
    need_words = TextAreaField(_("More about what they need"), validators=[WORDS])
    reminders = BooleanField(_("Remind them a week and a day before"), default=True)
    agreed = BooleanField(
        _("They want this place, and agree that those who run it learn their name and what they need"),
        validators=[DataRequired(_("Ask them first, and tick that they agree"))],
    )

    needs_told = ForSomebodyForm.needs_told

    def offer(self, most: int, *, asks_carer: bool) -> None:
        """Show as many as may come together, and ask for a carer where places are kept for them."""
        together(self.places, most)
        if not asks_carer:
            del self.carer
