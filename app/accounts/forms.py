"""The forms of accounts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Email, Length

from app.core.text import single_line
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


class CodeForm(Form):
    """A code that an authenticator app shows."""

    code = StringField(
        _("Code"),
        validators=[DataRequired(_("Enter the code")), Length(max=40, message=_("The code has 6 digits"))],
    )


class RecoveryCodeForm(Form):
    """One of the codes that were kept for the day on which the phone is lost."""

    code = StringField(
        _("Recovery code"),
        validators=[
            DataRequired(_("Enter one of your recovery codes")),
            Length(max=40, message=_("A recovery code has 16 letters and digits")),
        ],
    )


class SetUpForm(CodeForm):
    """The first code of an app. `setup` holds the app's key, sealed, from one page to the next."""

    setup = HiddenField()


class PasskeyForm(Form):
    """What a browser answered, put here by a script."""

    answer = HiddenField()
    name = StringField(_("Name of the device"), validators=[Length(max=60, message=_("Use 60 characters or fewer"))])


class ProveForm(Form):
    """The password once more, or a code."""

    password = PasswordField(
        _("Your password, or a code from your app"),
        validators=[
            DataRequired(_("Enter your password or a code")),
            Length(max=128, message=_("Use 128 characters or fewer")),
        ],
    )
    next = HiddenField()


def _email() -> EmailField:
    return EmailField(
        _("Email address"),
        validators=[
            DataRequired(_("Enter an email address")),
            Length(max=254, message=_("Use 254 characters or fewer")),
            Email(_("Enter an email address, such as name@example.org"), check_deliverability=False),
        ],
    )


def _name() -> StringField:
    return StringField(
        _("Your name"),
        validators=[DataRequired(_("Enter your name")), Length(max=120, message=_("Use 120 characters or fewer"))],
        filters=[single_line_or_none],
    )


def single_line_or_none(value: str | None) -> str | None:
    """A filter: white space made single."""
    return single_line(value) if value else value


class NewPasswordForm(Form):
    """A new password; `app.accounts.password_rules` decides on it."""

    new_password = PasswordField(_("New password"), validators=[DataRequired(_("Enter a new password"))])


class JoinForm(NewPasswordForm):
    """What a new member is asked."""

    name = _name()


class NameForm(Form):
    """What a user is called."""

    name = _name()


class ResetForm(Form):
    """Whose password was forgotten."""

    email = _email()


class RolesForm(Form):
    """The roles of a member."""

    roles = SelectMultipleField(_("What they do here"))


class InviteForm(RolesForm):
    """Whom to invite, and to what."""

    email = _email()
    roles = SelectMultipleField(_("What they will do here"), validators=[DataRequired(_("Choose at least one"))])
