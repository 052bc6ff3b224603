"""Ids that stay the same for ever: kept where the source has UUIDs, else minted from the source's own ids."""

from __future__ import annotations

import hashlib
from uuid import UUID, uuid5

NAMESPACE = UUID("6e1f2f0a-3c55-5f0b-9a55-6b1d0f6f7a01")


def as_uuid(text: str) -> UUID | None:
    """The UUID that the text is, or None; the nil UUID is none."""
    try:
        found = UUID(text.strip())
    except ValueError:
        return None
    return found if found.int else None


def minted(source: str, kind: str, old_id: str) -> UUID:
    """The id of the thing that `source` calls `old_id`; the same for the same three words, always."""
    return uuid5(NAMESPACE, f"{source}\x1f{kind}\x1f{old_id}")


def kept_or_minted(source: str, kind: str, old_id: str) -> UUID:
    """The source's own UUID where it is one, else a minted id."""
    return as_uuid(old_id) or minted(source, kind, old_id)


def part_of(owner: UUID, table: str, old_id: str) -> UUID:
    """The id of a part (a phone, a schedule) of `owner`: its own UUID, else one minted from owner and name or place."""
    return as_uuid(old_id) or uuid5(owner, f"{table}\x1f{old_id}")


def digest(*words: str) -> str:
    """A short fingerprint of some words, for keys that must not depend on the order of rows."""
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:12]
