"""What stands around every page: menu, language, numbers to call. Needs neither database nor index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _

from app.accounts.current import signed_in
from app.library.helplines import STRIP
from app.library.views.chosen import chosen_ids
from app.web.languages import LANGUAGES, UNCHECKED, chosen_language

TAGS = {"en": "en-GB"}


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the menu; `count` of nought is not shown."""

    label: str
    url: str
    current: bool
    count: int = 0


def for_every_page() -> dict[str, Any]:
    """The names that `layouts/base.html` and `layouts/public.html` use."""
    language = chosen_language()
    return {
        "language": language,
        "language_tag": TAGS.get(language, language),
        "language_unchecked": language in UNCHECKED,
        "languages": LANGUAGES,
        "return_to": _return_to(),
        "menu": _menu(),
        "chosen": frozenset(chosen_ids()),
        "crisis_lines": STRIP,
    }


def _return_to() -> str:
    """Where the language switch leads back to."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def _menu() -> list[MenuItem]:
    entries = [
        (_("Find help"), "/"),
        (_("Topics"), "/topics"),
        (_("Courses"), "/courses"),
        (_("Groups"), "/groups"),
    ]
    if (known := signed_in()) is not None and known.roles:
        entries.insert(0, (_("Desk"), "/desk"))
    items = [MenuItem(label, url, current=request.path == url) for label, url in entries]
    return [*items, MenuItem(_("My list"), "/list", current=request.path == "/list", count=len(chosen_ids()))]
