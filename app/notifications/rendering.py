"""From a kind of message and its values to words: subject, text, and simple HTML made of the text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app
from markupsafe import Markup

from app.core.text import clean, single_line
from app.notifications import kinds
from app.notifications.codes import Channel
from app.notifications.kinds import MessageKind, Words
from app.settings import Settings
from app.web.page_words import words_of

FRAME = "emails/frame.html"
LOCALES = {"en": "en_GB"}
# A link on its way through a text template: label and address between characters that no person can type in.
_OPEN, _PART, _CLOSE, _SUBJECT_ENDS, _BODY_ENDS = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
_LINK = re.compile(f"{_OPEN}(.*?){_PART}(.*?){_CLOSE}", re.DOTALL)
_MARKS = re.compile(f"[{_OPEN}{_PART}{_CLOSE}{_SUBJECT_ENDS}{_BODY_ENDS}]")


@dataclass(frozen=True, slots=True)
class Preview:
    """A message as somebody would get it, with sample values."""

    kind: MessageKind
    words: Words


def render_message(kind: str, language: str, *, by: Channel = Channel.EMAIL, **values: object) -> Words:
    """The words of a message in a language.

    The template `emails/<feature>/<kind>.txt` extends `emails/layout.txt` and fills its blocks `subject` and `body`
    (and `foot`, where an answer is wanted); `.sms.txt` is the whole text. In a body `{{ link(label, address) }}` stands
    alone in its paragraph.
    """
    known = kinds.get(kind)
    if by not in known.channels:
        raise LookupError(f"messages of the kind {kind!r} do not go by {by}")
    # An application context of its own: the language of the page that is being answered is another.
    with current_app.app_context(), words_of(LOCALES.get(language, language)):
        text = _text_of(known, by, values)
        if by is Channel.SMS:
            return Words(kind=kind, channel=by, language=language, text=_squeeze(_plainly(text)))
        return _email(kind, language, text)


def _email(kind: str, language: str, text: str) -> Words:
    subject, _, letter = text.partition(_SUBJECT_ENDS)
    body, _, foot = letter.partition(_BODY_ENDS)
    subject = single_line(subject)
    html = _template(FRAME)(subject=subject, body=_as_html(body), foot=_as_html(foot), language=language)
    plain = _squeeze(_plainly(f"{body.strip()}\n\n{foot.strip()}"))
    return Words(kind=kind, channel=Channel.EMAIL, language=language, subject=subject, text=plain, html=html)


def previews(language: str = "en") -> list[Preview]:
    """Every kind of message by every channel it goes by, with its sample values."""
    return [
        Preview(kind, render_message(kind.name, language, by=channel, **kind.sample()))
        for kind in kinds.all_kinds()
        for channel in kind.channels
    ]


def address_of(endpoint: str, **values: Any) -> str:
    """A whole address of ours for a message, built from the base URL alone and never from a request's host."""
    settings: Settings = current_app.extensions["waymark_settings"]
    adapter = current_app.url_map.bind("localhost")
    return settings.base_url + adapter.build(endpoint, values)


def home_address() -> str:
    """The address of this Waymark."""
    settings: Settings = current_app.extensions["waymark_settings"]
    return settings.base_url + "/"


def _text_of(kind: MessageKind, by: Channel, values: dict[str, object]) -> str:
    path = "emails/" + kind.name.replace(".", "/", 1)
    template = _template(f"{path}.sms.txt" if by is Channel.SMS else f"{path}.txt")
    safe = {name: _MARKS.sub("", value) if isinstance(value, str) else value for name, value in values.items()}
    marks = {"link": _link, "end_of_subject": _SUBJECT_ENDS, "end_of_body": _BODY_ENDS}
    return clean(template(**safe, **marks, address_of=address_of, home=home_address()))


def _template(name: str) -> Callable[..., str]:
    # Rendered without what pages are given (the request, the session): a message depends on its values alone.
    return current_app.jinja_env.get_template(name).render


def _link(label: str, address: str) -> str:
    return f"{_OPEN}{label}{_PART}{address}{_CLOSE}"


def _plainly(text: str) -> str:
    return _LINK.sub(lambda found: f"{found[1]}:\n{found[2]}", text)


def _squeeze(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _as_html(text: str) -> Markup:
    blocks = (block.strip() for block in re.split(r"\n\s*\n", text))
    return Markup("\n").join(_block(block) for block in blocks if block)


def _block(block: str) -> Markup:
    lines = block.split("\n")
    if all(line.startswith("- ") for line in lines):
        items = Markup("").join(Markup("<li>%s</li>") % line[2:] for line in lines)
        return Markup("<ul>%s</ul>") % items
    if link := _LINK.fullmatch(block):
        return Markup('<p><a class="button" href="%s">%s</a></p>') % (link[2], link[1])
    return Markup("<p>%s</p>") % Markup("<br>").join(lines)
