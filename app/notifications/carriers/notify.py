"""E-mail and texts through GOV.UK Notify.

The service there needs two templates: one for e-mail with the subject `((subject))` and the body `((body))`, one for
texts with the body `((body))`. Notify carries no calendar part, so messages that have one also say it in words.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any

import requests
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from app.core.errors import InvalidInput
from app.notifications.carriers.parcel import BadAddress, Leaving, NotDelivered, Parcel, TryLater, Unreachable
from app.notifications.codes import Channel, Outcome

TIMEOUT_SECONDS = 20
# Its own warnings quote what the server answered.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)

# What Notify says of a notification, as the documentation of its REST API lists it; what is not here is not over yet.
OUTCOMES = {
    "delivered": Outcome.DELIVERED,
    "permanent-failure": Outcome.BOUNCED,
    "temporary-failure": Outcome.FAILED,
    "technical-failure": Outcome.FAILED,
}
ADDRESS_FIELDS = ("email_address", "phone_number")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyService:
    """One service of GOV.UK Notify: where, its key, and its two templates."""

    url: str
    api_key: str = field(repr=False)
    email_template: str
    sms_template: str

    def template(self, channel: Channel) -> str:
        """The template for a channel; InvalidInput names the setting that is missing."""
        template = self.email_template if channel is Channel.EMAIL else self.sms_template
        if not template:
            raise InvalidInput(f"Set WAYMARK_NOTIFY_{channel.upper()}_TEMPLATE to the id of the template.")
        return template

    def client(self) -> Any:
        """A client for it; InvalidInput if there is no whole key."""
        if len(self.api_key) < len("-".join(["0" * 36] * 2)):
            raise InvalidInput("Set WAYMARK_NOTIFY_API_KEY to the key that GOV.UK Notify gave you.")
        return NotificationsAPIClient(  # type: ignore[no-untyped-call]
            self.api_key, base_url=self.url, timeout=TIMEOUT_SECONDS
        )


class NotifyCarrier:
    """Hands messages of one channel to Notify, and asks what became of them."""

    name = "notify"
    repeats_safely = True  # it is asked first

    def __init__(self, service: NotifyService, channel: Channel) -> None:
        self._template = service.template(channel)
        self._client = service.client()

    def hand_over(self, parcel: Parcel, leaving: Leaving) -> str | None:
        """Send, unless an earlier try that was interrupted did get through: Notify is asked by our reference."""
        reference = str(parcel.id)
        try:
            known = self._under_way(reference) if parcel.is_repeat else None
            leaving()
            return known or self._send(parcel, reference)
        except APIError as error:
            raise _failure(error) from error

    def outcome(self, notification_id: str) -> tuple[Outcome, str] | None:
        """What became of a notification, in our words and Notify's; None while that is open."""
        try:
            status = str(self._client.get_notification_by_id(notification_id)["status"])
        except APIError as error:
            raise _failure(error) from error
        return (OUTCOMES[status], status) if status in OUTCOMES else None

    def close(self) -> None:
        """Connections are kept by the client."""

    def _under_way(self, reference: str) -> str | None:
        found = self._client.get_all_notifications(reference=reference)["notifications"]
        good = [known for known in found if OUTCOMES.get(known["status"], Outcome.DELIVERED) is Outcome.DELIVERED]
        return str(good[0]["id"]) if good else None

    def _send(self, parcel: Parcel, reference: str) -> str:
        if parcel.channel is Channel.EMAIL:
            sent: dict[str, Any] = self._client.send_email_notification(
                email_address=parcel.recipient,
                template_id=self._template,
                personalisation={"subject": parcel.subject, "body": parcel.text},
                reference=reference,
            )
        else:
            sent = self._client.send_sms_notification(
                phone_number=parcel.recipient,
                template_id=self._template,
                personalisation={"body": parcel.text},
                reference=reference,
            )
        return str(sent["id"])


def _failure(error: APIError) -> NotDelivered:
    code = f"notify {error.status_code}"
    if error.status_code == 400 and any(name in str(error.message) for name in ADDRESS_FIELDS):
        return BadAddress(code)
    if isinstance(error.__cause__, requests.Timeout):
        return Unreachable("notify timeout")
    # Whatever else it is (the key, the template, a limit), it is for the operator to mend and no fault of the message.
    return TryLater(code)
