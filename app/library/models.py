"""What searches leave behind: needs that were not met."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.orm import Base, Code
from app.library.codes import LedgerSource


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
