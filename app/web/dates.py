"""A date as people type it: day, month and year in a box each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _
from wtforms import Field
from wtforms.utils import unset_value
from wtforms.validators import StopValidation

PARTS = ("day", "month", "year")
LONGEST = 4


@dataclass(frozen=True, slots=True)
class DatePart:
    """One of the three boxes. `width` is in characters; `wrong` says that the error is about it."""

    id: str
    name: str
    label: str
    text: str
    width: int
    wrong: bool


class DateField(Field):  # type: ignore[misc]
    """Three boxes for one `datetime.date`. What was typed is kept as it was when it is no date."""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Take the date from the form if it was sent, else from `data`."""
        super().process(None, data, extra_filters)
        self.typed = self._as_typed(self.data)
        self.problem = ""
        self.wrong: tuple[str, ...] = ()
        if formdata and any(f"{self.name}-{part}" in formdata for part in PARTS):
            self.typed = {part: formdata.get(f"{self.name}-{part}", "").strip() for part in PARTS}
            # By these a validator sees whether anything was typed; without them `Optional` ends every check of a date.
            self.raw_data = [text for text in self.typed.values() if text]
            self._read()

    @property
    def parts(self) -> list[DatePart]:
        """The boxes in the order of a date."""
        labels = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
        return [
            DatePart(
                id=self._part_id(part),
                name=f"{self.name}-{part}",
                label=labels[part],
                text=self.typed[part],
                width=4 if part == "year" else 2,
                wrong=part in self.wrong,
            )
            for part in PARTS
        ]

    @property
    def first_error_id(self) -> str:
        """The box that the line in the error summary leads to."""
        return self._part_id(next((part for part in PARTS if part in self.wrong), PARTS[0]))

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms passes the form
        """Refuse what is not a whole, real date; three empty boxes are left to the field's validators."""
        if self.problem:
            raise StopValidation(self.problem)

    def _part_id(self, part: str) -> str:
        return self.id if part == PARTS[0] else f"{self.id}-{part}"

    def _as_typed(self, value: date | None) -> dict[str, str]:
        return {part: str(getattr(value, part)) if value else "" for part in PARTS}

    def _read(self) -> None:
        self.data = None
        missing = tuple(part for part in PARTS if not self.typed[part])
        if len(missing) == len(PARTS):
            return
        if missing:
            self.wrong, self.problem = missing, self._missing_words(missing[0])
            return
        try:
            self.data = date(_number(self.typed["year"]), _month(self.typed["month"]), _number(self.typed["day"]))
        except ValueError:
            self.wrong, self.problem = PARTS, self._unreal_words()

    def _unreal_words(self) -> str:
        if self._asks:
            return _("Enter a real date")
        return _("%(what)s must be a real date", what=self.label.text)

    @property
    def _asks(self) -> bool:
        """Whether the label is a question, which no sentence can go on from."""
        return str(self.label.text).rstrip().endswith("?")

    def _missing_words(self, part: str) -> str:
        if self._asks:
            return {
                "day": _("Enter the day as well"),
                "month": _("Enter the month as well"),
                "year": _("Enter the year as well"),
            }[part]
        return {
            "day": _("%(what)s must include a day", what=self.label.text),
            "month": _("%(what)s must include a month", what=self.label.text),
            "year": _("%(what)s must include a year", what=self.label.text),
        }[part]


def _month(text: str) -> int:
    """Of a number, or of a name as people write it: "2", "feb", "February"; in English or as the page speaks."""
    typed = text.casefold().rstrip(".")
    for locale in (Locale("en"), get_locale()):
        for width in ("wide", "abbreviated"):
            for number, name in locale.months["format"][width].items() if locale else ():
                if typed == name.casefold():
                    return int(number)
    return _number(text)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST):
        raise ValueError(text)
    return int(text)
