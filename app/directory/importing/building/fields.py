"""Reading the fields of one raw object, noting what had to be dropped or mended."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from app.directory.codes import FlagCode
from app.directory.importing.bundles import Row
from app.directory.importing.cleaning import personal, values
from app.directory.importing.cleaning.texts import CleanText, clean_line, clean_text, is_nothing
from app.directory.importing.raw import Raw, Where, first_of
from app.directory.importing.staging import MENDED, NOTE, Staging

Codes = TypeVar("Codes", bound=StrEnum)
LONGEST_ALLOWED_AGE = 120
LONGEST_ID = 500


class Fields:
    """The fields of one object; `flags` gathers what an editor should look at."""

    def __init__(self, raw: Raw, where: Where, kind: str, staging: Staging) -> None:
        self.raw = raw
        self.where = where
        self.kind = kind
        self.old_id = " ".join(values.words(raw.get("id")).split())[:LONGEST_ID]
        self.flags: list[Row] = []
        self._staging = staging

    def note(self, reason: str, *, level: str = NOTE) -> None:
        """Say something of this object in the report."""
        self._staging.problem(level, self.where, self.kind, self.old_id, reason)

    def flag(self, code: FlagCode, field_name: str = "", note: str = "") -> None:
        """Ask an editor to look at a field."""
        row = {"code": code, "field_name": field_name, "note": note}
        if not any(known["code"] is code and known["field_name"] == field_name for known in self.flags):
            self.flags.append(row)

    def words(self, *names: str) -> str:
        """The first of the fields that says anything, as it came."""
        told = first_of(self.raw, *names)
        if told is None:
            return ""
        found = values.words(told).strip()
        return "" if is_nothing(found) else found

    def line(self, *names: str) -> str | None:
        """A field of one line."""
        told = self.words(*names)
        if not told:
            return None
        found = clean_line(told)
        self._note_mending(found, names[0])
        return found.text or None

    def text(self, *names: str) -> str | None:
        """A field of free text, looked through for personal data."""
        told = self.words(*names)
        if not told:
            return None
        found = clean_text(told)
        self._note_mending(found, names[0])
        if personal.has_personal_email(found.text):
            self.flag(FlagCode.PERSONAL_EMAIL, names[0])
        if personal.has_mobile_number(found.text):
            self.flag(FlagCode.MOBILE_NUMBER, names[0])
        return found.text or None

    def url(self, *names: str) -> str | None:
        """A web address; one that cannot be is dropped and noted."""
        told = self.words(*names)
        found = values.web_address(told) if told else None
        if told and found is None:
            told = values.linked_address(told)
            self.note(f"{names[0]}: {told[:100]!r} is no web address and was left out")
            self.flag(FlagCode.WEB_ADDRESS_DROPPED, names[0], told[:200])
        return found

    def email(self, *names: str) -> str | None:
        """An e-mail address; one that cannot be is dropped and noted."""
        told = self.words(*names)
        found = values.email_address(told) if told else None
        if told and found is None:
            self.note(f"{names[0]}: {told[:100]!r} is no email address and was left out")
            self.flag(FlagCode.EMAIL_DROPPED, names[0], told[:200])
        return found

    def day(self, *names: str) -> date | None:
        """A date."""
        found: date | None = self._read(names, values.day, "date")
        return found

    def instant(self, *names: str) -> datetime | None:
        """An instant that is past."""
        found: datetime | None = self._read(names, values.instant, "time that has been")
        return found

    def amount(self, *names: str) -> Decimal | None:
        """Pounds; words stand elsewhere and are no fault."""
        return values.amount(first_of(self.raw, *names))

    def age(self, *names: str) -> int | None:
        """An age in whole years; one of 120 and more bounds nothing."""
        found = values.number(first_of(self.raw, *names), least=0, most=LONGEST_ALLOWED_AGE - 1)
        told = self.words(*names)
        if told and found is None and values.real_number(told) is None:
            self.note(f"{names[0]}: {told[:60]!r} is no age and was left out")
        return found

    def count(self, *names: str) -> int | None:
        """A whole number from 0 on."""
        return values.number(first_of(self.raw, *names), least=0, most=100_000)

    def number(self, *names: str) -> float | None:
        """Any number."""
        found: float | None = self._read(names, values.real_number, "number")
        return found

    def truth(self, *names: str) -> bool:
        """Whether the field says yes."""
        return values.truth(first_of(self.raw, *names))

    def code(self, codes: type[Codes], *names: str) -> Codes | None:
        """One of a set of codes."""
        found: Codes | None = self._read(names, lambda value: values.code(codes, value), codes.__name__.lower())
        return found

    def code_set(self, codes: type[Codes], name: str) -> frozenset[Codes]:
        """Some of a set of codes."""
        return values.code_set(codes, self.raw.get(name))

    def _read(self, names: tuple[str, ...], reader: Any, what: str) -> Any:
        told = self.words(*names)
        found = reader(told) if told else None
        if told and found is None:
            self.note(f"{names[0]}: {told[:60]!r} is no {what} and was left out")
        return found

    def _note_mending(self, found: CleanText, name: str) -> None:
        if found.mended:
            self.flag(FlagCode.TEXT_MENDED, name)
            self.note(f"{name}: broken characters were mended", level=MENDED)
        if found.markup:
            self.flag(FlagCode.MARKUP_REMOVED, name)
