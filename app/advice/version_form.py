"""A form that changes what somebody else may change at the same time: it knows which version it began with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField

from app.web.forms import Form


class VersionForm(Form):
    """`version` is the one that was read."""

    version = HiddenField(default="")

    @property
    def read_version(self) -> int | None:
        """The version that was read; None where the form does not say, one that never was for rubbish."""
        text = self.version.data or ""
        return (int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1) if text else None

    def goes_on_from(self, version: int) -> None:
        """Whoever sends it again has seen this version."""
        self.version.data = str(version)

    def in_words(self) -> list[tuple[str, str]]:
        """What it says, each field by its name, for somebody who reads it and changes nothing."""
        return list(self._each_in_words())

    def words_of(self, field: Field) -> str:
        """What one field says; nothing for an empty one."""
        told: Any = field.data
        if isinstance(field, SelectField | RadioField):
            return next((str(label) for _value, label, chosen, _more in field.iter_choices() if chosen), "")
        if isinstance(field, BooleanField):
            return str(_("Yes")) if told else ""
        return str(format_date(told, "long")) if isinstance(told, date) else str("" if told is None else told)

    def _each_in_words(self) -> Iterator[tuple[str, str]]:
        for field in self:
            if not isinstance(field, HiddenField) and (words := self.words_of(field)):
                yield str(field.label.text), words
