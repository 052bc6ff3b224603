"""What stands around every page: menu, language, numbers to call. Needs neither database nor index."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import current_app, request
from markupsafe import Markup

from app.accounts.current import signed_in
from app.library.helplines import STRIP
from app.library.views.chosen import chosen_ids
from app.web.languages import LANGUAGES, UNCHECKED, chosen_language
from app.web.page_words import gettext as _

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
        "return_to": return_address(),
        "menu": _menu(),
        "chosen": frozenset(chosen_ids()),
        "crisis": _crisis(language),
    }


@lru_cache(maxsize=len(LANGUAGES))
def _crisis(_language: str) -> Markup:
    """The numbers at the foot: the same on every page of a language, so made once."""
    component = current_app.jinja_env.get_template("components/crisis_strip.html").module
    return Markup(component.crisis_strip(STRIP))  # type: ignore[attr-defined]  # noqa: S704 - a macro escapes


def return_address() -> str:
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
