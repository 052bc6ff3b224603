"""The menu of signed-in staff: each feature adds the entries that its roles need."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString

from app.core.actor import Actor


@dataclass(frozen=True, slots=True)
class StaffMenuItem:
    """An entry: shown to those who hold one of `roles`, or to all staff where there are none."""

    label: LazyString
    url: str
    roles: frozenset[str] = frozenset()
    order: int = 50


_items: dict[str, StaffMenuItem] = {}


def register(item: StaffMenuItem) -> None:
    """Add an entry; one with the same address takes its place."""
    _items[item.url] = item


def menu_for(actor: Actor) -> list[StaffMenuItem]:
    """The entries for `actor`, in order."""
    shown = (item for item in _items.values() if not item.roles or item.roles & actor.roles)
    return sorted(shown, key=lambda item: (item.order, item.url))
