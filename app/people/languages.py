"""The languages that a person can be recorded to speak, by their names in the language of the page.

The main languages of the census of England and Wales 2021 with the most speakers, and British Sign Language.
"""

from __future__ import annotations

from flask_babel import get_locale
from flask_babel import gettext as _

SIGN_LANGUAGE = "bfi"
CODES = (
    *("ar", "bg", "bn", "cy", "de", "el", "es", "fa", "fr", "gu", "hi", "hu", "it", "ku", "lt", "lv", "ml", "nl"),
    *("pa", "pl", "pt", "ps", "ro", "ru", "si", "sk", "so", "sq", "ta", "te", "ti", "tr", "uk", "ur", "vi", "yue"),
    *("zh", SIGN_LANGUAGE),
)


def language_name(code: str) -> str:
    """What a language is called; the code itself where nobody knows."""
    if code == SIGN_LANGUAGE:
        return str(_("British Sign Language"))
    locale = get_locale()
    known = locale.languages.get(code) if locale else None
    return str(known or code)


def languages() -> list[tuple[str, str]]:
    """Code and name of each, English first, the others by name."""
    others = sorted(((code, language_name(code)) for code in CODES), key=lambda pair: pair[1])
    return [("en", language_name("en")), *others]
