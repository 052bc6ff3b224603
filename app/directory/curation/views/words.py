"""Field names, codes and verdicts of curation in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from babel.lists import format_list
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _

from app.directory.codes import CheckKind, Experience, FlagCode, NameLikeness, Shared
from app.directory.curation.document import FIELDS
from app.directory.curation.flags import mended_in
from app.directory.curation.forms import (
    CAPACITY,
    COVERAGES,
    GENDERS,
    KINDS,
    REACHES,
    ROUTES,
    STATUSES,
    ListingForm,
)
from app.directory.curation.parts.rows import Row
from app.directory.curation.row_words import lines
from app.directory.curation.rules import Confidence
from app.directory.curation.together import Part
from app.directory.models import Contact, Flag, LikelyDuplicate
from app.directory.wording.queries import topic_words
from app.web.database import db

GAPS = {
    "no-contact": lazy_gettext("There is no telephone number, email or website."),
    "no-way-in": lazy_gettext("It does not say how people get in."),
    "no-topics": lazy_gettext("It has no topics, so plain words do not find it."),
    "no-hours": lazy_gettext("It does not say when it is open."),
    "no-cost": lazy_gettext("It does not say what it costs, or that it is free."),
    "short-description": lazy_gettext("The description is very short."),
    "hard-to-read": lazy_gettext("The description is hard to read. Use shorter sentences and plainer words."),
}
REASONS = {
    "unchecked": lazy_gettext("nobody has checked it yet"),
    "age": lazy_gettext("the last check is over a year ago"),
    "reports": lazy_gettext("somebody says that it is wrong"),
    CheckKind.FOUND_WRONG.value: lazy_gettext("staff rang and it was wrong"),
    CheckKind.LINK_DEAD.value: lazy_gettext("its website does not answer"),
    CheckKind.MAIL_BOUNCED.value: lazy_gettext("mail to it comes back"),
    Experience.CLOSED.value: lazy_gettext("people found it closed"),
    Experience.NO_ANSWER.value: lazy_gettext("people got no answer"),
    Experience.NOT_ELIGIBLE.value: lazy_gettext("people were told that it is not for them"),
    Experience.ACCESS.value: lazy_gettext("people could not get there or get in"),
    Experience.COST.value: lazy_gettext("it cost people more than they could pay"),
}
CHECKS = {
    CheckKind.STILL_RIGHT: lazy_gettext("Said to be still right"),
    CheckKind.CHANGED: lazy_gettext("Its details were changed"),
    CheckKind.FOUND_WRONG: lazy_gettext("Staff said that it was wrong"),
    CheckKind.REMINDED: lazy_gettext("We asked whether it is still right"),
    CheckKind.HIDDEN: lazy_gettext("Hidden, as nobody had checked it"),
    CheckKind.LINK_DEAD: lazy_gettext("Its website did not answer"),
    CheckKind.MAIL_BOUNCED: lazy_gettext("Our mail to it came back"),
}
FLAGS = {
    FlagCode.ADDRESS_FILLED_IN: lazy_gettext("The list had no whole address: what was missing was filled in."),
    FlagCode.NO_PLACE: lazy_gettext("People are to come, and the list does not say where so that it can be found."),
    FlagCode.TEXT_MENDED: lazy_gettext("Broken letters were mended."),
    FlagCode.MARKUP_REMOVED: lazy_gettext("Formatting was taken out."),
    FlagCode.PERSONAL_EMAIL: lazy_gettext("It may give somebody’s own email address."),
    FlagCode.MOBILE_NUMBER: lazy_gettext("It may give somebody’s own mobile number."),
    FlagCode.WEB_ADDRESS_DROPPED: lazy_gettext("What the list had was no web address, and was left out."),
    FlagCode.EMAIL_DROPPED: lazy_gettext("What the list had was no email address, and was left out."),
    FlagCode.HOURS_NOT_READ: lazy_gettext("The times could not be understood: only their words are shown."),
    FlagCode.MISSING_FROM_FEED: lazy_gettext("The list that it came from has it no more."),
    FlagCode.SAYS_IT_IS_OVER: lazy_gettext("Its own words say that it has ended. It comes last in searches."),
}
NAMES_ALIKE = {
    NameLikeness.SAME: lazy_gettext("the same name"),
    NameLikeness.ALMOST: lazy_gettext("almost the same name"),
    NameLikeness.SIMILAR: lazy_gettext("a similar name"),
}
IN_COMMON = {
    Shared.PHONE: lazy_gettext("the same telephone number"),
    Shared.EMAIL: lazy_gettext("the same email address"),
    Shared.WEB_PAGE: lazy_gettext("the same website"),
    Shared.PLACE: lazy_gettext("the same place"),
    Shared.POSTCODE: lazy_gettext("the same postcode"),
    Shared.ORGANIZATION: lazy_gettext("the same organisation"),
    Shared.DISTRICT: lazy_gettext("the same part of town"),
}
LEVELS = {
    "high": lazy_gettext("You can trust this listing"),
    "fair": lazy_gettext("Check before you rely on it"),
    "low": lazy_gettext("Do not rely on this listing"),
}
QUEUE_TITLES = {
    "due": lazy_gettext("Listings to check"),
    "stale": lazy_gettext("Nobody answered"),
    "hidden": lazy_gettext("Hidden for their age"),
    "no-topics": lazy_gettext("Listings without topics"),
    "topics-by-rule": lazy_gettext("Topics that nobody has checked"),
    "personal-details": lazy_gettext("Personal details in the text"),
    "says-it-is-over": lazy_gettext("They say that they have ended"),
    "missing": lazy_gettext("Gone from their feed"),
    "dead-links": lazy_gettext("Websites that do not answer"),
    "found-otherwise": lazy_gettext("Full or closed, people say"),
}
# Columns and tables of an import that no field of the form is named after.
_IMPORTED = {
    "phone": lazy_gettext("Telephone numbers"),
    "schedule": lazy_gettext("Opening hours"),
    "cost_option": lazy_gettext("Prices"),
    "service_at_location": lazy_gettext("Places"),
    "attribute": lazy_gettext("What it helps with"),
    "contact": lazy_gettext("Contacts"),
    "language": lazy_gettext("Languages"),
    "service_area": lazy_gettext("Areas"),
    "funding": lazy_gettext("Funding"),
    "organization_id": lazy_gettext("Organisation"),
    "missing_since": lazy_gettext("It is in the list again"),
}
_CODES = {
    choice.value: choice.label
    for choices in (KINDS, STATUSES, REACHES, COVERAGES, ROUTES, GENDERS, CAPACITY)
    for choice in choices
    if choice.value
}


def field_label(name: str) -> str:
    """What a field of the document is called on its form."""
    unbound = getattr(ListingForm, name)
    return str(unbound.kwargs.get("label") or unbound.args[0])


def flag_words(flag: Flag) -> tuple[str, str]:
    """What an editor is asked to look at, and in which field; nothing where it is about the listing as a whole."""
    name = mended_in(flag.field_name)
    return str(FLAGS[flag.code]), field_label(name) if name in FIELDS else ""


def import_field_words(fields: Iterable[str]) -> str:
    """What an import changes, in words."""
    words = [str(_IMPORTED[name]) if name in _IMPORTED else _own_label(name) for name in fields]
    return ", ".join(dict.fromkeys(words))


def _own_label(name: str) -> str:
    return field_label(name) if name in FIELDS else str(_("Other details"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a proposal changes in one field. Of rows (`is_rows`) those that go, that come and that stay."""

    name: str
    label: str
    before: str = ""
    after: str = ""
    is_rows: bool = False
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    same: tuple[str, ...] = ()


