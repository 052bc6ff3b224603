"""Keys that this installation makes for itself and never changes."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from app.core.orm import Base


class InstallationSecret(Base):
    """A random key for one purpose.

    It lies in the database and not in the settings, so that records still match each other after the secret key was
    changed or the database was restored elsewhere. Whoever reads the database reads the records themselves.
    """

    __tablename__ = "installation_secret"

    purpose: Mapped[str] = mapped_column(unique=True)
    value: Mapped[str]
