"""The codes of the audit trail."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """What was done. "Read" is of one record about a person, "searched" is a search for people."""

    READ = "read"
    SEARCHED = "searched"
    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"
    EXPORTED = "exported"
    SHARED = "shared"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    DENIED = "denied"
    BROKE_GLASS = "broke_glass"


class Outcome(StrEnum):
    """How it ended."""

    DONE = "done"
    REFUSED = "refused"
