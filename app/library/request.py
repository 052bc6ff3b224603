"""A search as it stands in the address bar: read forgivingly, written back the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote_plus, urlencode

from werkzeug.datastructures import MultiDict

from app.core.text import single_line
from app.web.pagination import page_number

# A person may tell their whole story.
LONGEST_TEXT = 500
LONGEST_PLACE = 60
LONGEST_VALUE = 60
MOST_VALUES = 20
PAGE_SIZE = 10
# The facets whose values are tags of the index, and the tag's prefix.
TAG_FILTERS: Mapping[str, str] = {
    "topic": "topic",
    "kind": "kind",
    "reach": "reach",
    "cost": "cost",
    "route": "route",
    "gender": "gender",
    "lang": "lang",
    "access": "access",
    "accepting": "accepting",
}
# Those that are worked out from hours and ages.
COMPUTED_FILTERS = ("open", "age")
FILTERS = (*TAG_FILTERS, *COMPUTED_FILTERS)
# What stands before the distance in an address.
_BEFORE_DISTANCE = frozenset({"q", "near"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """What is looked for. `within_km` limits the distance from the place named in `near` or in the text."""

    text: str = ""
    near: str = ""
    within_km: float | None = None
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exact: bool = False
    page: int = 1
    size: int = PAGE_SIZE
    path: str = "/search"

    @classmethod
    def from_args(cls, args: MultiDict[str, str], **fixed: Any) -> SearchRequest:
        """Read query parameters; what makes no sense is left out, never an error."""
        return cls(
            text=single_line(args.get("q", "")[: LONGEST_TEXT * 4])[:LONGEST_TEXT],
            near=single_line(args.get("near", "")[: LONGEST_PLACE * 4])[:LONGEST_PLACE],
            within_km=_kilometres(args.get("within", "")),
            filters=_filters(args),
            exact=args.get("exact") == "1",
            page=page_number(args.get("page")),
            **fixed,
        )

    def __getitem__(self, name: str) -> tuple[str, ...]:
        """The chosen values of a filter."""
        return self.filters.get(name, ())

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was asked for."""
        return not (self.text or self.near or self.filters)

    def url(self, **changes: Any) -> str:
        """The address of this search with changes to its fields; it starts again at page 1 unless told otherwise."""
        return replace(self, **{"page": 1, **changes})._address()

    def filter_addresses(self) -> FilterAddresses:
        """Makes many addresses of this search that differ in one filter."""
        return FilterAddresses(self)

    def page_addresses(self) -> Callable[[int], str]:
        """Makes the addresses of the pages of this search."""
        first = self.url()
        more = f"{first}&" if "?" in first else f"{first}?"
        return lambda number: f"{more}page={number}" if number > 1 else first

    def distance_addresses(self) -> Callable[[float | None], str]:
        """Makes addresses of this search within other distances, from page 1."""
        pairs = replace(self, within_km=None, page=1).parameters()
        before = urlencode([pair for pair in pairs if pair[0] in _BEFORE_DISTANCE])
        after = urlencode([pair for pair in pairs if pair[0] not in _BEFORE_DISTANCE])

        def address(within_km: float | None) -> str:
            parts = (before, f"within={within_km:g}" if within_km else "", after)
            query = "&".join(part for part in parts if part)
            return f"{self.path}?{query}" if query else self.path

        return address

    def parameters(self) -> list[tuple[str, str]]:
        """Names and values, for forms that keep the rest of the search."""
        pairs = self.asked()
        pairs.extend((name, value) for name in FILTERS for value in self[name])
        pairs.append(("exact", "1" if self.exact else ""))
        pairs.append(("page", str(self.page) if self.page > 1 else ""))
        return [(name, value) for name, value in pairs if value]

    def asked(self) -> list[tuple[str, str]]:
        """Names and values of the words and the place; empty where nothing was said."""
        within = f"{self.within_km:g}" if self.within_km else ""
        return [("q", self.text), ("near", self.near), ("within", within)]

    def _address(self) -> str:
        pairs = self.parameters()
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path


class FilterAddresses:
    """Addresses that differ in one filter, each from page 1; what they have in common is written once."""

    def __init__(self, request: SearchRequest) -> None:
        self._path = request.path
        self._first = urlencode([pair for pair in request.asked() if pair[1]])
        self._last = "exact=1" if request.exact else ""
        self._chosen = {name: written(name, request[name]) for name in FILTERS if request.filters.get(name)}
        # Where nothing is chosen an address is the same around every filter.
        self._around_any = None if self._chosen else self._around("")

    def with_filter(self, name: str, values: tuple[str, ...]) -> str:
        """The address with other values for one filter."""
        return self.around(name).with_values(written(name, values))

    def around(self, name: str) -> AddressAround:
        """The address but for what one filter says in it."""
        return self._around_any or self._around(name)

    def _around(self, name: str) -> AddressAround:
        place = FILTERS.index(name) if name else len(FILTERS)
        before = [self._first, *(self._chosen.get(other, "") for other in FILTERS[:place])]
        after = [*(self._chosen.get(other, "") for other in FILTERS[place + 1 :]), self._last]
        return AddressAround(
            self._path,
            "".join(f"{part}&" for part in before if part),
            "".join(f"&{part}" for part in after if part),
            self._chosen.get(name, ""),
        )


class AddressAround:
    """An address in which one filter is left open; `chosen` is what it says now.

    For one value more, that value stands between `start` and `end`.
    """

    def __init__(self, path: str, before: str, after: str, chosen: str) -> None:
        self._path, self._before = path, before
        self.start = f"{path}?{before}{chosen}&" if chosen else f"{path}?{before}"
        self.end = after

    def with_values(self, said: str) -> str:
        """The address where the filter says this."""
        query = f"{self._before}{said}{self.end}" if said else f"{self._before[:-1]}{self.end}".removeprefix("&")
        return f"{self._path}?{query}" if query else self._path


def written(name: str, values: tuple[str, ...]) -> str:
    """What a filter says in an address."""
    return "&".join(f"{name}={quote_plus(value)}" for value in values)


def _filters(args: MultiDict[str, str]) -> dict[str, tuple[str, ...]]:
    found = {}
    for name in FILTERS:
        values = [single_line(value[:LONGEST_VALUE]).lower() for value in args.getlist(name)[:MOST_VALUES]]
        kept = tuple(dict.fromkeys(value for value in values if value))
        if kept:
            found[name] = kept
    return found


def _kilometres(text: str) -> float | None:
    try:
        number = float(text[:12])
    except ValueError:
        return None
    return number if 0 < number <= 2000 else None
