"""The languages that services are given in, by their ISO 639-1 codes."""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.core import UnknownLocaleError

# Codes that the standard has no two letters for, and names that people write.
_OWN_NAMES = {"bfi": "British Sign Language", "en": "English"}
_OTHER_CODES = {"bsl": "bfi", "british sign language": "bfi", "british sign language (bsl)": "bfi", "farsi": "fa"}


@cache
def language_name(code: str) -> str:
    """The English name of the language; the code itself where there is none."""
    if code in _OWN_NAMES:
        return _OWN_NAMES[code]
    return _names().get(code, code)


@cache
def language_code(words: str) -> str | None:
    """The code that a code ("pl", "pol", "pl-PL") or an English name ("Polish") stands for, or None."""
    told = words.strip().lower()
    if told in _OTHER_CODES:
        return _OTHER_CODES[told]
    if told in _OWN_NAMES or told in _names():
        return told
    by_name = _codes_by_name().get(told)
    return by_name or _of_locale(told)


@cache
def _names() -> dict[str, str]:
    return {code: str(name) for code, name in Locale("en", "GB").languages.items() if len(code) in (2, 3)}


@cache
def _codes_by_name() -> dict[str, str]:
    return {name.lower(): code for code, name in sorted(_names().items(), key=lambda item: -len(item[0]))}


def _of_locale(told: str) -> str | None:
    try:
        return Locale.parse(told.replace("-", "_")).language
    except (ValueError, UnknownLocaleError):
        return None
