"""The forms of letters and of their templates, and what the fields of a template are called."""

from __future__ import annotations

from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from app.advice.forms import TEXT
from app.advice.operations.letters import ToldLetter, ToldLetterTemplate
from app.advice.rules.letters import LetterField, gaps, in_brackets, is_left_open, unknown_fields
from app.advice.version_form import VersionForm
from app.core.text import single_line
from app.people.forms import LONG, SHORT
from app.web.forms import Form

CLIENT, OTHER = "client", "other"
FIELDS: dict[LetterField, LazyString] = {
    LetterField.NAME: _l("what they like to be called"),
    LetterField.FULL_NAME: _l("their whole name"),
    LetterField.ADDRESS: _l("where they live"),
    LetterField.REFERENCE: _l("the number of the case"),
    LetterField.ADVISER: _l("who writes the letter"),
    LetterField.ORGANISATION: _l("what we are called"),
    LetterField.TODAY: _l("today’s date"),
    LetterField.NEXT_APPOINTMENT: _l("the day, time and place of their next appointment"),
    LetterField.NEXT_DEADLINE: _l("the next date in the case that must not be missed"),
    LetterField.FILL_IN: _l("a gap that the adviser fills in for each letter"),
}


class LetterForm(Form):
    """A letter, filled in from its template, to be put right before it is kept."""

    name = StringField(_l("Who is it to?"), validators=SHORT)
    address = TextAreaField(_l("Their address"), validators=LONG)
    subject = StringField(_l("Subject"), validators=SHORT)
    body = TextAreaField(_l("Letter"), validators=[DataRequired(_l("Write the letter")), *TEXT])

    @property
    def gaps(self) -> list[str]:
        """What still stands in double brackets, each once."""
        return list(dict.fromkeys(gap for field in self._texts() for gap in gaps(field.data or "")))

    def _texts(self) -> tuple[Any, ...]:
        return (self.name, self.address, self.subject, self.body)

    def validate_subject(self, field: Any) -> None:
        """Nothing left to fill in."""
        _require_filled(field.data or "")

    def validate_body(self, field: Any) -> None:
        """Nothing left to fill in."""
        _require_filled(field.data or "")

    def validate_name(self, field: Any) -> None:
        """Nothing left to fill in."""
        _require_filled(field.data or "")

    def validate_address(self, field: Any) -> None:
        """Nothing left to fill in."""
        _require_filled(field.data or "")

    def told(self, title: str) -> ToldLetter:
        """What the form says, once it is valid."""
        return ToldLetter(
            title=title,
            name=single_line(self.name.data or ""),
            address=self.address.data or "",
            subject=single_line(self.subject.data or ""),
            body=self.body.data or "",
        )


class LetterTemplateForm(VersionForm):
    """What a letter begins with, with fields that are filled in from the case."""

    name = StringField(_l("What is it called?"), validators=[DataRequired(_l("Enter a name")), *SHORT])
    to = RadioField(
        _l("Who do these letters go to?"),
        choices=[SelectChoice(CLIENT, _l("The client")), SelectChoice(OTHER, _l("Somebody else"))],
        default=CLIENT,
    )
    subject = StringField(_l("Subject"), validators=SHORT)
    body = TextAreaField(_l("Letter"), validators=[DataRequired(_l("Write the letter")), *TEXT])

    def validate_subject(self, field: Any) -> None:
        """Only fields that there are."""
        _require_known(field.data or "")

    def validate_body(self, field: Any) -> None:
        """Only fields that there are."""
        _require_known(field.data or "")

    def told(self) -> ToldLetterTemplate:
        """What the form says, once it is valid."""
        return ToldLetterTemplate(
            name=single_line(self.name.data or ""),
            subject=single_line(self.subject.data or ""),
            body=self.body.data or "",
            to_client=self.to.data == CLIENT,
        )


def _require_filled(text: str) -> None:
    if left := gaps(text):
        raise ValidationError(_("Fill in or take out: %(gaps)s", gaps=", ".join(left)))
    _require_closed(text)


def _require_known(text: str) -> None:
    if unknown := unknown_fields(text):
        raise ValidationError(
            _("There is no field %(field)s. Use one of those on the list.", field=in_brackets(unknown[0][:40]))
        )
    _require_closed(text)


def _require_closed(text: str) -> None:
    if is_left_open(text):
        raise ValidationError(_("A field begins with (( and does not end. Write it like ((name))."))
