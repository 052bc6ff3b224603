"""The forms of what runs are made of: rooms, people who lead, and terms."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError

from app.booking.codes import FacilitatorKind
from app.booking.staff_forms import JOIN_LINK, SHORT, a_likely_year
from app.booking.wording import ACCESS, LEADS
from app.directory.codes import AccessFeature
from app.web.dates import DateField
from app.web.forms import Form


class RoomForm(Form):
    """A room, or an online one."""

    name = StringField(_("Name of the room"), validators=[DataRequired(_("Enter the name of the room")), SHORT])
    address = StringField(_("Address"), validators=[Length(max=200, message=_("Use 200 characters or fewer"))])
    access = SelectMultipleField(
        _("Access"), choices=[SelectChoice(feature.value, ACCESS[feature]) for feature in AccessFeature]
    )
    capacity = IntegerField(
        _("How many people does it hold?"),
        validators=[Optional(), NumberRange(1, 1000, message=_("Enter a number of people from 1 to 1000"))],
    )
    join_link = StringField(_("Link to join, for an online room"), validators=JOIN_LINK)


class PersonForm(Form):
    """Somebody who leads sessions."""

    name = StringField(_("Name, as the public reads it"), validators=[DataRequired(_("Enter a name")), SHORT])
    kind = RadioField(
        _("As what?"),
        choices=[
            SelectChoice(kind.value, LEADS[kind])
            for kind in (FacilitatorKind.PEER, FacilitatorKind.PRACTITIONER, FacilitatorKind.SHADOW)
        ],
        validators=[DataRequired(_("Choose one"))],
    )


class TermForm(Form):
    """A term, and its half-term."""

    name = StringField(_("Name of the term"), validators=[DataRequired(_("Enter a name, like Spring 2027")), SHORT])
    starts_on = DateField(_("First day"), validators=[DataRequired(_("Enter the first day")), a_likely_year])
    ends_on = DateField(_("Last day"), validators=[DataRequired(_("Enter the last day")), a_likely_year])
    pause_from = DateField(_("Half-term from"), validators=[Optional(), a_likely_year])
    pause_to = DateField(_("Half-term until"), validators=[Optional(), a_likely_year])

    def validate_ends_on(self, field: Any) -> None:
        """Not before the first day."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("The last day must not be before the first"))

    def validate_pause_from(self, field: Any) -> None:
        """Not without the other."""
        if field.data and self.pause_to.data is None and not self.pause_to.problem:
            raise ValidationError(_("Enter both days of the half-term, or neither"))

    def validate_pause_to(self, field: Any) -> None:
        """Both or neither, in order."""
        if (field.data is None) != (self.pause_from.data is None):
            raise ValidationError(_("Enter both days of the half-term, or neither"))
        if field.data and self.pause_from.data and field.data < self.pause_from.data:
            raise ValidationError(_("The last day of the half-term must not be before the first"))
        starts_on, ends_on, pause_from = self.starts_on.data, self.ends_on.data, self.pause_from.data
        if field.data and starts_on and ends_on and pause_from and not starts_on <= pause_from <= field.data <= ends_on:
            raise ValidationError(_("The half-term must be in the term"))
