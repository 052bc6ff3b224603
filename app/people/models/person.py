"""A person, who may see their record, and what records are compared by."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import MemberOrganization
from app.core.orm import Base, Code, CodeSet
from app.people.codes import (
    AccessibleFormat,
    AccessReason,
    AddressStatus,
    ContactChannel,
    NhsNumberStatus,
    RetentionClass,
)

STILL_OPEN = text("ended_at IS NULL")


class Person(Base):
    """Somebody who is being helped: identity as far as the purpose needs it, safe contact, access needs.

    `organization_id` keeps the record and answers for it; who else may see it says `PersonAccess`. A name may be an
    alias. `mobile` is E.164, `nhs_number` ten digits. `email_is_private` and `mobile_is_private` say that staff were
    told that nobody else reads what goes there; `email_wrong_since` and `mobile_wrong_since`, that somebody else is
    reached there. `safe_times` holds stretches as `{"days", "opens", "closes"}`.
    A record that was merged points to the one that stays; one that was erased or destroyed is a stub without words.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("name <> '' OR erased_at IS NOT NULL", name="named"),
        CheckConstraint("nhs_number IS NULL OR length(nhs_number) = 10", name="nhs_number_length"),
        CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="merged_into_another"),
        CheckConstraint("revision > 0", name="revision_counts"),
        Index("ix_person_organization_id_search_name", "organization_id", "search_name"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"), index=True)
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    revision: Mapped[int] = mapped_column(default=1)

    name: Mapped[str]
    known_as: Mapped[str] = mapped_column(default="")
    search_name: Mapped[str] = mapped_column(default="")
    born_on: Mapped[date | None] = mapped_column(index=True)
    nhs_number: Mapped[str | None] = mapped_column(index=True)
    nhs_number_status: Mapped[NhsNumberStatus] = mapped_column(
        Code(NhsNumberStatus), default=NhsNumberStatus.NOT_TRACED
    )
    address_status: Mapped[AddressStatus] = mapped_column(Code(AddressStatus), default=AddressStatus.NOT_GIVEN)
    address: Mapped[str] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(default="")
    gp_ods_code: Mapped[str] = mapped_column(default="", index=True)
    gp_name: Mapped[str] = mapped_column(default="")

    email: Mapped[str | None] = mapped_column(index=True)
    email_is_private: Mapped[bool] = mapped_column(default=False)
    email_wrong_since: Mapped[datetime | None]
    mobile: Mapped[str | None] = mapped_column(index=True)
    mobile_is_private: Mapped[bool] = mapped_column(default=False)
    mobile_wrong_since: Mapped[datetime | None]
    phone: Mapped[str | None]

    do_not_contact: Mapped[bool] = mapped_column(default=False)
    safe_channels: Mapped[frozenset[ContactChannel]] = mapped_column(CodeSet(ContactChannel), default=frozenset)
    safe_times: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    voicemail_allowed: Mapped[bool] = mapped_column(default=False)
    discreet: Mapped[bool] = mapped_column(default=True)
    contact_note: Mapped[str] = mapped_column(default="")

    language: Mapped[str] = mapped_column(default="en")
    interpreter: Mapped[bool] = mapped_column(default=False)
    formats: Mapped[frozenset[AccessibleFormat]] = mapped_column(CodeSet(AccessibleFormat), default=frozenset)

    is_restricted: Mapped[bool] = mapped_column(default=False)
    retention_class: Mapped[RetentionClass] = mapped_column(Code(RetentionClass), default=RetentionClass.MENTAL_HEALTH)
    last_seen_on: Mapped[date | None]
    died_on: Mapped[date | None]
    review_on: Mapped[date | None] = mapped_column(index=True)
    legal_hold: Mapped[str] = mapped_column(default="")
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    erased_at: Mapped[datetime | None]

    organization: Mapped[MemberOrganization] = relationship()
    adjustments: Mapped[list[Adjustment]] = relationship(
        back_populates="person", order_by="(Adjustment.created_at, Adjustment.id)", lazy="raise"
    )

    @property
    def called(self) -> str:
        """The name to use when one speaks to them."""
        return self.known_as or self.name


class Adjustment(Base):
    """A reasonable adjustment that the person needs, from when it was recorded until it ended.

    DAPB4019: it travels with a referral, shows at booking, and one is asked whether it was met.
    """

    __tablename__ = "person_adjustment"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    words: Mapped[str]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="adjustments")


class PersonAccess(Base):
    """That an organisation may see a person's record, and why: because it made it, or because of a referral.

    `because_id` is the referral or booking it hangs on; access ends with it.
    """

    __tablename__ = "person_access"
    __table_args__ = (
        Index("ix_person_access_organization_id_person_id", "organization_id", "person_id"),
        Index(
            "uq_person_access_open",
            "person_id",
            "organization_id",
            "reason",
            "because_id",
            unique=True,
            sqlite_where=STILL_OPEN,
            postgresql_where=STILL_OPEN,
        ),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    reason: Mapped[AccessReason] = mapped_column(Code(AccessReason))
    # The person's own id where nothing else is the reason, because NULLs are never equal to a unique index.
    because_id: Mapped[UUID]
    ended_at: Mapped[datetime | None]


class MatchKey(Base):
    """A keyed hash that a record is compared by (see `rules.matching`); `kind` says which part of it."""

    __tablename__ = "person_match_key"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "key"),
        Index("ix_person_match_key_key_kind", "key", "kind"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    key: Mapped[str]
