"""The form by which an editor makes one listing of two: a choice for each field in which they differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from app.directory.curation.combining import Side, likeliest, sides
from app.directory.curation.document import FIELDS, Document
from app.directory.curation.fields import MOST_PHONES
from app.directory.curation.row_forms import MOST_ROWS
from app.web.forms import Form

MOST: Mapping[str, int] = {"phones": MOST_PHONES, **MOST_ROWS}


class CombineForm(Form):
    """The base of each such form."""

    asked: Sequence[str] = ()
    also = SelectMultipleField()

    def choices(self) -> dict[str, Side]:
        """What was chosen, field by field."""
        return {name: Side(self.of(name).data) for name in self.asked}

    def of(self, name: str) -> Any:
        """The choice for a field of the document."""
        return self[f"take-{name}"]

    def refuse_too_many(self, changes: Document) -> bool:
        """Whether the listing would have more than its form can hold; says so beside the field."""
        for name in (name for name in changes if len(changes[name] or ()) > MOST.get(name, 10_000)):
            words = _("Together they are more than %(num)s. Choose those of one listing.", num=MOST[name])
            self.of(name).errors = [*self.of(name).errors, words]
        return any(self.of(name).errors for name in changes)


def combine_form(
    asked: Iterable[tuple[str, str]], stays: Document, goes: Document, also: Iterable[tuple[str, str]]
) -> CombineForm:
    """The form for two listings. `asked`: name and label of each field that differs; `also`: of each list beside."""
    words = {
        Side.STAYS: _("From the one that stays"),
        Side.GOES: _("From the one that goes"),
        Side.BOTH: _("Both together"),
    }
    named = dict(asked)
    fields: dict[str, Any] = {
        f"take-{name}": RadioField(
            label,
            choices=[SelectChoice(side.value, words[side]) for side in sides(name, stays[name])],
            default=likeliest(name, stays[name], goes[name]).value,
            validators=[DataRequired(_("Choose one"))],
        )
        for name, label in named.items()
    }
    lists = [SelectChoice(name, label) for name, label in also]
    fields["also"] = SelectMultipleField(_("Also bring over"), choices=lists)
    shape = type("CombineFormOfTwo", (CombineForm,), fields)
    form: CombineForm = shape(data={"also": [choice.value for choice in lists]})
    form.asked = [name for name in FIELDS if name in named]
    return form
