"""What searches leave behind: needs that were not met, and searches that staff keep."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
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


class SavedSearch(Base):
    """A search that a member of staff keeps for themself. `query` is the part of its address after the question mark.

    Its words are about a service that is often asked for; the form says that nothing of a person belongs in them.
    """

    __tablename__ = "saved_search"
    __table_args__ = (
        UniqueConstraint("user_id", "query"),
        CheckConstraint("name <> '' AND query <> ''", name="named"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    name: Mapped[str]
    query: Mapped[str]
