"""The directory's answers to events, and the messages it can send."""

from app.directory.curation import emails, reactions

__all__ = ["emails", "reactions"]
