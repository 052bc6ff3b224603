"""Organization, Service, Location, ServiceAtLocation and Address."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.orm import Base, Code, CodeSet
from app.directory.codes import (
    Accepting,
    AccessRoute,
    Coverage,
    Gender,
    Kind,
    LocationType,
    Precision,
    Reach,
    Status,
)

if TYPE_CHECKING:
    from app.directory.models.facts import (
        Accessibility,
        Contact,
        CostOption,
        Funding,
        Language,
        OrganizationIdentifier,
        Phone,
        Schedule,
        ServiceArea,
    )
    from app.directory.models.feed import Flag
    from app.directory.models.taxonomy import Attribute


class Organization(Base):
    """HSDS organization: who provides services."""

    __tablename__ = "organization"
    __table_args__ = (UniqueConstraint("source", "source_id"),)

    source: Mapped[str | None]
    source_id: Mapped[str | None]
    name: Mapped[str]
    alternate_name: Mapped[str | None]
    description: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None]
    website: Mapped[str | None]
    logo: Mapped[str | None]
    uri: Mapped[str | None]
    # The organisation of staff who may propose changes to these listings.
    member_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("member_organization.id"), index=True)
    parent_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organization.id"), index=True)
    last_modified: Mapped[datetime] = mapped_column(default=clock.now)

    services: Mapped[list[Service]] = relationship(
        back_populates="organization", order_by="(Service.name, Service.id)", lazy="raise", passive_deletes=True
    )
    identifiers: Mapped[list[OrganizationIdentifier]] = relationship(
        back_populates="organization",
        order_by="(OrganizationIdentifier.identifier_type, OrganizationIdentifier.id)",
        cascade="all, delete-orphan",
    )
    phones: Mapped[list[Phone]] = relationship(
        back_populates="organization", order_by="(Phone.position, Phone.id)", cascade="all, delete-orphan"
    )
    contacts: Mapped[list[Contact]] = relationship(
        back_populates="organization", order_by="(Contact.name, Contact.id)", cascade="all, delete-orphan"
    )
    attributes: Mapped[list[Attribute]] = relationship(
        back_populates="organization", order_by="(Attribute.position, Attribute.id)", cascade="all, delete-orphan"
    )


class Service(Base):
    """HSDS service: help that a person can get; Waymark adds kind, reach, ways in, capacity and what to say."""

    __tablename__ = "service"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        CheckConstraint("minimum_age IS NULL OR minimum_age >= 0", name="minimum_age"),
        CheckConstraint(
            "maximum_age IS NULL OR maximum_age >= COALESCE(minimum_age, 0)",
            name="maximum_age",
        ),
        CheckConstraint("wait_weeks IS NULL OR wait_weeks >= 0", name="wait_weeks"),
        CheckConstraint(
            "accepting IS NULL OR capacity_stated_at IS NOT NULL",
            name="capacity_says_when",
        ),
        Index("ix_service_status_name", "status", "name"),
        # Deep pages of the feed are counted through in this index alone.
        Index("ix_service_id_status", "id", "status"),
    )

    source: Mapped[str | None]
    source_id: Mapped[str | None]
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    kind: Mapped[Kind] = mapped_column(Code(Kind), default=Kind.SERVICE)
    status: Mapped[Status] = mapped_column(Code(Status), default=Status.ACTIVE)
    name: Mapped[str]
    alternate_name: Mapped[str | None]
    program: Mapped[str | None]
    description: Mapped[str] = mapped_column(default="")
    url: Mapped[str | None]
    email: Mapped[str | None]
    alert: Mapped[str | None]
    accreditations: Mapped[str | None]
    licenses: Mapped[str | None]
    interpretation_services: Mapped[str | None]
    fees_description: Mapped[str | None]
    wait_time: Mapped[str | None]
    application_process: Mapped[str | None]
    eligibility_description: Mapped[str | None]
    not_for: Mapped[str | None]
    minimum_age: Mapped[int | None]
    maximum_age: Mapped[int | None]
    gender: Mapped[Gender | None] = mapped_column(Code(Gender))
    coverage: Mapped[Coverage] = mapped_column(Code(Coverage), default=Coverage.LOCAL)
    reach: Mapped[frozenset[Reach]] = mapped_column(CodeSet(Reach), default=frozenset)
    access_routes: Mapped[frozenset[AccessRoute]] = mapped_column(CodeSet(AccessRoute), default=frozenset)
    what_to_say: Mapped[str | None]
    what_to_bring: Mapped[str | None]
    what_happens_next: Mapped[str | None]
    accepting: Mapped[Accepting | None] = mapped_column(Code(Accepting))
    wait_weeks: Mapped[int | None]
    capacity_stated_at: Mapped[datetime | None]
    assured_date: Mapped[date | None]
    assurer_email: Mapped[str | None]
    # When somebody should look at it again; without a date nobody has taken it on, and it is never hidden for its age.
    next_check_on: Mapped[date | None] = mapped_column(index=True)
    hidden_as_stale_on: Mapped[date | None]
    missing_since: Mapped[datetime | None]
    last_modified: Mapped[datetime] = mapped_column(default=clock.now, index=True)

    organization: Mapped[Organization] = relationship(back_populates="services", lazy="joined", innerjoin=True)
    service_at_locations: Mapped[list[ServiceAtLocation]] = relationship(
        back_populates="service",
        order_by="(ServiceAtLocation.position, ServiceAtLocation.id)",
        cascade="all, delete-orphan",
    )
    phones: Mapped[list[Phone]] = relationship(
        back_populates="service", order_by="(Phone.position, Phone.id)", cascade="all, delete-orphan"
    )
    contacts: Mapped[list[Contact]] = relationship(
        back_populates="service", order_by="(Contact.name, Contact.id)", cascade="all, delete-orphan"
    )
    schedules: Mapped[list[Schedule]] = relationship(
        back_populates="service", order_by="(Schedule.position, Schedule.id)", cascade="all, delete-orphan"
    )
    cost_options: Mapped[list[CostOption]] = relationship(
        back_populates="service", order_by="(CostOption.position, CostOption.id)", cascade="all, delete-orphan"
    )
    languages: Mapped[list[Language]] = relationship(
        back_populates="service", order_by="(Language.code, Language.id)", cascade="all, delete-orphan"
    )
    service_areas: Mapped[list[ServiceArea]] = relationship(
        back_populates="service", order_by="(ServiceArea.name, ServiceArea.id)", cascade="all, delete-orphan"
    )
    fundings: Mapped[list[Funding]] = relationship(
        back_populates="service", order_by="(Funding.source, Funding.id)", cascade="all, delete-orphan"
    )
    attributes: Mapped[list[Attribute]] = relationship(
        back_populates="service", order_by="(Attribute.position, Attribute.id)", cascade="all, delete-orphan"
    )
    flags: Mapped[list[Flag]] = relationship(
        back_populates="service", order_by="(Flag.code, Flag.id)", cascade="all, delete-orphan", lazy="raise"
    )


class Location(Base):
    """HSDS location: where services are given. A confidential one keeps its address to itself."""

    __tablename__ = "location"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="whole_point"),
        CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude IS NULL OR longitude BETWEEN -180 AND 180", name="longitude"),
    )

    source: Mapped[str | None]
    source_id: Mapped[str | None]
    location_type: Mapped[LocationType] = mapped_column(Code(LocationType), default=LocationType.PHYSICAL)
    name: Mapped[str | None]
    alternate_name: Mapped[str | None]
    description: Mapped[str | None]
    transportation: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    precision: Mapped[Precision | None] = mapped_column(Code(Precision))
    external_identifier: Mapped[str | None]
    external_identifier_type: Mapped[str | None]
    url: Mapped[str | None]
    confidential: Mapped[bool] = mapped_column(default=False)

    addresses: Mapped[list[Address]] = relationship(
        back_populates="location", order_by="(Address.position, Address.id)", cascade="all, delete-orphan"
    )
    accessibility: Mapped[list[Accessibility]] = relationship(
        back_populates="location", order_by="(Accessibility.position, Accessibility.id)", cascade="all, delete-orphan"
    )
    phones: Mapped[list[Phone]] = relationship(
        back_populates="location", order_by="(Phone.position, Phone.id)", cascade="all, delete-orphan"
    )
    attributes: Mapped[list[Attribute]] = relationship(
        back_populates="location", order_by="(Attribute.position, Attribute.id)", cascade="all, delete-orphan"
    )
    service_at_locations: Mapped[list[ServiceAtLocation]] = relationship(
        back_populates="location", order_by="ServiceAtLocation.id", lazy="raise", passive_deletes=True
    )


class ServiceAtLocation(Base):
    """HSDS service_at_location: one service at one place."""

    __tablename__ = "service_at_location"
    __table_args__ = (UniqueConstraint("service_id", "location_id"),)

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    location_id: Mapped[UUID] = mapped_column(ForeignKey("location.id"), index=True)
    description: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0)

    service: Mapped[Service] = relationship(back_populates="service_at_locations")
    location: Mapped[Location] = relationship(back_populates="service_at_locations", lazy="joined", innerjoin=True)
    schedules: Mapped[list[Schedule]] = relationship(
        back_populates="service_at_location",
        order_by="(Schedule.position, Schedule.id)",
        cascade="all, delete-orphan",
    )


class Address(Base):
    """HSDS address. `filled_in` names the parts that the source left out and a default stands for."""

    __tablename__ = "address"

    location_id: Mapped[UUID] = mapped_column(ForeignKey("location.id", ondelete="CASCADE"), index=True)
    address_type: Mapped[LocationType] = mapped_column(Code(LocationType), default=LocationType.PHYSICAL)
    attention: Mapped[str | None]
    address_1: Mapped[str] = mapped_column(default="")
    address_2: Mapped[str | None]
    city: Mapped[str] = mapped_column(default="")
    region: Mapped[str | None]
    state_province: Mapped[str] = mapped_column(default="")
    postal_code: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="GB")
    filled_in: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)

    location: Mapped[Location] = relationship(back_populates="addresses")
