"""Facts of a service in a few words each; empty where nothing is known, so that nothing is claimed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from app.core import clock
from app.directory.codes import Accepting, AccessRoute, Coverage, Gender, Kind, Precision, Reach
from app.directory.curation.rules import is_stale
from app.library.labels import CODE_LABELS
from app.library.plain import PlainPlace, PlainService
from app.web.filters import ago, distance, pounds
from app.web.languages import AsTold
from app.web.page_words import gettext as _
from app.web.page_words import ngettext, page_words

EXACT_ENOUGH = (Precision.EXACT, Precision.UNIT)


@dataclass(frozen=True, slots=True)
class Words:
    """A few words, and whether they ask for care ("warning") or not."""

    text: str
    care: bool = False


def kind_word(service: PlainService) -> str:
    """What sort of thing it is; an ordinary service needs no word."""
    if service.kind is Kind.SERVICE:
        return ""
    return _("Course") if service.kind is Kind.COURSE else _("Group")


def reach_words(service: PlainService) -> str:
    """How a person meets it: "In person, by phone"."""
    return _reach_words(page_words().language, service.reach)


@lru_cache(maxsize=100)
def _reach_words(_language: str, reach: frozenset[Reach]) -> str:
    order = (Reach.IN_PERSON, Reach.PHONE, Reach.ONLINE, Reach.HOME_VISIT)
    return listed(str(CODE_LABELS[f"reach:{way}"]) for way in order if way in reach)


def route_words(service: PlainService) -> str:
    """How a person gets in: "Just turn up or contact them yourself"."""
    return _route_words(page_words().language, service.access_routes)


@lru_cache(maxsize=100)
def _route_words(_language: str, routes: frozenset[AccessRoute]) -> str:
    order = (AccessRoute.DROP_IN, AccessRoute.SELF_REFERRAL, AccessRoute.PROFESSIONAL_REFERRAL)
    ways = [str(CODE_LABELS[f"route:{route}"]) for route in order if route in routes]
    return _(" or ").join([*ways[:1], *(way[0].lower() + way[1:] for way in ways[1:])])


def cost_words(service: PlainService) -> str:
    """What it costs, at a glance: "Free", "£3", "Free to £5"."""
    amounts = sorted({option.amount for option in service.cost_options if option.amount is not None})
    if not amounts:
        named = next((option.option for option in service.cost_options), None)
        return AsTold(named or service.fees_description or "")
    lowest, highest = amounts[0], amounts[-1]
    if highest == 0:
        return _("Free")
    if lowest == highest:
        return pounds(lowest)
    return _("%(lowest)s to %(highest)s", lowest=pounds(lowest) if lowest else _("Free"), highest=pounds(highest))


def places_words(service: PlainService) -> Words:
    """Whether it takes new people, and since when that is known."""
    if service.accepting is None:
        return Words("")
    text = _accepting_words(service.accepting, service.wait_weeks)
    if service.capacity_stated_at:
        text = _("%(words)s (they told us %(ago)s)", words=text, ago=ago(service.capacity_stated_at.date()))
    return Words(text, care=service.accepting is not Accepting.YES)


def _accepting_words(accepting: Accepting, weeks: int | None) -> str:
    if accepting is Accepting.YES:
        return _("Takes new people")
    if accepting is Accepting.NO:
        return _("Not taking new people now")
    if weeks:
        return ngettext("Waiting list: about %(num)d week", "Waiting list: about %(num)d weeks", weeks)
    return _("Has a waiting list")


def checked_words(service: PlainService) -> Words:
    """When somebody last made sure of the details."""
    if service.assured_date is None:
        return Words(_("We do not know when these details were last checked"), care=True)
    today = clock.today()
    if is_stale(service.next_check_on, today):
        words = _("Details checked %(ago)s; nobody has confirmed them since", ago=ago(service.assured_date))
        return Words(words, care=True)
    old = (today - service.assured_date).days > 365
    return Words(_("Details checked %(ago)s", ago=ago(service.assured_date)), care=old)


def who_words(service: PlainService) -> str:
    """For whom it is, where it is for some only: "Women, aged 18 to 25"."""
    return listed([_gender_word(service.gender)] if service.gender else [], age_words(service))


def _gender_word(gender: Gender) -> str:
    if gender is Gender.WOMEN:
        return _("Women")
    return _("Men") if gender is Gender.MEN else _("Trans and non-binary people")


def age_words(service: PlainService) -> str:
    """The ages it is for."""
    lowest, highest = service.minimum_age, service.maximum_age
    if lowest and highest is not None:
        return _("Aged %(lowest)s to %(highest)s", lowest=lowest, highest=highest)
    if lowest:
        return _("Aged %(lowest)s and over", lowest=lowest)
    return _("Aged %(highest)s and under", highest=highest) if highest is not None else ""


def distance_words(kilometres: float, asked: Precision | None, place: PlainPlace | None) -> str:
    """How far away; "about" where the place asked from or the place itself is only roughly known."""
    rough = asked not in EXACT_ENOUGH or (place is not None and place.precision not in (*EXACT_ENOUGH, None))
    away = _("%(distance)s away", distance=distance(kilometres))
    return _("about %(distance)s", distance=away) if rough and kilometres * 0.621371 >= 0.5 else away


def area_words(service: PlainService, place: PlainPlace | None) -> str:
    """Where it is, in a word or two."""
    if place is None:
        if service.coverage is Coverage.NATIONAL:
            return _("Everywhere in the country")
        return _("The address is private, to keep people safe") if service.has_hidden_place else ""
    return AsTold(place.words)


def listed(*groups: Iterable[str] | str) -> str:
    """Words joined by commas, the first with a capital and the others without."""
    words = [word for group in groups for word in ([group] if isinstance(group, str) else group) if word]
    return ", ".join([words[0], *(word[0].lower() + word[1:] for word in words[1:])]) if words else ""
