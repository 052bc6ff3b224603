"""What several people may change: it counts its changes, so that nobody writes over words that they have not read."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column


class Versioned:
    """A row that counts its changes."""

    version: Mapped[int] = mapped_column(default=1)
