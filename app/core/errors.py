"""Named errors that operations raise; the web and the command line put them into words."""

from __future__ import annotations


class WaymarkError(Exception):
    """Something that a person can be told: the message says what happened and what to do next."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(WaymarkError):
    """The object is not there, or not for this actor; the two are told apart nowhere."""


class Refused(WaymarkError):
    """The rules of the place do not allow it in its present state."""


class InvalidInput(WaymarkError):
    """What was given cannot be used."""
