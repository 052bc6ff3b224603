"""The forms of accounts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, EmailField, HiddenField, PasswordField
from wtforms.validators import DataRequired, Length

from app.web.forms import Form


class SignInForm(Form):
    """The first step of signing in."""

    email = EmailField(
        _("Email address"),
        validators=[
            DataRequired(_("Enter your email address")),
            Length(max=254, message=_("Use 254 characters or fewer")),
        ],
    )
    password = PasswordField(
        _("Password"),
        validators=[DataRequired(_("Enter your password")), Length(max=128, message=_("Use 128 characters or fewer"))],
    )
    shared_device = BooleanField(_("Other people use this device"))
    next = HiddenField()
