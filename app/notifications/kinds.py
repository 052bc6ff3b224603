"""All kinds of message: what staff call them, and sample values with which each can be shown.

A feature registers its kinds in its `emails` module. Nothing that is not registered can be sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.notifications.codes import Channel

EMAIL_ONLY = (Channel.EMAIL,)
BOTH = (Channel.EMAIL, Channel.SMS)
Sample = Callable[[], Mapping[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageKind:
    """One kind of message.

    `name` is feature and kind ("booking.confirmed"); its templates are `emails/booking/confirmed.txt` and, for SMS,
    `emails/booking/confirmed.sms.txt`. `title` is what staff see (a lazy translation). The text of a `secret` kind
    (a sign-in code, a link that signs somebody in) is wiped from the database once it has left.
    """

    name: str
    title: str
    sample: Sample
    channels: tuple[Channel, ...] = EMAIL_ONLY
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of a message, ready to send."""

    kind: str
    channel: Channel
    language: str
    text: str
    subject: str = ""
    html: str | None = None


_kinds: dict[str, MessageKind] = {}


def register(kind: MessageKind) -> MessageKind:
    """Make a kind known; the last registration under a name counts."""
    _kinds[kind.name] = kind
    return kind


def get(name: str) -> MessageKind:
    """A kind by its name; LookupError if nobody registered it."""
    found = _kinds.get(name)
    if found is None:
        raise LookupError(f"no kind of message is called {name!r}: register it in the feature's emails module")
    return found


def all_kinds() -> list[MessageKind]:
    """Every kind, by name."""
    return sorted(_kinds.values(), key=lambda kind: kind.name)


def is_secret(name: str) -> bool:
    """Whether the words of this kind are wiped once they have left."""
    return name in _kinds and _kinds[name].secret
