"""The forms of appointments: times to offer, whom to book in, why a time is taken out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from app.accounts.addresses import as_reached
from app.advice.codes import Channel
from app.advice.day_forms import TIME, DayForm, WeeklyForm, instant
from app.advice.labels import CHANNELS
from app.advice.operations.appointments import Stretch, ToldTimes
from app.advice.rules.rota import weekly
from app.core import clock
from app.people.forms import SHORT
from app.web.forms import Form

MINUTES = (15, 20, 30, 45, 60, 90)
USUAL = 45
WAYS = (Channel.AT_SERVICE, Channel.PHONE, Channel.VIDEO, Channel.AT_SURGERY, Channel.AT_HOME)


def _minutes() -> SelectField:
    choices = [SelectChoice(str(number), _("%(number)d minutes", number=number)) for number in MINUTES]
    return SelectField(_("How long is each?"), choices=choices, default=str(USUAL))


def _channel() -> RadioField:
    choices = [SelectChoice(way.value, CHANNELS[way]) for way in WAYS]
    return RadioField(_("How do you meet?"), choices=choices, default=Channel.AT_SERVICE.value)


def _place() -> StringField:
    return StringField(_("Where?"), validators=SHORT)


class TimesForm(WeeklyForm):
    """Times of a day, or of the same day for some weeks."""

    minutes = _minutes()
    channel = _channel()
    place = _place()

    def validate_ends(self, field: Any) -> None:
        """A time of day that leaves room for one of them at least."""
        super().validate_ends(field)
        between, minutes = self.minutes_between(), str(self.minutes.data)
        if between is not None and minutes.isdigit() and between < int(minutes):
            raise ValidationError(_("The end must leave room for one of them after the start"))

    def told(self) -> ToldTimes:
        """The times that the form says, once it is valid; none on a bank holiday but the first day."""
        first: date = self.day.data or clock.today()
        return ToldTimes(
            stretches=[
                Stretch(starts_at=instant(day, self.starts.data), ends_at=instant(day, self.ends.data))
                for day in weekly(first, int(self.weeks.data))
            ],
            minutes=int(self.minutes.data),
            channel=Channel(self.channel.data),
            place=where(Channel(self.channel.data), self.place.data or ""),
        )


class BookForm(Form):
    """Whom to book in, where there is no record to take it from. `key` makes pressing twice one booking."""

    key = StringField(validators=[DataRequired(), Length(max=64)])
    name = StringField(
        _("First name, or their number"), validators=[Length(max=40, message=_("Use 40 characters or fewer"))]
    )
    address = StringField(
        _("Their email address or mobile number"),
        validators=[Length(max=254, message=_("Use 254 characters or fewer"))],
    )

    def validate_address(self, field: Any) -> None:
        """Something that we can write to, or nothing."""
        if field.data and as_reached(field.data) is None:
            raise ValidationError(_("Enter an email address or a UK mobile number, or leave it out"))


class OtherTimeForm(DayForm):
    """A time that was not offered before: it is offered and given in one press."""

    starts = StringField(_("At what time?"), validators=[DataRequired(TIME), *SHORT])
    minutes = _minutes()
    channel = _channel()
    place = _place()

    def told(self) -> ToldTimes:
        """The one time."""
        minutes = int(self.minutes.data)
        starts_at = instant(self.day.data or clock.today(), self.starts.data)
        return ToldTimes(
            stretches=[Stretch(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes))],
            minutes=minutes,
            channel=Channel(self.channel.data),
            place=where(Channel(self.channel.data), self.place.data or ""),
        )


class TakeOutForm(Form):
    """Why a time is taken out."""

    reason = StringField(
        _("What do you tell the person?"),
        validators=[
            DataRequired(_("Say why. The person will read it.")),
            Length(max=200, message=_("Use 200 characters or fewer")),
        ],
    )


def where(channel: Channel, typed: str) -> str:
    """The words for the place in messages; a call needs none to be typed."""
    if typed or channel not in {Channel.PHONE, Channel.VIDEO}:
        return typed
    return str(_("We call you") if channel is Channel.PHONE else _("By video: we send you the link"))
