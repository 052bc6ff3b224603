"""The cards of results as HTML: what is the same on every page is kept, and only the rest is written anew.

Kept by service as it was read, language and day, never by visitor: the visitor's list, the place asked from, the hours
and the reasons are put in at each page. The HTML around the words is kept once for all cards of the same shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

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
from app.library.showing.kept_html import formatted, gap, made
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
    "website",
    "phone_note",
)
TOLD = ("places", "checked")
MOST_SHAPES = 1_000
MOST_HOURS = 2_000
_CUT = gap("cut")


class KeptCard:
    """What is told of one service on its card all day, laid out in parts; each page puts in what stands between them.

    `id` and `name` are the service's. `_button` is cut where the address to come back to stands, `_reasons` where
    the sentences do. `_beside_dates` are the facts where a date that is booked here says how its places stand: what the
    listing once told of places would say another thing beside it.
    """

    __slots__ = (
        "_beside_dates",
        "_button",
        "_facts",
        "_hours",
        "_notes",
        "_reasons",
        "_signpost",
        "_top",
        "id",
        "name",
    )

    def __init__(self, service: PlainService, language: str) -> None:
        card = lasting_card(service)
        words = {name: str(escape(told)) if told else "" for name, told in _words_of(card).items()}
        filled = frozenset(name for name, told in words.items() if told)
        care = card.places.care, card.checked.care
        shape = _shape(language, filled, card.kind, care, closed=card.closed)
        self.id, self.name = card.id, card.name
        self._top, self._facts, self._notes = shape.top % words, shape.facts % words, shape.notes % words
        self._beside_dates = shape.beside_dates % words if card.places.text else self._facts
        self._button = tuple(part % words for part in shape.button)
        self._reasons = tuple(part % words for part in shape.reasons)
        self._hours = _hours_line(language, tuple(service.hours))
        self._signpost = ""

    def html(  # noqa: PLR0913 - what a page puts in
        self,
        *,
        place: str,
        branches: int,
        reasons: str,
        now: datetime,
        chosen: Set[UUID],
        return_to: str,
        signposting: bool = False,
        coming: NextOffer | None = None,
    ) -> Markup:
        """The card with what this page puts in; `place`, `reasons` and `return_to` are escaped."""
        signpost = self._signpost_button() if signposting else ""
        more = " " + made(TEMPLATE, "card_branches", branches) if branches else ""
        told = reasons.join(self._reasons) if reasons else ""
        facts_ = self._facts if coming is None else self._beside_dates
        return Markup(  # noqa: S704 - every word was escaped
            f"{self._top}{place}{self._hours.at(now)}{_coming(coming)}{facts_}"
            f"{self._list_button(chosen, return_to)}{signpost}{self._notes}{more}</p>{told}</article>"
        )

    def _list_button(self, chosen: Set[UUID], return_to: str) -> str:
        """To put it on the list; the other button for what is on it."""
        if self.id in chosen:
            return made(TEMPLATE, "card_button", self, chosen, Markup(return_to))  # noqa: S704
        return return_to.join(self._button)

    def _signpost_button(self) -> str:
        """For staff alone, so made when the first of them sees the card."""
        if not self._signpost:
            self._signpost = made(TEMPLATE, "card_signpost", self)
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


@dataclass(frozen=True, slots=True)
class Shape:
    """What cards that tell the same kinds of things have in common, as formats that the words are put into."""

    top: str
    facts: str
    beside_dates: str
    notes: str
    button: Sequence[str]
    reasons: Sequence[str]


@lru_cache(maxsize=MOST_SHAPES)
def _shape(language: str, filled: Set[str], kind: str, care: tuple[bool, bool], *, closed: bool) -> Shape:  # noqa: ARG001 - the language of the templates
    gaps: dict[str, Any] = {name: gap(name) if name in filled else "" for name in WORDS}
    places, checked = (
        facts.Words(gap(name) if name in filled else "", care=its) for name, its in zip(TOLD, care, strict=True)
    )
    card = Card(**gaps, kind=kind, where="", away="", hours="", places=places, checked=checked, closed=closed)
    top, facts_, notes = (formatted(made(TEMPLATE, macro, card)) for macro in ("card_top", "card_facts", "card_notes"))
    return Shape(
        top=top,
        facts=facts_,
        beside_dates=formatted(made(TEMPLATE, "card_facts", replace(card, places=facts.Words("")))),
        notes=notes,
        button=_cut(made(TEMPLATE, "card_button", card, (), _CUT)),
        reasons=_cut(made(TEMPLATE, "card_reasons", card.name, [_CUT])),
    )


def _cut(html: str) -> Sequence[str]:
    return tuple(map(formatted, html.split(_CUT)))


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom the cards are: what is on their list, the page to come back to, whether they give services to others."""

    chosen: Set[UUID]
    return_to: str
    signposting: bool = False
    coming: Mapping[UUID, NextOffer] = field(default_factory=dict)


def cards_of_hits(hits: Sequence[Hit], point: Point | None, reader: Reader) -> list[Markup]:
    """A card for each result."""
    page = _Page(
        page_words().language, now_in_london(), point, replace(reader, return_to=str(escape(reader.return_to)))
    )
    return [page.card(hit) for hit in hits]


class _Page:
    """What the cards of one page share, sentences that several of them have among it."""

    def __init__(self, language: str, now: datetime, point: Point | None, reader: Reader) -> None:
        self._language, self._now, self._point, self._reader = language, now, point, reader
        self._escaped: dict[str, str] = {}

    def card(self, hit: Hit) -> Markup:
        """The card of one result."""
        reader = self._reader
        return kept_card(hit.service, self._language, self._now.date()).html(
            place=self._place(hit),
            branches=hit.branches,
            reasons="</li><li>".join([self._escape(reason) for reason in hit.reasons]),
            now=self._now,
            chosen=reader.chosen,
            return_to=reader.return_to,
            signposting=reader.signposting,
            coming=reader.coming.get(hit.service.id) if reader.coming else None,
        )

    def _place(self, hit: Hit) -> str:
        place = nearest_place(hit.service, self._point)
        away = ""
        if hit.distance_km is not None and place is not None:
            away = facts.distance_words(hit.distance_km, self._point.precision if self._point else None, place)
        where = facts.area_words(hit.service, place)
        words = " · ".join([str(escape(part)) for part in (where, away) if part])
        return _line(self._language, "card_where", "") % words if words else ""

    def _escape(self, words: str) -> str:
        found = self._escaped.get(words)
        if found is None:
            found = self._escaped[words] = str(escape(words))
        return found


@lru_cache(maxsize=MOST_KEPT)
def kept_card(service: PlainService, language: str, _today: date) -> KeptCard:
    """The card; its key names all that the kept words depend on."""
    return KeptCard(service, language)


def _coming(offer: NextOffer | None) -> str:
    """When the next date is, and whether there are places at this moment; never kept."""
    if offer is None:
        return ""
    care = offer.availability not in {Availability.PLACES, Availability.DROP_IN}
    return made(TEMPLATE, "card_next", f"{session_day(offer.starts_at)} · {available(offer.availability)}", care)


def _when(words: str) -> str:
    return _line(page_words().language, "card_when") % escape(words) if words else ""


@lru_cache(maxsize=20)
def _line(_language: str, macro: str, *others: str) -> str:
    """A format with one gap."""
    return made(TEMPLATE, macro, gap("words"), *others).replace("%", "%%").replace(gap("words"), "%s")
