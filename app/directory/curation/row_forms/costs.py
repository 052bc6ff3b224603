"""Prices."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import StringField

from app.directory.curation.parts.rows import Row
from app.directory.curation.row_forms.base import LINE, RowForm
from app.directory.importing.cleaning.values import amount


class CostRow(RowForm):
    """One price."""

    option = StringField(_("What for"), validators=LINE)
    amount = StringField(_("Amount in pounds"), validators=LINE)
    amount_description = StringField(_("A word about the price"), validators=LINE)

    @classmethod
    def shown(cls, row: Row) -> dict[str, Any]:
        """As the fields show it."""
        return {name: row.get(name, "") for name in ("option", "amount", "amount_description")}

    def sent(self) -> dict[str, Any]:
        """What the fields say; an amount that cannot be read as it was typed."""
        return {
            "option": self.option.data or "",
            "amount": _amount_of(self.amount.data),
            "amount_description": self.amount_description.data or "",
        }

    def is_whole(self) -> bool:
        """The amount is one."""
        if self.amount.data and _amount(self.amount.data) is None:
            return self.refuse(self.amount, _("Enter an amount like 5 or 2.50, or 0 if it is free"))
        return True

    def built(self, sent: Mapping[str, Any]) -> Row:
        """The row."""
        return {name: value for name, value in {**(self.before or {}), **sent}.items() if value not in ("", None)}


def _amount(text: str) -> Decimal | None:
    return Decimal("0.00") if text.casefold() == "free" else amount(text)


def _amount_of(text: str | None) -> str:
    found = _amount(text) if text else None
    return str(found) if found is not None else text or ""
