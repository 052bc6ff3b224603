"""What forms of the rota and of appointments have in common: a day, from when until when, and for how many weeks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from app.booking.rules.wall_time import instant_of
from app.core import clock
from app.core.errors import InvalidInput
from app.people.forms import SHORT
from app.people.safe_time_field import clock_time
from app.web.dates import DateField
from app.web.forms import Form

TIME = _("Enter a time like 9:30am")
WEEKS = (1, 2, 4, 8, 12, 26)
# As far ahead as anybody plans.
FURTHEST = timedelta(days=366)


class DayForm(Form):
    """A day, and a time at which something begins."""

    day = DateField(_("Day"), validators=[DataRequired(_("Enter the day"))])
    starts = StringField(_("From when?"), validators=[DataRequired(TIME), *SHORT])

    def validate_day(self, field: Any) -> None:
        """Today, or a day that is not too far ahead."""
        if not clock.today() <= field.data <= clock.today() + FURTHEST:
            raise ValidationError(_("Enter today or a day within the next year"))

    def validate_starts(self, field: Any) -> None:
        """A time of day."""
        _check_time(field)


class WeeklyForm(DayForm):
    """From when until when, on one day or on the same day for some weeks."""

    ends = StringField(_("Until when?"), validators=[DataRequired(TIME), *SHORT])
    weeks = SelectField(
        _("How often?"),
        choices=[
            SelectChoice(str(number), _("Every week for %(number)d weeks", number=number) if number > 1 else _("Once"))
            for number in WEEKS
        ],
        default="1",
    )

    def validate_ends(self, field: Any) -> None:
        """A time of day after the start."""
        _check_time(field)
        between = self.minutes_between()
        if between is not None and between <= 0:
            raise ValidationError(_("The end must be later than the start"))

    def minutes_between(self) -> int | None:
        """How long it is from the start to the end, as far as both are times."""
        starts, ends = clock_time(self.starts.data or ""), clock_time(self.ends.data or "")
        if starts is None or ends is None:
            return None
        return (ends.hour - starts.hour) * 60 + ends.minute - starts.minute


def instant(day: date, typed: str) -> datetime:
    """The instant of a time that was typed; InvalidInput where there is no such time on that night."""
    wall = clock_time(typed)
    if wall is None:
        raise InvalidInput("Enter a time like 9:30am")
    return instant_of(datetime.combine(day, wall), second=False)


def _check_time(field: Any) -> None:
    if clock_time(field.data) is None:
        raise ValidationError(TIME)
