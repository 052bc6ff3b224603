"""The forms of people looking for help who want to sign in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length

from app.web.forms import Form


class PersonForm(Form):
    """Where a person wants their code."""

    address = StringField(
        _("Your email address or mobile number"),
        validators=[
            DataRequired(_("Enter an email address or a mobile number")),
            Length(max=254, message=_("Use 254 characters or fewer")),
        ],
    )
    shared_device = BooleanField(_("Other people use this device"))


class PersonCodeForm(Form):
    """The code that a person got."""

    code = StringField(
        _("Code"),
        validators=[DataRequired(_("Enter the code")), Length(max=40, message=_("The code has 6 digits"))],
    )
