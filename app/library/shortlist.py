"""A list of services to take along: kept in the visitor's own session, shared as a signed link that expires.

The link holds the list itself, so nothing of it is stored here.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from itsdangerous import BadSignature, SignatureExpired, TimestampSigner

from app.core import clock
from app.core.errors import NotFound, Refused

LONGEST = 30
LASTS = timedelta(days=14)
LONGEST_TOKEN = 1000
ID_BYTES = 16


class LinkUnknown(NotFound):
    """The link was not made here, or not whole."""

    def __init__(self) -> None:
        super().__init__("shared list")


class LinkExpired(Refused):
    """The link is past its time."""

    def __init__(self) -> None:
        super().__init__("shared list")


@dataclass(frozen=True, slots=True)
class Shared:
    """What a link holds, and until when it works."""

    ids: Sequence[UUID]
    until: datetime


def read_ids(kept: object) -> list[UUID]:
    """The ids kept in a session; whatever is not one is passed over."""
    texts = kept if isinstance(kept, list) else []
    return list(dict.fromkeys(found for text in texts[:LONGEST] if (found := _uuid(text))))


def added(ids: Iterable[UUID], new: UUID) -> list[UUID]:
    """The list with one more at its end; a full list stays as it is."""
    return list(dict.fromkeys([*ids, new]))[:LONGEST]


def removed(ids: Iterable[UUID], old: UUID) -> list[UUID]:
    """The list without one."""
    return [known for known in ids if known != old]


def make_token(ids: Sequence[UUID], secret: str) -> str:
    """The part of a link that holds the list; it works for `LASTS` from now."""
    packed = base64.urlsafe_b64encode(b"".join(service_id.bytes for service_id in ids)).rstrip(b"=")
    return _signer(secret).sign(packed).decode("ascii")


def read_token(token: str, secrets: Sequence[str]) -> Shared:
    """What a link holds. Raises `LinkExpired` or `LinkUnknown`."""
    if not token.isascii() or len(token) > LONGEST_TOKEN:
        raise LinkUnknown
    for secret in secrets:
        try:
            packed, made = _signer(secret).unsign(token, max_age=int(LASTS.total_seconds()), return_timestamp=True)
        except SignatureExpired as error:
            raise LinkExpired from error
        except BadSignature:
            continue
        return Shared(_unpacked(packed), made + LASTS)
    raise LinkUnknown


class _Signer(TimestampSigner):
    """Signs with the time of the house's own clock."""

    def get_timestamp(self) -> int:
        return int(clock.now().timestamp())


def _signer(secret: str) -> TimestampSigner:
    return _Signer(secret, salt="shortlist", sep=".")


def _unpacked(packed: bytes) -> list[UUID]:
    try:
        raw = base64.urlsafe_b64decode(packed + b"=" * (-len(packed) % 4))
    except (ValueError, binascii.Error) as error:
        raise LinkUnknown from error
    return [UUID(bytes=raw[at : at + ID_BYTES]) for at in range(0, len(raw) // ID_BYTES * ID_BYTES, ID_BYTES)]


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
