"""What the public leaves behind: needs that were not met, and problems with listings."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.orm import Base, Code
from app.library.codes import LedgerSource, ProblemKind


class UnmetNeed(Base):
    """How often help of a topic was looked for and little found: by week and postcode district, nothing else.

    There are no words in it and nobody who asked. `week` is the Monday.
    """

    __tablename__ = "unmet_need"
    __table_args__ = (
        UniqueConstraint("week", "topic", "district", "source"),
        CheckConstraint("times > 0", name="times"),
    )

    week: Mapped[date]
    topic: Mapped[str]
    district: Mapped[str] = mapped_column(default="")
    source: Mapped[LedgerSource] = mapped_column(Code(LedgerSource))
    times: Mapped[int] = mapped_column(default=1)


class ProblemReport(Base):
    """Somebody says that a listing is wrong."""

    __tablename__ = "problem_report"

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ProblemKind] = mapped_column(Code(ProblemKind))
    details: Mapped[str] = mapped_column(default="")
    reply_to: Mapped[str | None]
