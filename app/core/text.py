"""Words as they arrive from people and feeds, made safe and tidy."""

from __future__ import annotations

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
# Marks that force the direction of writing: one that is not closed turns round what stands after it on a page.
_OVERRIDE = re.compile("[\u202d\u202e]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def clean(text: str) -> str:
    """Normalise (NFC), drop control characters, forced directions and lone surrogates, trim; newlines become plain.

    Where nothing can be seen of what is left, nothing is.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _OVERRIDE.sub("", _SURROGATE.sub("", _CONTROL.sub(" ", text)))
    text = unicodedata.normalize("NFC", text).strip()
    return text if any(map(_is_seen, text)) else ""


def _is_seen(letter: str) -> bool:
    """Whether a character shows: marks of format and spaces, such as one of no width, do not."""
    return unicodedata.category(letter) not in {"Cf", "Zs", "Cc", "Zl", "Zp"}


def single_line(text: str) -> str:
    """As `clean`, with every run of white space made one space."""
    return " ".join(clean(text).split())


def slugify(text: str) -> str:
    """Lower-case ASCII words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def shorten(text: str, length: int) -> str:
    """At most `length` characters, cut at a word and ended with an ellipsis where anything was cut."""
    text = single_line(text)
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
