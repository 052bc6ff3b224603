"""Forms beside the record itself: carers, emergencies, the privacy officer's decisions."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from app.core import clock
from app.people.codes import CarerRelation, PermissionMethod, RequestKind
from app.people.forms import LONG, SHORT, SearchForm, choices_of
from app.people.labels import EMERGENCY_REASONS, METHODS, RELATIONS, REQUESTS, RETENTION, VERDICTS
from app.people.operations.carers import CarerDetails
from app.people.operations.emergencies import SHORTEST
from app.web.dates import DateField
from app.web.forms import Form


class CarerForm(Form):
    """Somebody close to the person, and whether the person agreed that they are told."""

    name = StringField(_("Their name"), validators=[DataRequired(_("Enter their name")), *SHORT])
    relation = SelectField(
        _("Who are they to the person?"),
        choices=[SelectChoice("", _("Choose")), *choices_of(RELATIONS)],
        validators=[DataRequired(_("Say who they are to the person"))],
    )
    reach = StringField(_("How to reach them"), validators=SHORT)
    agreed = BooleanField(_("The person agrees that we talk to them"))
    method = RadioField(_("How do you know?"), choices=choices_of(METHODS), default=PermissionMethod.VERBAL.value)
    covers_risk = BooleanField(_("That covers talking about risk, too"))

    def details(self) -> CarerDetails:
        """What was sent."""
        agreed = bool(self.agreed.data)
        return CarerDetails(
            name=self.name.data,
            relation=CarerRelation(self.relation.data),
            reach=self.reach.data or "",
            agreed=agreed,
            method=PermissionMethod(self.method.data) if agreed else None,
            covers_risk=bool(self.covers_risk.data),
        )


class GovernedForm(SearchForm):
    """Whose record the privacy officer looks for."""

    def validate_born_on(self, field: Any) -> None:
        """The name alone fits too many."""
        super().validate_born_on(field)
        if not self.nhs_number.data and not any(field.typed.values()):
            raise ValidationError(_("Enter the date of birth as well, or the NHS number"))


class EmergencyForm(GovernedForm):
    """Whose record must be seen now, and why."""

    reason = RadioField(_("What has happened?"), choices=choices_of(EMERGENCY_REASONS))
    words = TextAreaField(
        _("Why must you see it now?"),
        validators=[Length(min=SHORTEST, message=_("Say in a sentence why you must see it now")), *LONG],
    )


class ReviewForm(Form):
    """What the privacy officer found."""

    verdict = RadioField(_("What did you find?"), choices=choices_of(VERDICTS))
    finding = TextAreaField(_("What was wrong, and what did you do about it?"), validators=LONG)


class AskedForm(Form):
    """What somebody asked for, written down by staff."""

    kind = RadioField(_("What do they ask for?"), choices=choices_of(REQUESTS))
    wish = TextAreaField(_("What is to be put right, in their words?"), validators=LONG)

    def validate_wish(self, field: Any) -> None:
        """Needed where something is to be put right."""
        if self.kind.data == RequestKind.CORRECTION.value and not (field.data or "").strip():
            raise ValidationError(gettext("Say what is wrong, and what it should say."))


class RequestForm(Form):
    """The answer to somebody who asked for a copy of their record, that it be put right, or that it be deleted."""

    answer = TextAreaField(_("Your words to the person"), validators=LONG)


class RetentionForm(Form):
    """How long a record is kept, and what holds it."""

    retention_class = SelectField(_("What kind of record is it?"), choices=choices_of(RETENTION))
    died_on = DateField(_("Date of death"))
    legal_hold = TextAreaField(_("Why must it be kept for now?"), validators=LONG)

    def validate_died_on(self, field: Any) -> None:
        """Today or before."""
        if field.data and field.data > clock.today():
            raise ValidationError(gettext("Enter today, or a day before it"))


class DestroyForm(Form):
    """The end of a record whose time is over."""

    reason = StringField(_("Why does it end?"), validators=[DataRequired(_("Say why the record ends")), *SHORT])
    sure = RadioField(
        _("Nothing of it can be brought back."),
        choices=[SelectChoice("yes", _("Yes, destroy the record"))],
        validators=[InputRequired(_("Say that you are sure"))],
    )
