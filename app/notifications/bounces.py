"""Mail that comes back: delivery status notifications (RFC 3464) read for what they say of a message of ours."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message
from uuid import UUID

from app.notifications.codes import Outcome

LARGEST_BYTES = 1024 * 1024
_OUR_ID = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^>]+>", re.IGNORECASE)
_STATUS = re.compile(r"([245])\.([0-9]{1,3})\.[0-9]{1,3}")
# RFC 3463: x.1 is the address, x.2 the mailbox; 5.2.2 (full) and 5.2.3 (too long) may be right another time.
_ADDRESS_IS_WRONG = re.compile(r"5\.(1\.[0-9]+|2\.[01])")


@dataclass(frozen=True, slots=True)
class Returned:
    """What a notification says: which message, what became of it, and the status code."""

    message_id: UUID
    outcome: Outcome
    status: str


def read_bounce(raw: bytes) -> Returned | None:
    """Read mail that came to our sender's address; None if it is no delivery status about a message of ours."""
    mail = email.message_from_bytes(raw[:LARGEST_BYTES], policy=email.policy.default)
    message_id = _original(mail)
    for fields in _recipients(mail):
        action, status = str(fields.get("Action", "")).strip().lower(), _STATUS.search(str(fields.get("Status", "")))
        if message_id is not None and status is not None and (outcome := _outcome(action, status[0])):
            return Returned(message_id, outcome, status[0])
    return None


def _outcome(action: str, status: str) -> Outcome | None:
    if action == "delivered":
        return Outcome.DELIVERED
    if action != "failed":
        return None  # delayed, relayed, expanded: not over yet
    return Outcome.BOUNCED if _ADDRESS_IS_WRONG.fullmatch(status) else Outcome.FAILED


def _recipients(mail: EmailMessage) -> Iterator[Message]:
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            for fields in part.get_payload():
                if isinstance(fields, Message) and "Final-Recipient" in fields:
                    yield fields


def _original(mail: EmailMessage) -> UUID | None:
    """The id in the Message-ID of what came back: whole, as headers, or at least named."""
    for part in mail.walk():
        if part.get_content_type() == "text/rfc822-headers":
            found = _OUR_ID.search(str(part.get_payload()))
        elif part is not mail and "Message-ID" in part:
            found = _OUR_ID.search(str(part["Message-ID"]))
        else:
            continue
        if found:
            return UUID(found[1])
    named = _OUR_ID.search(f"{mail.get('In-Reply-To', '')} {mail.get('References', '')}")
    return UUID(named[1]) if named else None
