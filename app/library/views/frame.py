"""What stands around every page: menu, language, numbers to call. Needs neither database nor index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import current_app, request
from markupsafe import Markup, escape

from app.accounts.codes import UserKind
from app.accounts.current import current_actor, signed_in
from app.library.showing.kept_html import gap, made
from app.library.views.chosen import chosen_ids
from app.referrals.signposts.access import may_signpost
from app.web.helplines import STRIP
from app.web.languages import LANGUAGES, UNCHECKED, chosen_language
from app.web.page_words import gettext as _

TAGS = {"en": "en-GB"}
MOST_FRAMES = 20
MOST_MENUS = 200
_MENU_PATHS = frozenset({"/", "/topics", "/courses", "/groups", "/list", "/desk", "/me"})


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the menu; `count` of nought is not shown."""

    label: str
    url: str
    current: bool
    count: int = 0


def for_every_page() -> dict[str, Any]:
    """The names that `layouts/base.html` and `layouts/public.html` use."""
    language, chosen = chosen_language(), chosen_ids()
    return {
        "language": language,
        "language_tag": TAGS.get(language, language),
        "language_unchecked": language in UNCHECKED,
        "languages": LANGUAGES,
        "return_to": return_address(),
        "menu_bar": _menu_bar(language, len(chosen)),
        "chosen": frozenset(chosen),
        "signposting": gives_services(),
        "signpost_chosen": signpost_url(chosen),
        "frame": _frame(language),
    }


def gives_services() -> bool:
    """Whether the page is for staff who give services to others; of nobody in particular nothing need be asked."""
    return signed_in() is not None and may_signpost(current_actor())


@dataclass(frozen=True, slots=True)
class Frame:
    """What is the same on every page of a language, laid out."""

    assets: Markup
    bar: Markup
    crisis: Markup
    foot: Markup
    staff_foot: Markup


def _frame(language: str) -> Frame:
    """Made once for each language and address under which the application stands; anew each time while debugging."""
    kept: dict[tuple[str, str], Frame] = current_app.extensions.setdefault("waymark_frames", {})
    key = (language, request.script_root)
    found = None if current_app.debug else kept.get(key)
    if found is None:
        if len(kept) >= MOST_FRAMES:
            kept.clear()
        found = kept[key] = _made_frame()
    return found


def _made_frame() -> Frame:
    part: Any = current_app.jinja_env.get_template("components/frame.html").module
    strip: Any = current_app.jinja_env.get_template("components/crisis_strip.html").module
    made = (part.assets(), part.bar(), strip.crisis_strip(STRIP), part.foot(), part.foot(doors=False))
    return Frame(*(Markup(html) for html in made))  # noqa: S704 - macros escape


def signpost_url(ids: Sequence[UUID]) -> str:
    """Where staff give these services to somebody."""
    return "/desk/signposts/new?" + urlencode({"service": [str(service_id) for service_id in ids]}, doseq=True)


def return_address() -> str:
    """Where the language switch leads back to."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def _menu_bar(language: str, count: int) -> Markup:
    """The menu; only the way back for the language switch is the visitor's own, and put in here."""
    path = request.path if request.path in _MENU_PATHS else ""
    before, after = _kept_menu_bar(language, _own_page(), path, count)
    return Markup(f"{before}{escape(return_address())}{after}")  # noqa: S704 - escaped


def _own_page() -> str:
    """Where whoever is signed in has a page of their own."""
    known = signed_in()
    if known is None:
        return ""
    if known.roles:
        return "/desk"
    return "/me" if known.user.kind is UserKind.PERSON else ""


@lru_cache(maxsize=MOST_MENUS)
def _kept_menu_bar(language: str, own_page: str, path: str, count: int) -> tuple[str, str]:
    """What stands before and after the address to come back to. It tells how long a visitor's list is, and no more."""
    items = [MenuItem(label, url, current=path == url) for label, url in _entries(own_page)]
    items.append(MenuItem(_("My list"), "/list", current=path == "/list", count=count))
    html = made("components/menu_bar.html", "menu_bar", items, LANGUAGES, language, gap("return_to"))
    before, after = html.split(gap("return_to"))
    return before, after


def _entries(own_page: str) -> Iterator[tuple[str, str]]:
    if own_page == "/desk":
        yield _("Desk"), own_page
    elif own_page == "/me":
        yield _("My page"), own_page
    yield _("Find help"), "/"
    yield _("Topics"), "/topics"
    yield _("Courses"), "/courses"
    yield _("Groups"), "/groups"
