"""Words for codes, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping

from babel import Locale, UnknownLocaleError
from flask_babel import LazyString, get_locale
from flask_babel import lazy_gettext as _

from app.directory import languages
from app.library.topics import TopicTree

# The filters in the order in which they are offered.
FACET_LABELS: Mapping[str, LazyString] = {
    "kind": _("Kind of help"),
    "topic": _("Topic"),
    "reach": _("How you meet"),
    "open": _("Open"),
    "cost": _("Cost"),
    "route": _("How to get in"),
    "accepting": _("Places"),
    "age": _("Age"),
    "gender": _("Who it is for"),
    "lang": _("Language"),
    "access": _("Access"),
}
# Words for every code, keyed by filter and code.
CODE_LABELS: Mapping[str, LazyString] = {
    "kind:service": _("Services"),
    "kind:course": _("Courses"),
    "kind:peer-group": _("Groups"),
    "reach:in-person": _("In person"),
    "reach:phone": _("By phone"),
    "reach:online": _("Online"),
    "reach:home-visit": _("They come to you"),
    "cost:free": _("Free"),
    "cost:paid": _("You pay something"),
    "route:self-referral": _("Contact them yourself"),
    "route:drop-in": _("Just turn up"),
    "route:professional-referral": _("Somebody refers you"),
    "open:now": _("Open now"),
    "open:today": _("Open today"),
    "open:evenings": _("Evenings"),
    "open:weekends": _("Weekends"),
    "age:under-18": _("Under 18"),
    "age:18-25": _("18 to 25"),
    "age:26-64": _("26 to 64"),
    "age:65-over": _("65 and over"),
    "gender:women": _("Women only"),
    "gender:men": _("Men only"),
    "gender:trans-nonbinary": _("Trans and non-binary people"),
    "access:step-free": _("Step-free"),
    "access:accessible-toilet": _("Accessible toilet"),
    "access:hearing-loop": _("Hearing loop"),
    "access:parking": _("Parking"),
    "access:quiet-room": _("Quiet room"),
    "access:lift": _("Lift"),
    "access:changing-place": _("Changing Places toilet"),
    "access:guide-dogs": _("Guide dogs welcome"),
    "accepting:new-people": _("Takes new people"),
}

# Languages that Babel has no name for.
OWN_LANGUAGES: Mapping[str, LazyString] = {"bfi": _("British Sign Language")}


def value_label(facet: str, value: str, tree: TopicTree) -> str:
    """The words for one value of a filter."""
    if facet == "topic":
        topic = tree.get(value)
        return topic.label if topic else value
    if facet == "lang":
        return language_name(value)
    return str(CODE_LABELS.get(f"{facet}:{value}", value))


def language_name(code: str) -> str:
    """The name of a language in the language of the page; in English, else the code, where Babel has no name for it."""
    if code in OWN_LANGUAGES:
        return str(OWN_LANGUAGES[code])
    try:
        name = Locale.parse(code).get_display_name(get_locale())
    except (UnknownLocaleError, ValueError):
        name = None
    return name or languages.language_name(code)
