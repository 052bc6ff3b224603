"""The filters beside the results as HTML: a page has dozens of values, so their frame is made once a language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import current_app
from flask_babel import get_locale
from markupsafe import Markup, escape

from app.library.facets import Facet, FacetValue

TEMPLATE = "components/filters.html"
_GAP = "\0gap\0"


@dataclass(frozen=True, slots=True)
class Panel:
    """A filter with its values laid out; `chosen` is how many of them are chosen."""

    label: str
    chosen: int
    values: Markup


@dataclass(frozen=True, slots=True)
class _Gaps:
    """A value that is not chosen, with gaps for what differs."""

    url: str = _GAP
    label: str = _GAP
    count: str = _GAP
    selected: bool = False


def panels(facets: Iterable[Facet]) -> list[Panel]:
    """The filters, laid out."""
    address, label, count, end = _frame(str(get_locale()))
    return [
        Panel(
            facet.label,
            facet.chosen,
            Markup(  # noqa: S704 - escaped
                "".join(
                    str(_macro(value))
                    if value.selected
                    else f"{address}{escape(value.url)}{label}{escape(value.label)}{count}{value.count}{end}"
                    for value in facet.values
                )
            ),
        )
        for facet in facets
    ]


@lru_cache(maxsize=20)
def _frame(_language: str) -> tuple[str, str, str, str]:
    before, address, label, count = str(_macro(_Gaps())).split(_GAP)
    return before, address, label, count


def _macro(value: FacetValue | _Gaps) -> Markup:
    component: Any = current_app.jinja_env.get_template(TEMPLATE).module
    return Markup(component.filter_value(value))  # noqa: S704 - a macro escapes
