"""Who is asked to come to something that is by invitation."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.booking.models.programme import Run
from app.core.orm import Base


class RunInvitation(Base):
    """A secret address by which somebody, or so many people, may book a run that is by invitation.

    Only the token's SHA-256 is kept. `name` and `address` are of the one who is asked, and are wiped when it is over;
    of a link that is given out, `name` says to whom.
    """

    __tablename__ = "run_invitation"
    __table_args__ = (
        UniqueConstraint("digest"),
        CheckConstraint("length(digest) = 64", name="digest"),
        CheckConstraint("most_people BETWEEN 1 AND 200", name="most_people"),
    )

    run_id: Mapped[UUID] = mapped_column(ForeignKey("run.id"), index=True)
    digest: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    address: Mapped[str | None]
    most_people: Mapped[int] = mapped_column(default=1)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))

    run: Mapped[Run] = relationship(lazy="joined", innerjoin=True)
