"""The cards of results as HTML: what is the same on every page is kept, and only the rest is written anew.

Kept by service as it was read, language and day, never by visitor: the visitor's list, the place asked from, the hours
and the reasons are put in at each page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from flask import current_app
from flask_babel import get_locale
from markupsafe import Markup, escape

from app.booking.codes import Availability
from app.booking.queries.offers import NextOffer
from app.booking.wording import available, session_day
from app.directory.geography import Point
from app.library.card_store import MOST_KEPT
from app.library.plain import PlainService
from app.library.search import Hit
from app.library.showing import facts
from app.library.showing.cards import lasting_card, nearest_place, now_in_london
from app.library.showing.hours import lasting_words

TEMPLATE = "components/service_card.html"
# Stands in a kept part for what is put in later; no listing has it, for control characters are not stored.
_GAP = "\0gap\0"


class KeptCard:
    """The parts of one service's card that stay as they are all day."""

    __slots__ = ("_facts", "_form", "_hours", "_notes", "_reasons", "_service", "_signpost", "_top", "card")

    def __init__(self, service: PlainService) -> None:
        self._service = service
        self.card = card = lasting_card(service)
        self._top = _made("card_top", card)
        self._facts = _made("card_facts", card)
        self._form = _around_gap("card_button", card, (), _GAP)
        self._notes = _made("card_notes", card)
        self._reasons = _around_gap("card_reasons", card.name, [_GAP])
        self._hours: tuple[datetime, datetime, str] | None = None
        self._signpost = ""

    def html(  # noqa: PLR0913 - what a page puts in
        self,
        *,
        where: str,
        away: str,
        branches: int,
        reasons: Sequence[str],
        chosen: Set[UUID],
        return_to: str,
        signposting: bool = False,
        coming: NextOffer | None = None,
    ) -> Markup:
        """The card with what this page puts in."""
        signpost = self._signpost_button() if signposting else ""
        return Markup(  # noqa: S704 - every part was escaped as it was made
            f"{self._top}{_place(where, away)}{self.hours(now_in_london())}{_coming(coming)}{self._facts}"
            f"{self._list_button(chosen, return_to)}{signpost}{self._notes}"
            f"{' ' + _made('card_branches', branches) if branches else ''}</p>{self._told(reasons)}</article>"
        )

    def hours(self, now: datetime) -> str:
        """The line of hours, worked out anew when it may have changed."""
        kept = self._hours
        if kept is None or not kept[0] <= now < kept[1]:
            words, until = lasting_words(self._service.hours, now)
            self._hours = kept = (now, until, _made("card_when", words))
        return kept[2]

    def _list_button(self, chosen: Set[UUID], return_to: str) -> str:
        """`return_to` is escaped."""
        if self.card.id in chosen:
            return _made("card_button", self.card, chosen, Markup(return_to))  # noqa: S704
        return f"{self._form[0]}{return_to}{self._form[1]}"

    def _signpost_button(self) -> str:
        """For staff alone, so made when the first of them sees the card."""
        if not self._signpost:
            self._signpost = _made("card_signpost", self.card)
        return self._signpost

    def _told(self, reasons: Sequence[str]) -> str:
        if not reasons:
            return ""
        return f"{self._reasons[0]}{'</li><li>'.join([str(escape(reason)) for reason in reasons])}{self._reasons[1]}"


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom the cards are: what is on their list, the page to come back to, whether they give services to others."""

    chosen: Set[UUID]
    return_to: str
    signposting: bool = False
    coming: Mapping[UUID, NextOffer] = field(default_factory=dict)


def cards_of_hits(hits: Sequence[Hit], point: Point | None, reader: Reader) -> list[Markup]:
    """A card for each result."""
    language, today = str(get_locale()), now_in_london().date()
    escaped = replace(reader, return_to=str(escape(reader.return_to)))
    return [_card_of_hit(hit, point, kept_card(hit.service, language, today), escaped) for hit in hits]


def _card_of_hit(hit: Hit, point: Point | None, kept: KeptCard, reader: Reader) -> Markup:
    place = nearest_place(hit.service, point)
    away = ""
    if hit.distance_km is not None and place is not None:
        away = facts.distance_words(hit.distance_km, point.precision if point else None, place)
    return kept.html(
        where=facts.area_words(hit.service, place),
        away=away,
        branches=hit.branches,
        reasons=hit.reasons,
        chosen=reader.chosen,
        return_to=reader.return_to,
        signposting=reader.signposting,
        coming=reader.coming.get(hit.service.id),
    )


@lru_cache(maxsize=MOST_KEPT)
def kept_card(service: PlainService, _language: str, _today: date) -> KeptCard:
    """The card; its key names all that the kept words depend on."""
    return KeptCard(service)


def _coming(offer: NextOffer | None) -> str:
    """When the next date is, and whether there are places at this moment; never kept."""
    if offer is None:
        return ""
    care = offer.availability not in {Availability.PLACES, Availability.DROP_IN}
    return _made("card_next", f"{session_day(offer.starts_at)} · {available(offer.availability)}", care)


def _place(where: str, away: str) -> str:
    words = " · ".join([str(escape(part)) for part in (where, away) if part])
    if not words:
        return ""
    before, after = _place_around(str(get_locale()))
    return f"{before}{words}{after}"


@lru_cache(maxsize=20)
def _place_around(_language: str) -> tuple[str, str]:
    return _around_gap("card_where", _GAP, "")


def _around_gap(macro: str, *values: object) -> tuple[str, str]:
    before, _, after = _made(macro, *values).partition(_GAP)
    return before, after


def _made(macro: str, *values: object) -> str:
    return str(getattr(current_app.jinja_env.get_template(TEMPLATE).module, macro)(*values))
