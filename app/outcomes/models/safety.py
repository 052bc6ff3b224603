"""Who is on duty to look at answers, and what they have to look at."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.orm import Base, Code
from app.outcomes.codes import AlertAction, AlertKind, AlertOutcome, AlertState
from app.outcomes.models.forms import Measurement
from app.people.models import Person


class DutyDesk(Base):
    """Who at an organisation looks at answers, in which hours, how soon, and who comes next.

    `hours` are stretches as `{"days", "opens", "closes"}`, as a person's safe times are.
    """

    __tablename__ = "outcome_duty_desk"
    __table_args__ = (
        UniqueConstraint("organization_id"),
        CheckConstraint("within_minutes > 0", name="within_minutes"),
        CheckConstraint("deputy_id IS NULL OR deputy_id <> owner_id", name="another_deputy"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    deputy_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    hours: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    within_minutes: Mapped[int]

    owner: Mapped[User] = relationship(foreign_keys=[owner_id], lazy="joined", innerjoin=True)
    deputy: Mapped[User | None] = relationship(foreign_keys=[deputy_id], lazy="joined")


class SafetyAlert(Base):
    """An answer that a named person must look at, or a question left out that must be asked.

    It holds no answer. `due_by` counts hours on duty. `note` is what staff wrote when they closed it.
    """

    __tablename__ = "safety_alert"
    __table_args__ = (
        UniqueConstraint("measurement_id", "item", "kind"),
        CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name="closed_with"),
        Index("ix_safety_alert_open", "organization_id", "state", "due_by"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    measurement_id: Mapped[UUID] = mapped_column(ForeignKey("measurement.id"))
    item: Mapped[str]
    kind: Mapped[AlertKind] = mapped_column(Code(AlertKind))
    state: Mapped[AlertState] = mapped_column(Code(AlertState), default=AlertState.RAISED)
    raised_at: Mapped[datetime]
    due_by: Mapped[datetime]
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    acknowledged_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    outcome: Mapped[AlertOutcome | None] = mapped_column(Code(AlertOutcome))
    note: Mapped[str] = mapped_column(default="")

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    measurement: Mapped[Measurement] = relationship(lazy="joined", innerjoin=True)
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id], lazy="joined")
    acknowledged_by: Mapped[User | None] = relationship(foreign_keys=[acknowledged_by_id], lazy="joined")
    events: Mapped[list[SafetyAlertEvent]] = relationship(
        back_populates="alert", order_by="(SafetyAlertEvent.created_at, SafetyAlertEvent.id)", lazy="raise"
    )


class SafetyAlertEvent(Base):
    """One step in the life of an alert; without words. The database refuses to change or delete it."""

    __tablename__ = "safety_alert_event"

    alert_id: Mapped[UUID] = mapped_column(ForeignKey("safety_alert.id"), index=True)
    action: Mapped[AlertAction] = mapped_column(Code(AlertAction))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))

    alert: Mapped[SafetyAlert] = relationship(back_populates="events")
    user: Mapped[User | None] = relationship(lazy="joined")
