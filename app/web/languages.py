"""Which language a page speaks: the visitor's choice, else what the browser asks for, else British English."""

from __future__ import annotations

from flask import Flask, has_request_context, request, session
from flask_babel import Babel

from app.settings import ROOT

LANGUAGES = {"en": "English", "cy": "Cymraeg"}
UNCHECKED = frozenset({"cy"})
SESSION_KEY = "language"


def chosen_language() -> str:
    """The code of the language to answer in."""
    if not has_request_context():
        return "en"
    kept = session.get(SESSION_KEY)
    if kept in LANGUAGES:
        return str(kept)
    return request.accept_languages.best_match(list(LANGUAGES), default="en")


def _locale() -> str:
    return "en_GB" if chosen_language() == "en" else chosen_language()


def install(app: Flask) -> None:
    """Set up Flask-Babel with Waymark's translations and the clock of London."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "app" / "translations")
    Babel(app, default_locale="en_GB", default_timezone="Europe/London", locale_selector=_locale)
