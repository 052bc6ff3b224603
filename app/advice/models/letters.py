"""A letter that was written in a case."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.advice.codes import LetterKind
from app.advice.models.cases import AdviceCase
from app.core.orm import Base, Code


class AdviceLetter(Base):
    """A letter as it was printed: whom it went to, where, and every word. It is never changed."""

    __tablename__ = "advice_letter"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("advice_case.id"), index=True)
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[LetterKind] = mapped_column(Code(LetterKind))
    made_on: Mapped[date]
    name: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    body: Mapped[str]

    case: Mapped[AdviceCase] = relationship(lazy="raise")
    made_by: Mapped[User] = relationship(lazy="raise")
