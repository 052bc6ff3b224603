"""Letters that were written in cases, and the templates that an organisation keeps for them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.advice.models.cases import AdviceCase
from app.advice.models.versions import Versioned
from app.core.orm import Base


class AdviceLetter(Base):
    """A letter as it was printed: whom it went to, where, and every word. It is never changed.

    `title` is what its template was called on that day.
    """

    __tablename__ = "advice_letter"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("advice_case.id"), index=True)
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    title: Mapped[str]
    made_on: Mapped[date]
    name: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    subject: Mapped[str] = mapped_column(default="")
    body: Mapped[str]

    case: Mapped[AdviceCase] = relationship(lazy="raise")
    made_by: Mapped[User] = relationship(lazy="raise")


class LetterTemplate(Versioned, Base):
    """What an organisation's letters begin with. `to_client` is whether it goes to the person whose case it is.

    One that is out of use (`retired_at`) is not offered any more.
    """

    __tablename__ = "advice_letter_template"
    __table_args__ = (Index("ix_advice_letter_template_organization_id_name", "organization_id", "name"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    name: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")
    body: Mapped[str]
    to_client: Mapped[bool] = mapped_column(default=True)
    retired_at: Mapped[datetime | None]
