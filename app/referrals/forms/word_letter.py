"""How a word went to somebody whom no notice of ours reaches."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, ValidationError

from app.core import clock
from app.referrals import words
from app.referrals.codes import Way
from app.referrals.forms.fields import as_choices, needed
from app.web.dates import DateField
from app.web.forms import Form


class WordSentForm(Form):
    """One of the ways that are open to whoever says so."""

    way = RadioField(_("How did they get it?"), validators=needed(_("Choose how they got it")))


def sent_form(*, here: bool, only_here: bool) -> Any:
    """The form. `here` offers that they have it in Waymark, `only_here` nothing else."""
    form = WordSentForm()
    ways = [each for each in Way if (each is Way.HERE and here) or (each is not Way.HERE and not only_here)]
    form.way.choices = as_choices([(each.value, words.WAY[each]) for each in ways])
    return form


class PersonToldForm(WordSentForm):
    """How, and on which day."""

    on = DateField(_("On which day?"), validators=needed(_("Enter the day")))

    def validate_on(self, field: Any) -> None:
        """Today or before."""
        if field.data and field.data > clock.today():
            raise ValidationError(gettext("Choose today, or a day that has been"))


def told_form(*, on_paper: bool, otherwise: bool) -> Any:
    """The form: on paper where a letter is safe, by voice where the person is still to hear."""
    form = PersonToldForm(data={"on": clock.today()})
    ways = [*((Way.LETTER,) if on_paper else ()), *((Way.BY_HAND,) if on_paper or otherwise else ())]
    ways += [Way.PHONE] if otherwise else []
    form.way.choices = as_choices([(each.value, words.WAY[each]) for each in ways])
    return form
