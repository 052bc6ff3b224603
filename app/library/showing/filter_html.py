"""The filters beside the results as HTML: a page has dozens of values, so what frames them is made once a language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from app.library.facets import Facet, FacetValue
from app.library.showing.kept_html import gap, made
from app.web.page_words import page_words

TEMPLATE = "components/filters.html"
# So many filters stand open from the start.
FIRST_OPEN = 3
_GAP = Markup(gap("gap"))  # noqa: S704 - of ours


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
    return [
        _panel(facet, language, is_open=place < FIRST_OPEN or bool(facet.chosen)) for place, facet in enumerate(facets)
    ]


def _panel(facet: Facet, language: str, *, is_open: bool) -> Markup:
    before, after = _group(language, facet.label, is_open=is_open)
    return Markup(f"{before}{_values(facet.values, language)}{after}")  # noqa: S704 - escaped


def _values(values: Sequence[FacetValue], language: str) -> str:
    address, label, count, end = _frame(language)
    return "".join(
        [
            made(TEMPLATE, "filter_value", value)
            if value.selected
            else f"{address}{escape(value.url)}{label}{escape(value.label)}{count}{value.count}{end}"
            for value in values
        ]
    )


@lru_cache(maxsize=200)
def _group(_language: str, label: str, *, is_open: bool) -> tuple[str, str]:
    before, after = made(TEMPLATE, "filter_group", label, open=is_open, caller=lambda: _GAP).split(_GAP)
    return before, after


@lru_cache(maxsize=20)
def _frame(_language: str) -> tuple[str, str, str, str]:
    before, address, label, count = made(TEMPLATE, "filter_value", _Gaps()).split(_GAP)
    return before, address, label, count
