"""Carers and representatives, each with what the person agreed to."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.core.orm import Base, Code
from app.people.codes import CarerRelation, PermissionMethod


class Carer(Base):
    """Somebody close to the person, or who speaks for them. The agreement holds until `ended_at`.

    Without an agreement (`agreed_on`) they are known, and told nothing.
    """

    __tablename__ = "person_carer"
    __table_args__ = (CheckConstraint("name <> '' OR ended_at IS NOT NULL", name="named"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    relation: Mapped[CarerRelation] = mapped_column(Code(CarerRelation))
    reach: Mapped[str] = mapped_column(default="")
    agreed_on: Mapped[date | None]
    method: Mapped[PermissionMethod | None] = mapped_column(Code(PermissionMethod))
    covers_risk: Mapped[bool] = mapped_column(default=False)
    taken_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]
