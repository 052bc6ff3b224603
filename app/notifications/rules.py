"""What may be sent, when, and how often it is tried."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from app.core.clock import LONDON
from app.core.errors import InvalidInput
from app.core.text import clean, single_line
from app.notifications.codes import Channel

# Waits between the five tries; a message that fails the fifth is a dead letter.
WAITS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
TRIES = len(WAITS) + 1
# Far longer than any hand-over; a worker of this machine that died is noticed at once (see `holders`).
LEASE = timedelta(minutes=10)
QUIET_FROM = time(21)
QUIET_UNTIL = time(8)

# One mailbox as SMTP takes it (RFC 5321 section 4.1.2, dot-string form only): nothing that parts or quotes addresses.
_MAILBOX = re.compile(r"[^\s@,;:<>()\[\]\\\"]{1,64}@[^\s@,;:<>()\[\]\\\"]{1,255}")
# A number as ITU-T E.164 writes it.
_NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")
_CODE = re.compile(r"[^A-Za-z0-9 .:_-]+")


def email_address(text: str) -> str:
    """One e-mail address as it goes into an envelope; InvalidInput for anything else."""
    address = text.strip()
    if not _MAILBOX.fullmatch(address) or address != clean(address):
        raise InvalidInput("Enter one email address, such as name@example.org.")
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{_ascii_domain(domain)}"
    except UnicodeError as error:
        raise InvalidInput("Enter an email address whose part after the @ is right.") from error


def _ascii_domain(domain: str) -> str:
    return domain.lower() if domain.isascii() else domain.encode("idna").decode("ascii")


def phone_number(text: str) -> str:
    """One phone number in international form; InvalidInput for anything else."""
    number = text.strip()
    if not _NUMBER.fullmatch(number):
        raise InvalidInput("Enter a mobile number with its country code, such as +44 7700 900000.")
    return number


def address(channel: Channel, text: str) -> str:
    """The recipient as `channel` needs it."""
    return email_address(text) if channel is Channel.EMAIL else phone_number(text)


def subject_line(text: str) -> str:
    """A subject without line breaks or control characters: it cannot begin another header."""
    return single_line(text)[:200]


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed tries; None when that was the last."""
    return WAITS[attempts - 1] if attempts < TRIES else None


def wait_after_interruption(attempts: int) -> timedelta:
    """A message that a killed worker left goes again at once; the second time it may itself be what kills workers."""
    return timedelta() if attempts <= 1 else wait_after(attempts) or timedelta()


def quiet_until(instant: datetime) -> datetime | None:
    """When texts may go again if `instant` lies in the quiet hours of London (21:00 to 08:00), else None."""
    local = instant.astimezone(LONDON)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return None
    day = local.date() + timedelta(days=1 if local.time() >= QUIET_FROM else 0)
    return datetime.combine(day, QUIET_UNTIL, LONDON)


def short_code(text: str | None) -> str | None:
    """A reason or provider code reduced to letters, digits and a few marks, so that no address gets into it."""
    return _CODE.sub(" ", text).strip()[:80] if text else None
