"""The cards of results as HTML: what is the same on every page is kept, and only the rest is written anew.

Kept by service as it was read, language and day, never by visitor: the visitor's list, the place asked from, the hours
and the reasons are put in at each page. The HTML around the words is kept once for all cards of the same shape.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from flask import current_app
from markupsafe import Markup, escape

from app.booking.codes import Availability
from app.booking.queries.offers import NextOffer
from app.booking.wording import available, session_day
from app.directory.geography import Point
from app.library.card_store import MOST_KEPT
from app.library.plain import PlainHours, PlainService
from app.library.search import Hit
from app.library.showing import facts
from app.library.showing.cards import Card, lasting_card, nearest_place, now_in_london
from app.library.showing.hours import lasting_words
from app.web.page_words import page_words

TEMPLATE = "components/service_card.html"
# What a card tells in words, by the names of its fields; with `TOLD` all that may stand on it all day.
WORDS = (
    "id",
    "name",
    "organization",
    "kind_word",
    "summary",
    "reach",
    "cost",
    "route",
    "who",
    "phone",
    "text_to",
    "dial",
    "phone_note",
)
TOLD = ("places", "checked")
MOST_SHAPES = 1_000
MOST_HOURS = 2_000
_GAP = re.compile("\0(\\w+)\0")


class KeptCard:
    """What is told of one service on its card all day, escaped, and the shape of the card that it goes into."""

    __slots__ = ("_hours", "_shape", "_signpost", "_words", "card")

    def __init__(self, service: PlainService, language: str) -> None:
        self.card = card = lasting_card(service)
        self._words = {name: str(escape(words)) if words else "" for name, words in _words_of(card).items()}
        filled = frozenset(name for name, words in self._words.items() if words)
        care = card.places.care, card.checked.care
        self._shape = _shape(language, filled, card.kind, care, closed=card.closed)
        self._hours = _hours_line(language, tuple(service.hours))
        self._signpost = ""

    def html(  # noqa: PLR0913 - what a page puts in
        self,
        *,
        where: str,
        away: str,
        branches: int,
        reasons: Sequence[str],
        now: datetime,
        chosen: Set[UUID],
        return_to: str,
        signposting: bool = False,
        coming: NextOffer | None = None,
    ) -> Markup:
        """The card with what this page puts in."""
        words = self._words | {"return_to": return_to, "reasons": _items(reasons)}
        words |= {
            "where": _place(where, away),
            "when": self._hours.at(now),
            "coming": _coming(coming),
            "button": self._button_off(chosen, return_to) or self._shape.button % words,
            "signpost": self._signpost_button() if signposting else "",
            "branches": " " + _made("card_branches", branches) if branches else "",
            "told": self._shape.reasons % words if reasons else "",
        }
        return Markup(self._shape.whole % words)  # noqa: S704 - every word was escaped

    def _button_off(self, chosen: Set[UUID], return_to: str) -> str:
        """The other button, for what is on the list; `return_to` is escaped."""
        if self.card.id not in chosen:
            return ""
        return _made("card_button", self.card, chosen, Markup(return_to))  # noqa: S704

    def _signpost_button(self) -> str:
        """For staff alone, so made when the first of them sees the card."""
        if not self._signpost:
            self._signpost = _made("card_signpost", self.card)
        return self._signpost


class HoursLine:
    """The line of some hours, which many services share: "every weekday from nine to five"."""

    __slots__ = ("_hours", "_kept")

    def __init__(self, hours: Sequence[PlainHours]) -> None:
        self._hours = hours
        self._kept: tuple[datetime, datetime, str] | None = None

    def at(self, now: datetime) -> str:
        """The line, worked out anew when it may have changed."""
        kept = self._kept
        if kept is None or not kept[0] <= now < kept[1]:
            words, until = lasting_words(self._hours, now)
            self._kept = kept = (now, until, _when(words))
        return kept[2]


@lru_cache(maxsize=MOST_HOURS)
def _hours_line(_language: str, hours: Sequence[PlainHours]) -> HoursLine:
    return HoursLine(hours)


def _words_of(card: Card) -> dict[str, object]:
    own = {name: getattr(card, name) for name in WORDS}
    return {**own, "places": card.places.text, "checked": card.checked.text}


def _items(reasons: Sequence[str]) -> str:
    return "</li><li>".join([str(escape(reason)) for reason in reasons])


@dataclass(frozen=True, slots=True)
class Shape:
    """What cards that tell the same kinds of things have in common, as formats that the words are put into."""

    whole: str
    button: str
    reasons: str


@lru_cache(maxsize=MOST_SHAPES)
def _shape(language: str, filled: Set[str], kind: str, care: tuple[bool, bool], *, closed: bool) -> Shape:  # noqa: ARG001 - the language of the templates
    gaps: dict[str, Any] = {name: _gap(name) if name in filled else "" for name in WORDS}
    places, checked = (
        facts.Words(_gap(name) if name in filled else "", care=its) for name, its in zip(TOLD, care, strict=True)
    )
    card = Card(**gaps, kind=kind, where="", away="", hours="", places=places, checked=checked, closed=closed)
    top, facts_, notes = (_format(_made(macro, card)) for macro in ("card_top", "card_facts", "card_notes"))
    return Shape(
        whole=f"{top}%(where)s%(when)s%(coming)s{facts_}%(button)s%(signpost)s{notes}%(branches)s</p>%(told)s</article>",
        button=_format(_made("card_button", card, (), _gap("return_to"))),
        reasons=_format(_made("card_reasons", card.name, [_gap("reasons")])),
    )


def _gap(name: str) -> str:
    """Stands for words that are put in later; no listing has it, for control characters are not stored."""
    return f"\0{name}\0"


def _format(html: str) -> str:
    return _GAP.sub(r"%(\1)s", html.replace("%", "%%"))


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom the cards are: what is on their list, the page to come back to, whether they give services to others."""

    chosen: Set[UUID]
    return_to: str
    signposting: bool = False
    coming: Mapping[UUID, NextOffer] = field(default_factory=dict)


