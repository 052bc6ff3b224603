"""What stands above and below the results as HTML: made once for each language, and the visitor's own words put in."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from markupsafe import Markup, escape

from app.library.showing.kept_html import formatted, gap, made
from app.web.page_words import page_words
from app.web.pagination import Page

MOST_FORMS = 500
MOST_PAGES = 500


def asked_again(text: str, near: str, *, action: str) -> Markup:
    """The form with what was asked, to ask again."""
    form = _form(page_words().language, action)
    return Markup(form % {"text": escape(text), "near": escape(near)})  # noqa: S704 - escaped


@lru_cache(maxsize=MOST_FORMS)
def _form(_language: str, action: str) -> str:
    return formatted(made("components/search_form.html", "search_form", gap("text"), gap("near"), action=action))


def page_links(page: Page, address: Callable[[int], str]) -> Markup:
    """The links to the other pages; nothing where there is one page only."""
    if page.count <= 1:
        return Markup("")
    links, numbers = _links(page_words().language, page.number, page.count)
    return Markup(links % {_name(number): escape(address(number)) for number in numbers})  # noqa: S704 - escaped


@lru_cache(maxsize=MOST_PAGES)
def _links(_language: str, number: int, count: int) -> tuple[str, tuple[int, ...]]:
    """The links as a format, and the numbers of the pages that it leads to."""
    page = Page(number, 1, count)
    numbers: dict[int, None] = {}

    def address(wanted: int) -> str:
        numbers[wanted] = None
        return gap(_name(wanted))

    return formatted(made("components/pagination.html", "pagination", page, address)), tuple(numbers)


def _name(number: int) -> str:
    return f"page_{number}"
