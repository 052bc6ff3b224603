"""What messages tell the features above: announced in the transaction that records it."""

from __future__ import annotations

from dataclasses import dataclass

from app.notifications.models import Message


@dataclass(frozen=True, slots=True)
class MessageDelivered:
    """The provider says that the message arrived."""

    message: Message


@dataclass(frozen=True, slots=True)
class MessageBounced:
    """The address does not take mail or texts: whoever keeps it should ask for another."""

    message: Message


@dataclass(frozen=True, slots=True)
class MessageFailed:
    """The message is a dead letter: every try failed, or the provider gave up. The address may be right."""

    message: Message


@dataclass(frozen=True, slots=True)
class MessageStopped:
    """As it was about to leave, a check or its time kept the message back for good; its `reason` says why."""

    message: Message
