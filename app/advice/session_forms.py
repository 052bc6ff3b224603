"""The forms of open sessions: when and where one is, and somebody who comes in."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Regexp
from wtforms.validators import Optional as MayBeEmpty

from app.advice.codes import Place, SessionKind
from app.advice.day_forms import WeeklyForm, instant
from app.advice.forms import as_uuid
from app.advice.labels import PLACES, SESSION_KINDS
from app.advice.operations.sessions import ToldSession
from app.advice.rules.rota import weekly
from app.core import clock
from app.people.forms import SHORT, choices_of
from app.web.forms import Form

MOST_ADVISERS = 6


class SessionForm(WeeklyForm):
    """One session, or the same one for some weeks."""

    kind = RadioField(_("What is it?"), choices=choices_of(SESSION_KINDS), default=SessionKind.DROP_IN.value)
    place_name = StringField(_("What do people call the place?"), validators=SHORT)
    place = SelectField(_("What sort of place is it?"), choices=choices_of(PLACES), default=Place.OFFICE.value)
    place_ods_code = StringField(
        _("Code of the surgery"),
        validators=[
            MayBeEmpty(),
            Regexp(r"^[A-Za-z0-9]{3,10}$", message=_("Enter letters and digits, such as A81001")),
        ],
    )
    advisers_needed = SelectField(
        _("How many advisers does it take?"),
        choices=[SelectChoice(str(number), str(number)) for number in range(1, MOST_ADVISERS + 1)],
        default="1",
    )

    def told(self) -> list[ToldSession]:
        """The sessions that the form says, once it is valid; none on a bank holiday but the first."""
        first: date = self.day.data or clock.today()
        return [self._on(day) for day in weekly(first, int(self.weeks.data))]

    def _on(self, day: date) -> ToldSession:
        return ToldSession(
            kind=SessionKind(self.kind.data),
            starts_at=instant(day, self.starts.data),
            ends_at=instant(day, self.ends.data),
            place=Place(self.place.data),
            place_name=self.place_name.data or "",
            place_ods_code=(self.place_ods_code.data or "").upper(),
            advisers_needed=int(self.advisers_needed.data),
        )


class QueueForm(Form):
    """Somebody who comes in: a number is enough."""

    called_as = StringField(
        _("First name, or what to call them"), validators=[Length(max=40, message=_("Use 40 characters or fewer"))]
    )
    need = StringField(
        _("What is it about, in a few words?"), validators=[Length(max=120, message=_("Use 120 characters or fewer"))]
    )
    is_urgent = BooleanField(_("It is urgent: see them first"))
    person = HiddenField()

    @property
    def person_id(self) -> UUID | None:
        """Whose record it is, where that is known."""
        return as_uuid(self.person.data)