def change_of(name: str, before: Any, after: Any, *, places: list[Row]) -> Change:
    """The change of one field in words. `places` are those that hours may be tied to."""
    if FIELDS[name].kind != "rows":
        return Change(name=name, label=field_label(name), before=told(name, before), after=told(name, after))
    old, new = lines(name, before or [], places), lines(name, after or [], places)
    gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    return Change(
        name=name,
        label=field_label(name),
        is_rows=True,
        removed=tuple(gone.elements()),
        added=tuple(come.elements()),
        same=tuple((Counter(old) & Counter(new)).elements()),
    )


def changes_of(before: Mapping[str, Any], after: Mapping[str, Any], *, places: list[Row]) -> list[Change]:
    """A proposal in words, in the order of the fields."""
    known = [*places, *before.get("places", ()), *after.get("places", ())]
    return [change_of(name, before.get(name), after[name], places=known) for name in FIELDS if name in after]


def told(name: str, value: Any) -> str:
    """A value of the document in words; a dash where there is nothing."""
    field = FIELDS[name]
    if name == "topics" and value:
        names = topic_words(db.session())
        return "\n".join(names[slug].name if slug in names else slug for slug in value)
    if isinstance(value, list):
        words = [str(_CODES.get(item, item)) if field.codes else item for item in value]
        return "\n".join(words) or "–"
    if field.codes:
        return str(_CODES.get(value, value)) or "–"
    return str(value) if value not in (None, "") else "–"


def confidence_words(confidence: Confidence) -> str:
    """How far to trust a listing, and why not further."""
    level = str(LEVELS[confidence.level])
    reasons = [str(REASONS[reason]) for reason in confidence.reasons]
    if not reasons:
        return level + "."
    words = ", ".join(reasons)
    if confidence.level == "high":
        return str(_("%(level)s, but %(reasons)s.", level=level, reasons=words))
    return str(_("%(level)s: %(reasons)s.", level=level, reasons=words))


def also_words(more: Mapping[str, Iterable[Part]]) -> list[tuple[str, str]]:
    """Lists beside the document, each with what is in it: for example "Languages: Polish, Urdu"."""
    names = {
        "languages": _("Languages"),
        "service_areas": _("Areas it covers"),
        "contacts": _("Contacts"),
    }
    return [(name, f"{names[name]}: {', '.join(map(_one_of, rows))}") for name, rows in more.items()]


def _one_of(row: Part) -> str:
    if isinstance(row, Contact):
        return " ".join(part for part in (row.name, row.title, row.email) if part) or "–"
    return row.name or getattr(row, "code", None) or getattr(row, "extent", None) or "–"


def why_alike(found: LikelyDuplicate) -> str:
    """Why two listings seem to be the same, in words."""
    # A place has one postcode, and a postcode lies in one part of town: the narrowest is enough.
    said = {Shared.PLACE: {Shared.POSTCODE, Shared.DISTRICT}, Shared.POSTCODE: {Shared.DISTRICT}}
    plain = set().union(*(said.get(shared, set()) for shared in found.shared))
    common = [words for shared, words in IN_COMMON.items() if shared in found.shared - plain]
    if not common:
        return str(_("They have %(name)s, and hardly any other listing has it.", name=NAMES_ALIKE[found.name]))
    listed = format_list([str(words) for words in (*common, NAMES_ALIKE[found.name])], locale=get_locale())
    return str(_("They have %(things)s.", things=listed))
