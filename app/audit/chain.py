"""The hash that ties each entry to the one before it."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.audit.models import AuditEntry

GENESIS = "0" * 64
COVERED = (
    "sequence",
    "id",
    "at",
    "actor_kind",
    "user_id",
    "organization_id",
    "roles",
    "action",
    "object_type",
    "object_id",
    "person_id",
    "fields",
    "reason",
    "outcome",
    "request_id",
    "address",
)


def entry_hash(entry: AuditEntry, previous: str) -> str:
    """SHA-256 over the hash before and all that the entry says, as hexadecimal digits."""
    told = [_plain(entry, name) for name in COVERED]
    return hashlib.sha256(json.dumps([previous, *told], ensure_ascii=True).encode()).hexdigest()


def _plain(entry: AuditEntry, name: str) -> str | int | None:
    if name == "at":
        return entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    value = getattr(entry, name)
    return value if isinstance(value, int) else None if value is None else str(value)
