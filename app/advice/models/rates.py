"""Who opened the pages on which the rates of benefits stand, and when."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.orm import Base


class RatesCheck(Base):
    """That somebody of an organisation opened the links to rates of benefits and found them right."""

    __tablename__ = "advice_rates_check"
    __table_args__ = (Index("ix_advice_rates_check_organization_id_checked_on", "organization_id", "checked_on"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    checked_on: Mapped[date]

    user: Mapped[User] = relationship(lazy="raise")