def cards_of_hits(hits: Sequence[Hit], point: Point | None, reader: Reader) -> list[Markup]:
    """A card for each result."""
    language, now = page_words().language, now_in_london()
    escaped = replace(reader, return_to=str(escape(reader.return_to)))
    return [_card_of_hit(hit, point, kept_card(hit.service, language, now.date()), escaped, now) for hit in hits]


def _card_of_hit(hit: Hit, point: Point | None, kept: KeptCard, reader: Reader, now: datetime) -> Markup:
    place = nearest_place(hit.service, point)
    away = ""
    if hit.distance_km is not None and place is not None:
        away = facts.distance_words(hit.distance_km, point.precision if point else None, place)
    return kept.html(
        where=facts.area_words(hit.service, place),
        away=away,
        branches=hit.branches,
        reasons=hit.reasons,
        now=now,
        chosen=reader.chosen,
        return_to=reader.return_to,
        signposting=reader.signposting,
        coming=reader.coming.get(hit.service.id),
    )


@lru_cache(maxsize=MOST_KEPT)
def kept_card(service: PlainService, language: str, _today: date) -> KeptCard:
    """The card; its key names all that the kept words depend on."""
    return KeptCard(service, language)


def _coming(offer: NextOffer | None) -> str:
    """When the next date is, and whether there are places at this moment; never kept."""
    if offer is None:
        return ""
    care = offer.availability not in {Availability.PLACES, Availability.DROP_IN}
    return _made("card_next", f"{session_day(offer.starts_at)} · {available(offer.availability)}", care)


def _place(where: str, away: str) -> str:
    words = " · ".join([str(escape(part)) for part in (where, away) if part])
    return _line(page_words().language, "card_where", "") % words if words else ""


def _when(words: str) -> str:
    return _line(page_words().language, "card_when") % escape(words) if words else ""


@lru_cache(maxsize=20)
def _line(_language: str, macro: str, *others: str) -> str:
    """A format with one gap."""
    return _made(macro, _gap("words"), *others).replace("%", "%%").replace(_gap("words"), "%s")


def _made(macro: str, *values: object) -> str:
    return str(getattr(current_app.jinja_env.get_template(TEMPLATE).module, macro)(*values))
