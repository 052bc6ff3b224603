"""Which language a page speaks: the visitor's choice, else what the browser asks for, else British English."""

from __future__ import annotations

from functools import cache

from babel import Locale
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, refresh
from markupsafe import Markup, escape

from app.settings import ROOT
from app.web import page_words

WELSH = "cy"
LANGUAGES = {"en": "English", WELSH: "Cymraeg"}
UNCHECKED = frozenset({WELSH})
SESSION_KEY = "language"
LISTINGS = "en"
_SPOKEN = "spoken_language"
# What answers programs speaks one language, whatever a browser asks for.
PROGRAM_PATHS = ("/api/", "/open-referral/")
# What only staff and providers see is in English so far; half a translation would be worse than none.
STAFF_PATHS = ("/desk", "/account", "/sign-in", "/signed-out/", "/join/", "/check/", "/places/", "/referrals/answer/")


def speak(language: str) -> None:
    """Answer this request in `language`, whatever the visitor reads elsewhere: what is made for somebody else is."""
    setattr(g, _SPOKEN, language if language in LANGUAGES else "en")
    page_words.forget()
    refresh()


def has_chosen() -> bool:
    """Whether the visitor pressed the button of a language."""
    return session.get(SESSION_KEY) in LANGUAGES


def chosen_language() -> str:
    """The code of the language to answer in."""
    spoken: str | None = g.get(_SPOKEN) if has_request_context() else None
    if spoken is not None:
        return spoken
    if not has_request_context() or request.path.startswith((*PROGRAM_PATHS, *STAFF_PATHS)):
        return "en"
    kept = session.get(SESSION_KEY)
    if kept in LANGUAGES:
        return str(kept)
    return request.accept_languages.best_match(list(LANGUAGES), default="en")


class AsTold(str):
    """Words as a listing or staff gave them, or as a measure has them: a page in another language says so (English)."""

    __slots__ = ()

    def __html__(self) -> str:
        """The words alone on an English page, else in an element that names their language."""
        if page_words.page_words().language == LISTINGS:
            return escape(str(self))
        return Markup('<span lang="{}">{}</span>').format(LISTINGS, str(self))


def language_attribute(code: str) -> Markup:
    """` lang="…"` for an element whose words are in that language; nothing on a page that speaks it (WCAG 3.1.2)."""
    return Markup("") if chosen_language() == code else Markup(' lang="{}"').format(code)


def listing_attribute() -> Markup:
    """The same for words of a listing, or that staff wrote: they are in English."""
    return language_attribute(LISTINGS)


def _locale() -> Locale:
    return _locale_of(chosen_language())


@cache
def _locale_of(language: str) -> Locale:
    """Flask-Babel would read the name of the locale anew at each request."""
    return Locale.parse("en_GB" if language == "en" else language)


def install(app: Flask) -> None:
    """Set up Flask-Babel with Waymark's translations and the clock of London, and what marks listings as English."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "app" / "translations")
    babel = Babel(app, default_locale="en_GB", default_timezone="Europe/London", locale_selector=_locale)
    babel.domain_instance = page_words.OneLookUp()
    page_words.install(app)
    app.jinja_env.filters["as_told"] = AsTold
    app.jinja_env.globals["listing_attribute"] = listing_attribute
    app.jinja_env.globals["language_attribute"] = language_attribute
