"""Text of feeds: markup becomes plain words, broken characters are mended where that is certain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser

import ftfy
import ftfy.bad_codecs
import nh3

from app.core.text import clean

# What feeds write where they mean nothing.
NOTHING = frozenset(
    {"", "-", "--", ".", "n/a", "na", "n.a.", "nil", "none", "null", "nan", "not known", "unknown", "not available",
     "not applicable", "not relevant", "not stated", "not provided", "tbc", "tba", "?"}
)  # fmt: skip
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_BRACKETED_ADDRESS = re.compile(r"<\s*((?:https?://|mailto:)[^\s<>]+|[^\s<>@/]+@[^\s<>@/]+)\s*>")
_BROKEN_RUN = re.compile(
    r"[\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122\u20ac]{2,}"
)
# A new line that some export wrote as backslash and letter.
_WRITTEN_BREAK = re.compile(r"(?:\\r)?\\n")
_CERTAIN_BREAK = re.compile(r"\\r\\n|\\n\\n")
# Markdown, which many websites are written in: a link, a heading or bold words are certain signs of it.
_LINK = re.compile(r"(!?)\[([^\[\]\n]{0,200})\]\(\s*<?([^()\s<>]{0,500})>?(?:\s+\"[^\"\n]{0,200}\")?\s*\)")
_HEADING = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+([^\n]*)$", re.MULTILINE)
_STRONG = re.compile(r"(\*\*|__)(?=_?[^\s*_])([^\n]{1,300}?)(?<=[^\s])\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_\n]{1,200}?)(?<=[^\s])\1(?![\w*])")
_BULLET = re.compile(r"^([ \t]*)[*+][ \t]+", re.MULTILINE)
_KEPT_TAGS = {"p", "br", "div", "li", "ul", "ol", "a", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "th", "table",
              "section", "article", "blockquote", "dt", "dd"}  # fmt: skip
_ENDS_A_LINE = _KEPT_TAGS - {"a", "td", "th"}
_MOST_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class CleanText:
    """Plain text, and what had to be done to it."""

    text: str
    mended: bool = False
    markup: bool = False


def is_nothing(text: str) -> bool:
    """Whether the words mean that nothing is known."""
    return text.strip().casefold() in NOTHING


def clean_text(raw: str) -> CleanText:
    """Plain text of a field, lines kept; "N/A" and its like are the empty text."""
    if _is_plain(raw):
        text = " ".join(raw.split())
        return CleanText("" if is_nothing(text) else text)
    whole = _whole(raw)
    text = _BRACKETED_ADDRESS.sub(r"\1", whole)
    plain = plain_text(text)
    if is_nothing(plain):
        return CleanText("")
    return CleanText(plain, mended=whole != clean(raw), markup=_has_markup(text) or _is_markdown(text))


def _whole(raw: str) -> str:
    """The text mended and without controls. Mended first: broken text is partly made of what would be dropped."""
    text = raw
    for _ in range(_MOST_ROUNDS):
        better = clean(mend_encoding(_breaks(text)))
        if better == text:
            break
        text = better
    return text


def _breaks(text: str) -> str:
    """With new lines where letters stand for them; a lone one may be part of the name of a file."""
    return _WRITTEN_BREAK.sub("\n", text) if _CERTAIN_BREAK.search(text) else text


def _is_plain(raw: str) -> bool:
    """Whether there can be nothing to mend: most values of most feeds."""
    return raw.isascii() and raw.isprintable() and not {"<", "&", "\\", "*", "[", "#"} & set(raw)


def clean_line(raw: str) -> CleanText:
    """As `clean_text`, on one line."""
    found = clean_text(raw)
    return CleanText(" ".join(found.text.split()), found.mended, found.markup)


def mend_encoding(text: str) -> str:
    """UTF-8 that was read in an old code page, made right; unchanged unless the way back gives the text again."""
    for _ in range(_MOST_ROUNDS):
        mended = text if text.isascii() else _mended_once(text)
        if mended == text:
            break
        text = mended
    return text


def _mended_once(text: str) -> str:
    proposed = ftfy.fix_encoding(text)
    if proposed == text:
        return text
    return proposed if _runs_mended(text, proposed) or _reads_back(text, proposed) else text


def _reads_back(text: str, proposed: str) -> bool:
    """Whether breaking the proposal as it was broken, once or twice, gives the text."""
    for code_page in ("sloppy-windows-1252", "latin-1"):
        broken = proposed
        for _ in range(2):
            try:
                broken = broken.encode().decode(code_page)
            except UnicodeDecodeError:
                break
            if broken == text:
                return True
    return False


def _runs_mended(text: str, proposed: str) -> bool:
    """Whether mending each run of odd characters by itself gives the proposal: text that is broken in places only."""
    return _BROKEN_RUN.sub(lambda run: _run(run[0]), text) == proposed


def _run(run: str) -> str:
    try:
        return run.encode("sloppy-windows-1252").decode()
    except (UnicodeEncodeError, UnicodeDecodeError):
        return run


def plain_text(text: str) -> str:
    """Text without markup: paragraphs and list items as lines, links as their words and address."""
    text = _BRACKETED_ADDRESS.sub(r"\1", text)
    for _ in range(_MOST_ROUNDS):
        if not _has_markup(text):
            break
        text = clean(_without_markup(text))
    for _ in range(_MOST_ROUNDS):
        if not _is_markdown(text):
            break
        text = _without_markdown(text)
    return _tidy(text)


def _has_markup(text: str) -> bool:
    return _TAG.search(text) is not None or _ENTITY.search(text) is not None


def _is_markdown(text: str) -> bool:
    return any(sign.search(text) is not None for sign in (_LINK, _HEADING, _STRONG))


def _without_markdown(text: str) -> str:
    text = _BULLET.sub(r"\1- ", _HEADING.sub(_heading, _LINK.sub(_link, text)))
    return _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", text))


def _heading(found: re.Match[str]) -> str:
    return found[1].rstrip().rstrip("#").rstrip()


def _link(found: re.Match[str]) -> str:
    image, words, address = found[1], found[2].strip(), found[3].removeprefix("mailto:")
    elsewhere = ":" in address and not address.lower().startswith(("http://", "https://"))
    if image or not address or elsewhere or address.startswith("#") or address.rstrip("/") in words:
        return words
    return f"{words} ({address})" if words and words.rstrip("/") not in address else address


def _without_markup(text: str) -> str:
    if _TAG.search(text) is None:
        return unescape(text)
    safe = nh3.clean(
        text, tags=_KEPT_TAGS, attributes={"a": {"href"}}, link_rel=None, url_schemes={"http", "https", "mailto"}
    )
    reader = _Reader()
    reader.feed(safe)
    reader.close()
    return "".join(reader.parts)


class _Reader(HTMLParser):
    """Collects the words of markup that nh3 has made safe."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._link = ""
        self._link_from = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._link, self._link_from = dict(attrs).get("href") or "", len(self.parts)
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag in {"p", "table", "ul", "ol", "blockquote"} or tag.startswith("h"):
            self.parts.append("\n\n")
        elif tag in _ENDS_A_LINE:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._end_link()
        elif tag in {"td", "th"}:
            self.parts.append(" ")
        elif tag in _ENDS_A_LINE and tag not in {"li", "br"}:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(re.sub(r"\s+", " ", data))

    def _end_link(self) -> None:
        words = "".join(self.parts[self._link_from :]).strip()
        address = self._link.removeprefix("mailto:")
        if address and address.rstrip("/") not in words and words.rstrip("/") not in address:
            self.parts.append(f" ({address})")
        elif not words:
            self.parts.append(address)
        self._link = ""


def _tidy(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
