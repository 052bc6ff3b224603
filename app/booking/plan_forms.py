"""The forms of a learning plan."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from app.booking.codes import PathStage
from app.booking.wording import STAGES
from app.core import clock
from app.web.dates import DateField
from app.web.forms import Form

WORDS = Length(max=2000, message=_("Use 2,000 characters or fewer"))
NO_STAGE = "none"


class PlanWordsForm(Form):
    """The person's own words."""

    own_words = TextAreaField(_("What I would like to be different, in my own words"), validators=[WORDS])
    what_helps = TextAreaField(_("What helps me to learn and to feel safe"), validators=[WORDS])


class PlanGoalForm(Form):
    """One more goal."""

    words = StringField(
        _("A goal, in my own words"),
        validators=[DataRequired(_("Enter a goal")), Length(max=300, message=_("Use 300 characters or fewer"))],
    )


class PlanReviewForm(Form):
    """A talk about how it goes."""

    held_on = DateField(_("When did you talk?"), validators=[DataRequired(_("Enter the day"))])
    words = TextAreaField(_("How does it go?"), validators=[DataRequired(_("Write a sentence or two")), WORDS])
    what_helped = TextAreaField(_("What helped?"), validators=[WORDS])
    next_on = DateField(_("When do you talk again?"), validators=[Optional()])

    def validate_held_on(self, field: Any) -> None:
        """A talk that was."""
        if field.data and field.data > clock.today():
            raise ValidationError(_("Enter today, or a day before it"))

    def validate_next_on(self, field: Any) -> None:
        """A talk to come."""
        if field.data and field.data <= clock.today():
            raise ValidationError(_("Enter a day that is still to come, or leave it out"))


class CorrectReviewForm(PlanReviewForm):
    """A talk that is put right. The day of the next one may have come by now, and stays what it was."""

    def __init__(self, *arguments: Any, next_on: date | None = None, with_next: bool = True, **told: Any) -> None:
        super().__init__(*arguments, **told)
        self._kept_next = next_on
        if not with_next:
            del self.next_on

    def validate_next_on(self, field: Any) -> None:
        """A talk to come, or the day that was said."""
        if field.data != self._kept_next:
            super().validate_next_on(field)


class PlanStageForm(Form):
    """How far somebody is on the way to helping as a peer trainer."""

    stage = RadioField(_("Helping others to learn"), validators=[DataRequired(_("Choose one"))])

    def offer(self, now: PathStage | None, *, all_of_it: bool) -> None:
        """What can be chosen: staff the whole way, the person its beginning or to stay where they are."""
        stages = list(PathStage) if all_of_it else [now or PathStage.INTERESTED]
        none = SelectChoice(NO_STAGE, _("Not now"))
        self.stage.choices = [none, *(SelectChoice(one.value, STAGES[one]) for one in stages)]

    @property
    def chosen(self) -> PathStage | None:
        """The stage; none for who is not on the way."""
        return None if self.stage.data == NO_STAGE else PathStage(self.stage.data)
