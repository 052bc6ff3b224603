"""From the date of a letter to the last day: for whoever asks, without a client. And where the rates stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import RadioField, ValidationError
from wtforms.validators import DataRequired

from app.accounts.current import current_actor
from app.advice.access import READER
from app.advice.codes import DateKind
from app.advice.labels import DATE_KINDS
from app.advice.models import RatesCheck
from app.advice.operations.rates import note_rates_check
from app.advice.queries.rates import last_rates_check
from app.advice.rules import rates
from app.advice.rules.deadlines import deadline
from app.advice.views.blueprint import advice
from app.core import clock
from app.people.forms import choices_of
from app.web.database import db
from app.web.dates import DateField
from app.web.forms import Form


@dataclass(frozen=True, slots=True)
class Rates:
    """The links to rates of benefits, and when they were last opened."""

    calculators: str
    rates: str
    checked: RatesCheck | None
    is_over: bool
    is_old: bool


def rates_now() -> Rates:
    """As they stand today for the visitor's organisation."""
    checked, today = last_rates_check(db.session(), current_actor()), clock.today()
    is_old = checked is not None and rates.is_old(checked.checked_on, today)
    return Rates(rates.CALCULATORS, rates.RATES, checked, rates.is_over(today), is_old)


EARLIEST = 2000
LETTERS = {DateKind.RECONSIDERATION: _("A decision on a benefit"), DateKind.APPEAL: _("A reconsideration notice")}


class LetterForm(Form):
    """Which letter it is, and its date."""

    kind = RadioField(_("Which letter is it?"), choices=choices_of(LETTERS), default=DateKind.RECONSIDERATION.value)
    letter_on = DateField(_("The date on the letter"), validators=[DataRequired(_("Enter the date on the letter"))])

    def validate_letter_on(self, field: Any) -> None:
        """A letter that somebody can hold in their hand: a wrong month would give a month too many."""
        if field.data and field.data.year < EARLIEST:
            raise ValidationError(_("Check the year"))
        if field.data and field.data > clock.today():
            raise ValidationError(_("The date of a letter is in the past"))


@advice.route("/desk/advice/deadlines", access=READER, methods=["GET", "POST"])
def deadlines() -> str | tuple[str, int]:
    """The form, and what it comes to."""
    form, found, kind = LetterForm(), None, DateKind.RECONSIDERATION
    if form.validate_on_submit() and form.letter_on.data:
        kind = DateKind(form.kind.data)
        found = deadline(kind, form.letter_on.data)
    page = render_template(
        "advice/deadlines.html",
        form=form,
        found=found,
        is_past=found is not None and found.act_by < clock.today(),
        kind=kind,
        kinds=DATE_KINDS,
        rates_now=rates_now(),
    )
    return (page, 422) if form.errors else page


@advice.route("/desk/advice/rates/checked", access=READER, methods=["POST"])
def rates_checked() -> Response:
    """Somebody opened the links to rates of benefits and found them right."""
    note_rates_check(db.session(), current_actor())
    return redirect(url_for("advice.deadlines", _anchor="rates-title"), code=303)
