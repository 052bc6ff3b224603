"""The prospectus for everybody: by term, topic, day and place, on screen and on paper."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Response, render_template, request
from flask_babel import get_locale
from sqlalchemy.orm import Session

from app.booking.queries import prospectus as reads
from app.booking.views.blueprint import booking
from app.core.text import single_line
from app.notifications.rendering import address_of
from app.web.access import PUBLIC
from app.web.caching import conditional
from app.web.database import db
from app.web.languages import WELSH
from app.web.page_words import gettext, page_words
from app.web.pagination import Page, page_number

LONGEST = 100


@booking.route("/prospectus", access=PUBLIC)
def prospectus() -> Response:
    """What is on. With `print=1` all of it on one page."""
    session, wish, whole = db.session(), _wish(), request.args.get("print") == "1"
    number = page_number(request.args.get("page"))
    found = reads.prospectus(session, wish, number=number, whole=whole)
    asked = {name: value for name, value in request.args.items() if name in {"term", "topic", "day", "place"} and value}
    page = render_template(
        "booking/prospectus.html",
        offers=found.offers,
        entries=reads.by_run(found.offers) if whole else [],
        address=address_of("booking.prospectus"),
        total=found.total,
        page=None if whole else Page(number, reads.A_PAGE, found.total),
        page_url=lambda wanted: "/prospectus?" + urlencode(asked | {"page": wanted}),
        print_url="/prospectus?" + urlencode(asked | {"print": "1"}),
        whole=whole,
        wish=wish,
        terms=[(name, name) for name in reads.terms(session)],
        topics=_topics(session),
        places=[(name, name) for name in reads.places(session)],
        days=[(day, get_locale().days["format"]["wide"][day]) for day in range(7)],
    )
    return conditional(page)


def _wish() -> reads.Wish:
    term, topic, place = (single_line(request.args.get(name, ""))[:LONGEST] for name in ("term", "topic", "place"))
    return reads.Wish(term=term, topic=topic, place=place, day=_day(request.args.get("day", "")))


def _topics(session: Session) -> list[tuple[str, str]]:
    """Each in the language of the page: as editors say it, else as Waymark ships it."""
    is_welsh = page_words().language == WELSH
    told = [(code, (welsh if is_welsh else "") or gettext(name)) for code, name, welsh in reads.topics(session)]
    return sorted(told, key=lambda topic: topic[1].casefold())


def _day(text: str) -> int | None:
    return int(text) if len(text) == 1 and text in "0123456" else None
