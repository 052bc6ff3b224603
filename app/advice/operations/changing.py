"""Changing what somebody else may have changed since it was read."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.advice.models import ContactTemplate, GroupSession, LetterTemplate
from app.core.errors import Refused


class ChangedMeanwhile(Refused):
    """Somebody else changed it after it was read."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody else changed this while you wrote. It is shown here, and what you typed is below. "
            "If you save again, yours holds."
        )


def require_as_read(version: int, read: int | None) -> None:
    """ChangedMeanwhile where `read` is not the version as it is; None is for a caller that has read nothing."""
    if read is not None and read != version:
        raise ChangedMeanwhile


def hold_as_read(session: Session, found: ContactTemplate | LetterTemplate | GroupSession, read: int | None) -> None:
    """Keep one as it is until the transaction ends, and count the change. ChangedMeanwhile where it is another now."""
    session.refresh(found, with_for_update=True)
    require_as_read(found.version, read)
    found.version += 1
