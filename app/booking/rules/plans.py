"""Who may say how far somebody is on the way to helping as a peer trainer."""

from __future__ import annotations

from app.booking.codes import Party, PathStage


def may_step(after: PathStage | None, by: Party) -> bool:
    """A person says that they would like to, or no longer; the rest of the way those who train them say."""
    return by is not Party.PERSON or after in {None, PathStage.INTERESTED}
