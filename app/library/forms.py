"""The forms of the public pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import EmailField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, Regexp

from app.directory.codes import ProblemKind
from app.web.forms import Form

PROBLEMS = [
    SelectChoice(ProblemKind.PHONE.value, _("The phone number or email is wrong")),
    SelectChoice(ProblemKind.CLOSED.value, _("It has closed")),
    SelectChoice(ProblemKind.PLACE_OR_HOURS.value, _("The place or the hours are wrong")),
    SelectChoice(ProblemKind.NOT_FOR_ME.value, _("They say it is not for people like me")),
    SelectChoice(ProblemKind.OTHER.value, _("Something else")),
]
EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"


class ProblemForm(Form):
    """What is wrong with a listing."""

    kind = RadioField(_("What is wrong?"), choices=PROBLEMS, validators=[DataRequired(_("Choose what is wrong"))])
    details = TextAreaField(
        _("Tell us more"), validators=[Length(max=2000, message=_("Use 2,000 characters or fewer"))]
    )
    reply_to = EmailField(
        _("Your email address"),
        validators=[
            Optional(),
            Length(max=254, message=_("Use 254 characters or fewer")),
            Regexp(EMAIL, message=_("Enter an email address like name@example.com, or leave it out")),
        ],
    )


class MissingHelpForm(Form):
    """What help somebody looked for and did not find. There is no box for words, so that none are kept."""

    topic = SelectField(_("What was it about?"), validators=[DataRequired(_("Choose what it was about"))])
    near = StringField(
        _("The first part of your postcode"),
        validators=[Length(max=20, message=_("Enter the first part of a postcode, like M33"))],
    )


class SavedSearchForm(Form):
    """The name that a search is kept under."""

    name = StringField(
        _("Name of this search"),
        validators=[
            DataRequired(_("Give the search a name")),
            Length(max=100, message=_("Use 100 characters or fewer")),
        ],
    )
    query = HiddenField()
