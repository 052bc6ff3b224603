"""The post office: makes parcels of messages and gives each to the carrier of its channel."""

from __future__ import annotations

from email.utils import formataddr
from urllib.parse import urlsplit
from uuid import UUID

from app.core import clock
from app.notifications.carriers.choosing import carrier_for
from app.notifications.carriers.parcel import Carrier, Parcel
from app.notifications.codes import Channel
from app.notifications.models import Message
from app.settings import Settings

SENDER_NAME = "Waymark"


def mail_host(settings: Settings) -> str:
    """The host of the base URL: what addresses and message ids of this Waymark end in."""
    return urlsplit(settings.base_url).hostname or "localhost"


def sender_address(settings: Settings) -> str:
    """Whom mail comes from (and who organises what calendar parts announce): name and address."""
    return settings.mail_from or formataddr((SENDER_NAME, f"no-reply@{mail_host(settings)}"))


class Post:
    """Carriers by channel, made at first need."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._carriers: dict[Channel, Carrier] = {}

    def mail_id(self, message: UUID) -> str:
        """The Message-ID of a message (RFC 5322, section 3.6.4)."""
        return f"<{message}@{mail_host(self._settings)}>"

    def parcel(self, message: Message) -> Parcel:
        """A message as it leaves at this moment."""
        return Parcel(
            id=message.id,
            kind=message.kind,
            channel=message.channel,
            sender=sender_address(self._settings),
            recipient=message.recipient,
            message_id=message.mail_id or self.mail_id(message.id),
            language=message.language,
            subject=message.subject,
            text=message.text,
            html=message.html,
            calendar=message.calendar,
            calendar_method=message.calendar_method,
            reply_to=message.reply_to,
            made_at=message.created_at,
            date=clock.now(),
            is_repeat=message.attempts > 1,
        )

    def carrier(self, channel: Channel) -> Carrier:
        """The carrier of a channel."""
        if channel not in self._carriers:
            self._carriers[channel] = carrier_for(channel, self._settings)
        return self._carriers[channel]

    def rest(self) -> None:
        """Nothing is due: connections need not stay open."""
        for carrier in self._carriers.values():
            carrier.close()
