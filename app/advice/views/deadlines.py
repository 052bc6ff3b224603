"""From the date of a letter to the last day: for whoever asks, without a client."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import lazy_gettext as _
from wtforms import RadioField, ValidationError
from wtforms.validators import DataRequired

from app.advice.access import READER
from app.advice.codes import DateKind
from app.advice.labels import DATE_KINDS
from app.advice.rules.deadlines import deadline
from app.advice.views.blueprint import advice
from app.core import clock
from app.people.forms import choices_of
from app.web.dates import DateField
from app.web.forms import Form

LETTERS = {DateKind.RECONSIDERATION: _("A decision on a benefit"), DateKind.APPEAL: _("A reconsideration notice")}


class LetterForm(Form):
    """Which letter it is, and its date."""

    kind = RadioField(_("Which letter is it?"), choices=choices_of(LETTERS), default=DateKind.RECONSIDERATION.value)
    letter_on = DateField(_("The date on the letter"), validators=[DataRequired(_("Enter the date on the letter"))])

    def validate_letter_on(self, field: Any) -> None:
        """A letter that somebody can hold in their hand."""
        if field.data and not 2000 <= field.data.year <= clock.today().year:
            raise ValidationError(_("Check the year"))


@advice.route("/desk/advice/deadlines", access=READER, methods=["GET", "POST"])
def deadlines() -> str | tuple[str, int]:
    """The form, and what it comes to."""
    form, found, kind = LetterForm(), None, DateKind.RECONSIDERATION
    if form.validate_on_submit() and form.letter_on.data:
        kind = DateKind(form.kind.data)
        found = deadline(kind, form.letter_on.data)
    page = render_template("advice/deadlines.html", form=form, found=found, kind=kind, kinds=DATE_KINDS)
    return (page, 422) if form.errors else page
