"""Places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from app.core import postcode
from app.directory.codes import AccessFeature, LocationType
from app.directory.curation.parts.rows import Row
from app.directory.curation.row_forms.base import LINE, TEXT, RowForm

ACCESS = [
    SelectChoice(AccessFeature.STEP_FREE.value, _("Step-free")),
    SelectChoice(AccessFeature.ACCESSIBLE_TOILET.value, _("Accessible toilet")),
    SelectChoice(AccessFeature.CHANGING_PLACE.value, _("Changing Places toilet")),
    SelectChoice(AccessFeature.LIFT.value, _("Lift")),
    SelectChoice(AccessFeature.PARKING.value, _("Parking")),
    SelectChoice(AccessFeature.HEARING_LOOP.value, _("Hearing loop")),
    SelectChoice(AccessFeature.QUIET_ROOM.value, _("Quiet room")),
    SelectChoice(AccessFeature.GUIDE_DOGS.value, _("Guide dogs welcome")),
]


class PlaceRow(RowForm):
    """One place with its address."""

    name = StringField(_("Name of the place"), validators=LINE)
    address_1 = StringField(_("Building and street"), validators=LINE)
    address_2 = StringField(_("Second line of the address"), validators=LINE)
    city = StringField(_("Town or city"), validators=LINE)
    postal_code = StringField(_("Postcode"), validators=LINE)
    transportation = StringField(_("How to get there"), validators=TEXT)
    access = SelectMultipleField(_("Getting in and around"), choices=ACCESS)
    access_words = TextAreaField(_("More about getting in"), validators=TEXT)
    confidential = BooleanField(_("Keep this address private"))

    ADDRESS = ("address_1", "address_2", "city", "postal_code")

    @classmethod
    def can_show(cls, row: Row) -> bool:
        """Places where people can go."""
        return bool(row.get("type", LocationType.PHYSICAL) == LocationType.PHYSICAL)

    @classmethod
    def shown(cls, row: Row) -> dict[str, Any]:
        """As the fields show it."""
        address, access = row.get("address", {}), row.get("access", [])
        words = [one.get("description", "") for one in access if "feature" not in one]
        return {
            "name": row.get("name", ""),
            **{part: address.get(part, "") for part in cls.ADDRESS},
            "transportation": row.get("transportation", ""),
            "access": sorted({one["feature"] for one in access if "feature" in one}),
            "access_words": "\n".join(word for word in words if word),
            "confidential": row.get("confidential", False),
        }

    def sent(self) -> dict[str, Any]:
        """What the fields say, the postcode as the Royal Mail writes it."""
        lines = [" ".join(line.split()) for line in (self.access_words.data or "").splitlines()]
        return {
            "name": self.name.data or "",
            **{part: getattr(self, part).data or "" for part in self.ADDRESS},
            "postal_code": _postcode_of(self.postal_code.data),
            "transportation": self.transportation.data or "",
            "access": sorted(self.access.data or ()),
            "access_words": "\n".join(line for line in lines if line),
            "confidential": self.confidential.data,
        }

    def is_whole(self) -> bool:
        """A place is found by its postcode, or at least by its town; a private one need not be."""
        code = self.postal_code.data
        found = postcode.parse(code) if code else None
        if code and (found is None or not found.unit):
            return self.refuse(self.postal_code, _("Enter a whole postcode, like WX2 1AA"))
        if not (code or self.city.data or self.confidential.data):
            return self.refuse(self.postal_code, _("Enter the postcode, or at least the town"))
        return True

    def built(self, sent: Mapping[str, Any]) -> Row:
        """The row; its point goes with an address that is no longer the same."""
        before = self.before or {}
        address = {**before.get("address", {}), **{part: sent[part] for part in self.ADDRESS}}
        row = {
            **before,
            "type": LocationType.PHYSICAL.value,
            **{name: sent[name] for name in ("name", "transportation", "confidential")},
            "address": {part: value for part, value in address.items() if value},
            "access": self._access(sent, before.get("access", [])),
        }
        if row["address"] != before.get("address"):
            row.pop("point", None)
        return {name: value for name, value in row.items() if value not in ("", False, None, [], {})}

    def _access(self, sent: Mapping[str, Any], before: list[Row]) -> list[Row]:
        """What is still ticked keeps the words that stand with it."""
        known = {one["feature"]: one for one in before if "feature" in one}
        ticked = [known.get(feature, {"feature": feature}) for feature in sent["access"]]
        told = {one.get("description"): one for one in before if "feature" not in one}
        lines = [line for line in sent["access_words"].split("\n") if line]
        if self.before and sent["access_words"] == self.shown(self.before)["access_words"]:
            return ticked + [one for one in before if "feature" not in one]
        return ticked + [told.get(line, {"description": line}) for line in lines]


def _postcode_of(text: str | None) -> str:
    found = postcode.parse(text) if text else None
    return str(found) if found and found.unit else text or ""
