"""What stands around every page: menu, language, numbers to call. Needs neither database nor index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import current_app, request
from markupsafe import Markup

from app.accounts.codes import UserKind
from app.accounts.current import current_actor, signed_in
from app.library.views.chosen import chosen_ids
from app.referrals.signposts.access import may_signpost
from app.web.helplines import STRIP
from app.web.languages import LANGUAGES, UNCHECKED, chosen_language
from app.web.page_words import gettext as _

TAGS = {"en": "en-GB"}
MOST_FRAMES = 20


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
        "signposting": may_signpost(current_actor()),
        "signpost_chosen": signpost_url(chosen_ids()),
        "frame": _frame(language),
    }


@dataclass(frozen=True, slots=True)
class Frame:
    """What is the same on every page of a language, laid out."""

    assets: Markup
    bar: Markup
    crisis: Markup
    foot: Markup


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
    made = (part.assets(), part.bar(), strip.crisis_strip(STRIP), part.foot())
    return Frame(*(Markup(html) for html in made))  # noqa: S704 - macros escape


def signpost_url(ids: Sequence[UUID]) -> str:
    """Where staff give these services to somebody."""
    return "/desk/signposts/new?" + urlencode({"service": [str(service_id) for service_id in ids]}, doseq=True)


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
    elif known is not None and known.user.kind is UserKind.PERSON:
        entries.insert(0, (_("My page"), "/me"))
    items = [MenuItem(label, url, current=request.path == url) for label, url in entries]
    return [*items, MenuItem(_("My list"), "/list", current=request.path == "/list", count=len(chosen_ids()))]
