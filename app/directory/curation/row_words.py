"""Rows of a listing's document in words: a line each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.directory.codes import AccessFeature, LocationType
from app.directory.curation.parts import costs, hours
from app.directory.curation.parts.rows import Row
from app.directory.showing.costs import cost_line
from app.directory.showing.hours import hours_rows

Places = Mapping[str, str]


def hours_words(row: Row, places: Places) -> str:
    """For example "Monday 9am to 5pm (by appointment) at Garden Room"."""
    shown = hours_rows([hours.schedule_of(row)])
    if not shown:
        return str(_("Hours without a word"))
    words = " ".join(part for part in (shown[0].days, shown[0].times) if part)
    note = shown[0].note
    line = f"{words} ({note})" if words and note else words or note
    place = places.get(row.get("place", ""), "")
    return str(_("%(hours)s at %(place)s", hours=line, place=place)) if place else line


def place_words(row: Row) -> str:
    """Its name, address, access, and whether it is kept private."""
    address = row.get("address", {})
    parts = [row.get("name"), *(address.get(part) for part in ("address_1", "address_2", "city", "postal_code"))]
    words = ", ".join(dict.fromkeys(part for part in parts if part))
    if row.get("type") == LocationType.VIRTUAL:
        words = words or _("Online")
    access = [access_word(one) for one in row.get("access", ())]
    more = [words or _("A place without an address"), row.get("transportation"), ", ".join(filter(None, access))]
    more.append(_("the address is kept private") if row.get("confidential") else "")
    return "; ".join(part for part in more if part)


def cost_words(row: Row) -> str:
    """For example "Tea: £1 (for members)"."""
    return str(cost_line(costs.option_of(row))) or _("A price without a word")


def access_word(one: Row) -> str:
    """What helps to get in, and what is said of it."""
    known = {
        AccessFeature.STEP_FREE: _("Step-free"),
        AccessFeature.ACCESSIBLE_TOILET: _("Accessible toilet"),
        AccessFeature.HEARING_LOOP: _("Hearing loop"),
        AccessFeature.PARKING: _("Parking"),
        AccessFeature.QUIET_ROOM: _("Quiet room"),
        AccessFeature.LIFT: _("Lift"),
        AccessFeature.CHANGING_PLACE: _("Changing Places toilet"),
        AccessFeature.GUIDE_DOGS: _("Guide dogs welcome"),
    }
    name = str(known.get(one.get("feature", ""), ""))
    # Feeds say "Step free" of what is step-free: once is enough.
    told: dict[str, str] = {}
    for part in filter(None, (name, one.get("description"), one.get("details"))):
        told.setdefault(part.casefold().replace("-", " "), part)
    return ": ".join(told.values())


def short_place(row: Row) -> str:
    """What to call a place among few."""
    address = row.get("address", {})
    return str(row.get("name") or address.get("address_1") or address.get("city") or _("A place without an address"))


def place_choices(rows: Iterable[Row], *, hides_secrets: bool) -> list[SelectChoice]:
    """The places that hours may be tied to."""
    named = [
        SelectChoice(
            row["id"], _("A private address") if hides_secrets and row.get("confidential") else short_place(row)
        )
        for row in rows
    ]
    return [SelectChoice("", _("Not one place only")), *named]


def lines(kind: str, rows: Iterable[Row], places: Iterable[Row] = ()) -> list[str]:
    """The rows of a field in words. `places` are those that hours may be tied to."""
    names = {row["id"]: short_place(row) for row in places if "id" in row}
    words: Mapping[str, Callable[[Row], str]] = {
        "hours": lambda row: hours_words(row, names),
        "places": place_words,
        "costs": cost_words,
    }
    return [words[kind](row) for row in rows]
