"""The filters beside the results as HTML: a page has dozens of values, so what frames them is made once a language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from app.library.facets import Facet, kept_label
from app.library.request import written
from app.library.showing.kept_html import gap, made
from app.library.topics import TopicTree
from app.web.page_words import page_words

TEMPLATE = "components/filters.html"
# So many filters stand open from the start.
FIRST_OPEN = 3
_GAP = Markup(gap("gap"))  # noqa: S704 - of ours


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose by a link."""

    label: str
    url: str
    selected: bool


@dataclass(frozen=True, slots=True)
class _Gaps:
    """A value that is not chosen, with gaps for what differs."""

    url: str = _GAP
    label: str = _GAP
    count: str = _GAP
    selected: bool = False


def panels(facets: Iterable[Facet]) -> list[Markup]:
    """The filters, laid out; one in which something is chosen is open."""
    language = page_words().language
    return [_panel(facet, language, is_open=place < FIRST_OPEN) for place, facet in enumerate(facets)]


def distance_panel(label: str, choices: Iterable[Choice]) -> Markup:
    """The distances to choose from, open."""
    before, after = _group(page_words().language, label, is_open=True)
    values = "".join([made(TEMPLATE, "filter_value", choice) for choice in choices])
    return Markup(f"{before}{values}{after}")  # noqa: S704 - macros escape


def _panel(facet: Facet, language: str, *, is_open: bool) -> Markup:
    before, after = _group(language, facet.label, is_open=is_open or bool(facet.selected))
    return Markup(f"{before}{_values(facet, language)}{after}")  # noqa: S704 - escaped


def _values(facet: Facet, language: str) -> str:
    name, chosen, tree = facet.name, facet.chosen, facet.tree
    start, end = str(escape(facet.around.start)), str(escape(facet.around.end))
    address, label, count, after = _frame(language)
    parts = []
    for value, results in facet.counts:
        if chosen and value in chosen:
            parts.append(made(TEMPLATE, "filter_value", facet.chosen_value(value, results)))
        else:
            said, words = _said(language, name, value, tree)
            parts.append(f"{address}{start}{said}{end}{label}{words}{count}{results}{after}")
    return "".join(parts)


@lru_cache(maxsize=2_000)
def _said(language: str, name: str, value: str, tree: TopicTree) -> tuple[str, str]:
    """What a value of the index or of ours says in an address, and the words for it, both escaped."""
    return str(escape(written(name, (value,)))), str(escape(kept_label(language, name, value, tree)))


@lru_cache(maxsize=200)
def _group(_language: str, label: str, *, is_open: bool) -> tuple[str, str]:
    before, after = made(TEMPLATE, "filter_group", label, open=is_open, caller=lambda: _GAP).split(_GAP)
    return before, after


@lru_cache(maxsize=20)
def _frame(_language: str) -> tuple[str, str, str, str]:
    before, address, label, count = made(TEMPLATE, "filter_value", _Gaps()).split(_GAP)
    return before, address, label, count
