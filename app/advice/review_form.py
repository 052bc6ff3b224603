"""The form of a file review: a question a line, findings, what is to be done."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import RadioField, StringField, TextAreaField, ValidationError

from app.advice.codes import ReviewAnswer, ReviewQuestion
from app.advice.labels import REVIEW_ANSWERS, REVIEW_QUESTIONS
from app.advice.operations.reviews import ToldReview
from app.core import clock
from app.people.forms import LONG, SHORT, choices_of
from app.web.dates import DateField
from app.web.forms import Form

LATEST = date(2100, 1, 1)


class Questions(Form):
    """The questions, in their order: each a field by its code."""


for _question, _words in REVIEW_QUESTIONS.items():
    setattr(Questions, _question.value, RadioField(_words, choices=choices_of(REVIEW_ANSWERS)))


class ReviewForm(Questions):
    """Every question has to be answered; "does not apply" is an answer."""

    findings = TextAreaField(_("What did you find?"), validators=LONG)
    actions = StringField(_("What is to be done?"), validators=SHORT)
    due_on = DateField(_("Until when?"))

    def validate_due_on(self, field: Any) -> None:
        """A day where something is to be done, and not one that is over."""
        if self.actions.data and field.data is None:
            raise ValidationError(_("Enter until when it is to be done"))
        if field.data is not None and not clock.today() <= field.data <= LATEST:
            raise ValidationError(_("The day must not be in the past"))

    def told(self) -> ToldReview:
        """What the form says, once it is valid."""
        answers = {question: ReviewAnswer(self[question.value].data) for question in ReviewQuestion}
        return ToldReview(
            answers=answers,
            findings=self.findings.data or "",
            actions=self.actions.data or "",
            due_on=self.due_on.data,
        )
