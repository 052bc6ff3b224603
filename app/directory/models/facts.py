"""What is known of a service, an organisation or a place: hours, costs, telephones, access and so on.

A row belongs to exactly one owner; the constraint of each table says so.
"""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.orm import Base, Code
from app.directory.codes import AccessFeature, Frequency
from app.directory.telephones import Line, line_of

if TYPE_CHECKING:
    from app.directory.models.listing import Location, Organization, Service, ServiceAtLocation


def exactly_one(*columns: str) -> CheckConstraint:
    """A row has one owner among `columns`, never none and never two."""
    count = " + ".join(f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in columns)
    return CheckConstraint(f"{count} = 1", name="one_owner")


class Phone(Base):
    """HSDS phone."""

    __tablename__ = "phone"
    __table_args__ = (exactly_one("organization_id", "service_id", "location_id"),)

    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), index=True)
    service_id: Mapped[UUID | None] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    location_id: Mapped[UUID | None] = mapped_column(ForeignKey("location.id", ondelete="CASCADE"), index=True)
    number: Mapped[str]
    extension: Mapped[str | None]
    type: Mapped[str | None]
    description: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0)

    organization: Mapped[Organization | None] = relationship(back_populates="phones")
    service: Mapped[Service | None] = relationship(back_populates="phones")
    location: Mapped[Location | None] = relationship(back_populates="phones")

    @property
    def line(self) -> Line:
        """What it takes: calls, texts, a fax."""
        return line_of(self.type)


class Contact(Base):
    """HSDS contact: a role or person to ask for."""

    __tablename__ = "contact"
    __table_args__ = (exactly_one("organization_id", "service_id"),)

    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), index=True)
    service_id: Mapped[UUID | None] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    name: Mapped[str | None]
    title: Mapped[str | None]
    department: Mapped[str | None]
    email: Mapped[str | None]

    organization: Mapped[Organization | None] = relationship(back_populates="contacts")
    service: Mapped[Service | None] = relationship(back_populates="contacts")


class Schedule(Base):
    """HSDS schedule: regular opening, weekly or monthly. Times are Europe/London clock times."""

    __tablename__ = "schedule"
    __table_args__ = (exactly_one("service_id", "service_at_location_id"),)

    service_id: Mapped[UUID | None] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    service_at_location_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("service_at_location.id", ondelete="CASCADE"), index=True
    )
    freq: Mapped[Frequency | None] = mapped_column(Code(Frequency))
    interval: Mapped[int | None]
    byday: Mapped[str | None]
    bymonthday: Mapped[str | None]
    dtstart: Mapped[date | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    opens_at: Mapped[time | None]
    closes_at: Mapped[time | None]
    description: Mapped[str | None]
    schedule_link: Mapped[str | None]
    attending_type: Mapped[str | None]
    notes: Mapped[str | None]
    term_time: Mapped[bool] = mapped_column(default=False)
    by_appointment: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)

    service: Mapped[Service | None] = relationship(back_populates="schedules")
    service_at_location: Mapped[ServiceAtLocation | None] = relationship(back_populates="schedules")


class CostOption(Base):
    """HSDS cost_option; amounts are in pounds."""

    __tablename__ = "cost_option"
    __table_args__ = (CheckConstraint("amount IS NULL OR amount >= 0", name="amount"),)

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    option: Mapped[str | None]
    amount: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    amount_description: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    position: Mapped[int] = mapped_column(default=0)

    service: Mapped[Service] = relationship(back_populates="cost_options")


class Language(Base):
    """HSDS language: one that a service is given in; `code` is ISO 639-1."""

    __tablename__ = "language"

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    name: Mapped[str | None]
    code: Mapped[str | None]
    note: Mapped[str | None]

    service: Mapped[Service] = relationship(back_populates="languages")


class Accessibility(Base):
    """HSDS accessibility of a place; `feature` is set where the words name a known one."""

    __tablename__ = "accessibility"

    location_id: Mapped[UUID] = mapped_column(ForeignKey("location.id", ondelete="CASCADE"), index=True)
    feature: Mapped[AccessFeature | None] = mapped_column(Code(AccessFeature))
    description: Mapped[str | None]
    details: Mapped[str | None]
    url: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0)

    location: Mapped[Location] = relationship(back_populates="accessibility")


class ServiceArea(Base):
    """HSDS service_area: where people must live to use a service."""

    __tablename__ = "service_area"

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    name: Mapped[str | None]
    description: Mapped[str | None]
    extent: Mapped[str | None]
    extent_type: Mapped[str | None]
    uri: Mapped[str | None]

    service: Mapped[Service] = relationship(back_populates="service_areas")


class Funding(Base):
    """HSDS funding: who pays for a service."""

    __tablename__ = "funding"

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    source: Mapped[str | None]

    service: Mapped[Service] = relationship(back_populates="fundings")


class OrganizationIdentifier(Base):
    """HSDS organization_identifier, for example a charity number (scheme GB-CHC) or company number (GB-COH)."""

    __tablename__ = "organization_identifier"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), index=True)
    identifier_scheme: Mapped[str | None]
    identifier_type: Mapped[str]
    identifier: Mapped[str]

    organization: Mapped[Organization] = relationship(back_populates="identifiers")
