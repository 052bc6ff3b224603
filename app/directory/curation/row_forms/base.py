"""What the rows have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import FieldList, HiddenField
from wtforms.validators import Length

from app.directory.curation.parts.rows import Row, key_of
from app.web.forms import Form

LINE = [Length(max=200, message=_("Use 200 characters or fewer"))]
TEXT = [Length(max=1000, message=_("Use 1,000 characters or fewer"))]
# Digits of a row's number in the name of a field.
LONGEST = 5


class RowForm(Form):
    """What the rows have in common.

    Each kind of row says how it is shown, sent and built; WTForms' own metaclass leaves no room for abstract methods.
    """

    was = HiddenField()

    before: Row | None = None
    is_fixed = False

    class Meta(Form.Meta):
        """The form around it is bound to the session."""

        csrf = False

    @classmethod
    def shown(cls, row: Row) -> dict[str, Any]:
        """What the fields of a row of the document show."""
        raise NotImplementedError

    @classmethod
    def can_show(cls, row: Row) -> bool:  # noqa: ARG003 - what the row is decides in some of them
        """Whether the fields can say what the row says; else it stays as it is, or goes."""
        return True

    @classmethod
    def stays(cls, row: Row, *, hides_secrets: bool) -> bool:
        """Whether a row can only stay or go: the fields cannot say it, or whoever looks must not see what it says."""
        return not cls.can_show(row) or bool(hides_secrets and row.get("confidential"))

    def join(self, rows: Iterable[Row], *, hides_secrets: bool) -> bool:
        """Find the row that it stands for. False where that is gone and was to stay as it is."""
        self.before = next((row for row in rows if word_for(row) == self.was.data), None) if self.was.data else None
        self.is_fixed = self.before is not None and self.stays(self.before, hides_secrets=hides_secrets)
        return self.before is not None or not self.was.data or any(self.sent().values())

    def sent(self) -> dict[str, Any]:
        """What the fields say, in the shape of `shown`."""
        raise NotImplementedError

    def built(self, sent: Mapping[str, Any]) -> Row:
        """The fields as a row, and what the row had before beyond them."""
        raise NotImplementedError

    def row(self) -> Row | None:
        """The row that is wanted; None where nothing was typed."""
        if self.before is not None and (self.is_fixed or self.is_untouched):
            return self.before
        sent = self.sent()
        return self.built(sent) if any(sent.values()) else None

    @property
    def is_untouched(self) -> bool:
        """Whether the fields say what they said before."""
        return self.before is not None and self.sent() == self.shown(self.before)

    def validate(self, extra_validators: Any = None) -> bool:
        """Only what somebody typed must be right."""
        if self.is_fixed or self.is_untouched or not any(self.sent().values()):
            return True
        return bool(super().validate(extra_validators)) and self.is_whole()

    def is_whole(self) -> bool:
        """Whether the fields make sense together; what is wrong is said beside one of them."""
        return True

    def refuse(self, field: Any, words: Any) -> bool:
        """Say beside a field what is wrong."""
        field.errors = [*field.errors, words]
        return False


class RowList(FieldList):  # type: ignore[misc]
    """Rows of one kind."""

    def add(self) -> None:
        """Another row, as long as there is room for one."""
        if len(self.entries) < self.max_entries:
            self.append_entry()

    def wanted(self) -> list[Row]:
        """The rows, without the empty ones."""
        return [row for entry in self.entries if (row := entry.form.row()) is not None]

    def _extract_indices(self, prefix: str, formdata: Any) -> Any:
        """The numbers in the names of fields; anything else is no row of ours."""
        start = len(prefix) + 1
        names = (name[start:].split("-", 1)[0] for name in formdata if name.startswith(f"{prefix}-"))
        return (int(number) for number in names if number.isascii() and number.isdigit() and len(number) < LONGEST)


def word_for(row: Row) -> str:
    """By what a form that was sent finds the row again: a place by its id, hours and prices by what they say."""
    return str(row.get("id") or key_of(row))
