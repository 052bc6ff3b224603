"""How values look on a page."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from flask import Flask, url_for
from flask_babel import format_date, format_datetime, to_user_timezone
from markupsafe import Markup, escape

from app.core import clock
from app.core.text import shorten
from app.web.assets import asset_url
from app.web.languages import listing_attribute
from app.web.page_words import gettext as _
from app.web.page_words import ngettext

# What the plural of a broken number goes by: any number that no language has a form of its own for.
NOT_WHOLE = 100


def install(app: Flask) -> None:
    """Make the filters and globals known to every template."""
    app.jinja_env.filters.update(
        day=day, moment=moment, pounds=pounds, distance=distance, paragraphs=paragraphs, phone_link=phone_link, ago=ago
    )
    app.jinja_env.filters["shortened"] = shorten
    app.jinja_env.globals.update(asset_url=asset_url, url_for=url_for, today=clock.today)


def day(value: date) -> str:
    """For example "23 November 2026"."""
    return format_date(value, "d MMMM y")


def moment(value: datetime) -> str:
    """For example "23 November 2026 at 2:05pm", or "at midday", in London: 12pm is read as midnight by some."""
    wall = to_user_timezone(value)
    if wall.minute == 0 and wall.hour in {0, 12}:
        time = _("midday") if wall.hour else _("midnight")
    else:
        time = format_datetime(value, "h:mma").replace("AM", "am").replace("PM", "pm")
    return _("%(day)s at %(time)s", day=format_datetime(value, "d MMMM y"), time=time)


def pounds(value: Decimal) -> str:
    """For example "£5" or "£2.50"."""
    return f"£{value:,.0f}" if value == value.to_integral_value() else f"£{value:,.2f}"


def distance(kilometres: float) -> str:
    """Miles as people in Britain say them: "under half a mile", "1.2 miles"."""
    miles = kilometres * 0.621371
    if miles < 0.5:
        return _("under half a mile")
    if miles < 10:
        rounded = round(miles, 1)
        number = int(rounded) if rounded.is_integer() else NOT_WHOLE
        return ngettext("%(miles)s mile", "%(miles)s miles", number, miles=f"{rounded:g}")
    return ngettext("%(miles)s mile", "%(miles)s miles", round(miles), miles=f"{miles:.0f}")


def ago(value: date) -> str:
    """How long ago a day was, in words: "today", "3 weeks ago", "over a year ago"."""
    days = (clock.today() - value).days
    if days <= 0:
        return _("today")
    if days < 14:
        return ngettext("%(num)d day ago", "%(num)d days ago", days)
    if days < 61:
        return ngettext("%(num)d week ago", "%(num)d weeks ago", days // 7)
    if days < 365:
        return ngettext("%(num)d month ago", "%(num)d months ago", days // 30)
    return _("over a year ago")


def paragraphs(text: str | None) -> Markup:
    """A listing's plain text as HTML: blank lines part paragraphs, "- " begins an item. Nothing in it is markup."""
    blocks = [block.strip() for block in (text or "").split("\n\n") if block.strip()]
    return Markup("\n").join(_block(block) for block in blocks)


def _block(block: str) -> Markup:
    lines = block.split("\n")
    if all(line.startswith("- ") for line in lines):
        items = Markup("").join(Markup("<li>{}</li>").format(line[2:]) for line in lines)
        return Markup('<ul class="govuk-list govuk-list--bullet"{}>{}</ul>').format(listing_attribute(), items)
    words = Markup("<br>").join(escape(line) for line in lines)
    return Markup('<p class="govuk-body"{}>{}</p>').format(listing_attribute(), words)


def phone_link(number: str, scheme: str = "tel") -> str:
    """What a phone dials for a number as written; with `sms`, whom it writes to."""
    return f"{scheme}:" + "".join(character for character in number if character in "+0123456789")
