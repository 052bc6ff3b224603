"""The forms of who books."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError

from app.accounts.addresses import as_reached
from app.booking.codes import NeedKind
from app.booking.wording import NEEDS
from app.core import postcode
from app.web.forms import Form

SHORT = Length(max=100, message=_("Use 100 characters or fewer"))


class StartForm(Form):
    """How many come."""

    key = StringField(validators=[DataRequired(), Length(max=64)])
    places = RadioField(_("Who is coming?"), default="1")
    carer = BooleanField(_("I am a carer: I look after somebody, and nobody pays me for it"))

    def offer(self, most: int) -> None:
        """Show as many as may come together."""
        more = [SelectChoice(str(count), _("%(count)s of us", count=count)) for count in range(2, most + 1)]
        self.places.choices = [SelectChoice("1", _("Just me")), *more]


class DetailsForm(Form):
    """Who comes: as little as will do."""

    name = StringField(
        _("What shall we call you?"), validators=[DataRequired(_("Enter a name. It need not be your full name")), SHORT]
    )
    address = StringField(
        _("Your email address or mobile number"),
        validators=[
            DataRequired(_("Enter an email address or a mobile number")),
            Length(max=254, message=_("Use 254 characters or fewer")),
        ],
    )
    age = IntegerField(
        _("How old are you?"), validators=[Optional(), NumberRange(0, 120, message=_("Enter an age from 0 to 120"))]
    )
    postcode = StringField(_("Your postcode"), validators=[Length(max=20, message=_("Enter a postcode, like M33 2AB"))])
    needs = SelectMultipleField(
        _("Is there anything you need so that you can take part?"),
        choices=[SelectChoice(kind.value, NEEDS[kind]) for kind in NeedKind],
    )
    need_words = TextAreaField(
        _("Tell us more, if you like"), validators=[Length(max=500, message=_("Use 500 characters or fewer"))]
    )
    discreet = BooleanField(_("Keep the name of it out of messages and my calendar"))
    reminders = BooleanField(_("Remind me a week and a day before"), default=True)
    book_me = BooleanField(_("If a place comes free, book it for me without asking"))
    reached: str | None = None

    def only(self, *, asks_age: bool, asks_area: bool, asks_address: bool, waits: bool) -> DetailsForm:
        """Leave out what need not be asked here."""
        for name, wanted in (
            ("age", asks_age),
            ("postcode", asks_area),
            ("address", asks_address),
            ("book_me", waits),
        ):
            if not wanted:
                delattr(self, name)
        return self

    def validate_address(self, field: Any) -> None:
        """Something that we can write to, which is `reached` then."""
        self.reached = as_reached(field.data or "")
        if field.data and self.reached is None:
            raise ValidationError(_("Enter an email address, such as name@example.org, or a UK mobile number"))

    def validate_postcode(self, field: Any) -> None:
        """A whole postcode or the first half of one."""
        if not field.data or postcode.parse(field.data) is None:
            raise ValidationError(_("Enter a postcode, like M33 2AB. The first half will do"))

    def needs_told(self) -> dict[NeedKind, str]:
        """What must be arranged; the words go with the last of it."""
        told = [NeedKind(value) for value in self.needs.data or ()]
        words = (self.need_words.data or "").strip()
        if words and not told:
            told = [NeedKind.OTHER]
        return {kind: words if kind is told[-1] else "" for kind in told}


class NeedsForm(Form):
    """What somebody needs so that they can take part; it may be said when the booking is long made."""

    needs, need_words = DetailsForm.needs, DetailsForm.need_words
    needs_told = DetailsForm.needs_told


class CodeForm(Form):
    """The code that went to the address."""

    code = StringField(
        _("Code"), validators=[DataRequired(_("Enter the code")), Length(max=40, message=_("The code has 6 digits"))]
    )


class FindForm(Form):
    """Whoever has lost the link to a booking."""

    address = StringField(
        _("Your email address or mobile number"),
        validators=[
            DataRequired(_("Enter an email address or a mobile number")),
            Length(max=254, message=_("Use 254 characters or fewer")),
        ],
    )

    def validate_address(self, field: Any) -> None:
        """Something that we can write to."""
        if field.data and as_reached(field.data) is None:
            raise ValidationError(_("Enter an email address, such as name@example.org, or a UK mobile number"))


class PressForm(Form):
    """A button and nothing else."""


class FeedForm(Form):
    """Which device follows the calendar."""

    name = StringField(
        _("Which phone or computer is it for?"), validators=[DataRequired(_("Enter a name, like “My phone”")), SHORT]
    )
