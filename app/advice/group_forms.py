"""The forms of group sessions, of templates, and of a call on a telephone shift."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, ValidationError

from app.accounts.models import User
from app.advice.codes import Level, Place, StepBy
from app.advice.forms import MOST_ISSUES, TEXT
from app.advice.issue_tree import issue_tree
from app.advice.labels import LEVELS, PLACES, STEP_BY
from app.advice.operations.groups import ToldGroup, ToldTemplate
from app.advice.version_form import VersionForm
from app.core import clock
from app.people.forms import LONG, SHORT, choices_of
from app.web.dates import DateField
from app.web.forms import Form

CALL_MINUTES = (2, 5, 10, 15, 20, 30, 45, 60)
WHOLE = _("Enter a whole number")


class CallForm(Form):
    """How long a call took; how it went is the button."""

    minutes = RadioField(
        _("How many minutes?"),
        choices=[SelectChoice(str(number), str(number)) for number in CALL_MINUTES],
        validators=[Optional()],
    )


class GroupForm(VersionForm):
    """A group session, counted by heads."""

    issue = SelectField(_("What was it about?"), validators=[DataRequired(_("Choose a topic"))])
    came = IntegerField(
        _("How many came?"), validators=[InputRequired(WHOLE), NumberRange(0, 2000, message=_("Enter 0 to 2,000"))]
    )
    minutes = IntegerField(
        _("How many minutes did it take?"),
        validators=[InputRequired(WHOLE), NumberRange(5, 720, message=_("Enter 5 to 720 minutes"))],
    )
    happened_on = DateField(_("The day"), validators=[DataRequired(_("Enter the day"))])
    adviser = SelectField(_("Who gave it?"), validators=[DataRequired(_("Choose an adviser"))])
    place = SelectField(_("What sort of place was it?"), choices=choices_of(PLACES), default=Place.OFFICE.value)
    place_name = StringField(_("Where was it?"), validators=SHORT)

    def offer(self, advisers: Sequence[User]) -> None:
        """Topics as the tree has them, and those who can have given it."""
        self.issue.choices = [SelectChoice("", _("Choose")), *_topics()]
        self.adviser.choices = [
            SelectChoice("", _("Choose")),
            *(SelectChoice(str(user.id), user.name) for user in advisers),
        ]

    def validate_happened_on(self, field: Any) -> None:
        """Not in the future."""
        if field.data is not None and field.data > clock.today():
            raise ValidationError(_("The day must not be in the future"))

    def told(self) -> ToldGroup:
        """What the form says, once it is valid."""
        return ToldGroup(
            adviser_id=UUID(self.adviser.data),
            happened_on=self.happened_on.data or clock.today(),
            issue=self.issue.data,
            came=self.came.data or 0,
            minutes=self.minutes.data or 0,
            place=Place(self.place.data),
            place_name=self.place_name.data or "",
        )


class TemplateForm(VersionForm):
    """What a common contact begins with."""

    name = StringField(_("What is it called?"), validators=[DataRequired(_("Enter a name")), *SHORT])
    issues = SelectMultipleField(_("Issues"), choices=[], validate_choice=False)
    level = RadioField(_("How far does it go?"), choices=choices_of(LEVELS), default=Level.ADVICE.value)
    advice = TextAreaField(_("What do you tell them?"), validators=TEXT)
    sources = TextAreaField(_("Where is it from?"), validators=LONG)
    step = StringField(_("What happens next?"), validators=SHORT)
    step_by = SelectField(_("Who does it?"), choices=choices_of(STEP_BY), default=StepBy.ADVISER.value)
    step_days = IntegerField(
        _("In how many days?"), validators=[Optional(), NumberRange(0, 365, message=_("Enter 0 to 365 days"))]
    )

    @property
    def issue_codes(self) -> list[str]:
        """The issues that were ticked; what is no issue is left out."""
        return [code for code in dict.fromkeys(self.issues.data or ()) if code in issue_tree()]

    def validate_issues(self, _field: Any) -> None:
        """No more than a contact can have."""
        if len(self.issue_codes) > MOST_ISSUES:
            raise ValidationError(_("Choose ten issues or fewer"))

    def words_of(self, field: Any) -> str:
        """Issues by what they are called."""
        if field is self.issues:
            return "; ".join(issue_tree().label(code) for code in self.issue_codes)
        return super().words_of(field)

    def told(self) -> ToldTemplate:
        """What the form says, once it is valid."""
        return ToldTemplate(
            name=self.name.data or "",
            level=Level(self.level.data),
            issues=tuple(self.issue_codes),
            advice=self.advice.data or "",
            sources=self.sources.data or "",
            step=self.step.data or "",
            step_by=StepBy(self.step_by.data),
            step_days=self.step_days.data,
        )


def _topics() -> list[SelectChoice]:
    return [SelectChoice(issue.code, issue_tree().label(issue.code)) for issue in issue_tree().values()]
