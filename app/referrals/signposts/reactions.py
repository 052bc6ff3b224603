"""The record of a person learns of signposts; what the outbox asks before a reminder leaves."""

from app.referrals.signposts import record, sending

__all__ = ["record", "sending"]
