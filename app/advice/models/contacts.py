"""A contact and what belongs to it, and the draft that it is written in."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.advice.codes import (
    Channel,
    ClientKind,
    DateKind,
    Direction,
    Emergency,
    Format,
    Level,
    Place,
    Result,
    StepBy,
)
from app.advice.models.cases import AdviceCase
from app.core.orm import Base, Code, CodeSet
from app.people.models import Person

STILL_OPEN = text("done_at IS NULL")
IS_COUNTED = text("replaced_at IS NULL")
WAITS_FOR_CALL = text("call_back_on IS NOT NULL AND called_back_at IS NULL")


class AdviceDraft(Base):
    """A contact that is being written: the form just as it was typed, so that a lost session loses nothing.

    Only its writer sees it. `active_seconds` is the time spent in it so far, without the breaks. `kept_as` is the key
    that a browser gave it where it was typed without network: sent twice, it is still one draft. `form_key` is that of
    the page that saved it last, and `version` counts the saves: so a second window with the same draft is known.
    """

    __tablename__ = "advice_draft"
    __table_args__ = (
        UniqueConstraint("user_id", "kept_as"),
        Index("ix_advice_draft_user_id_saved_at", "user_id", "saved_at"),
        Index("ix_advice_draft_user_id_form_key", "user_id", "form_key"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    title: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime]
    active_seconds: Mapped[int] = mapped_column(default=0)
    kept_as: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1)
    form_key: Mapped[UUID | None]


class AdviceContact(Base):
    """One contact with a client, or an attempt at one.

    `organization_id` is whose contact it is: nobody else sees it. `client_number` is a pseudonym that the service
    gave; `relation` says who it was where somebody else got in touch about the client. `client_key` tells those
    without a record apart in figures: the same for the same number. `seconds_to_log` is measured, not told. A
    contact is never changed: one that corrects another names it (`replaces_id`), and the other stays, out of every
    list and figure from `replaced_at` on. `form_key` is made of the page that it was logged with: a button that is
    pressed twice logs once.
    """

    __tablename__ = "advice_contact"
    __table_args__ = (
        CheckConstraint("minutes >= 0 AND travel_minutes >= 0", name="minutes"),
        CheckConstraint("client_kind <> 'named' OR person_id IS NOT NULL OR erased_at IS NOT NULL", name="named"),
        CheckConstraint("client_kind <> 'anonymous' OR person_id IS NULL", name="anonymous"),
        Index("uq_advice_contact_replaces_id", "replaces_id", unique=True),
        Index("uq_advice_contact_form_key", "form_key", unique=True),
        Index(
            "ix_advice_contact_organization_id_happened_on",
            "organization_id",
            "happened_on",
            "id",
            sqlite_where=IS_COUNTED,
            postgresql_where=IS_COUNTED,
        ),
        # Counts those of one issue, found by their ids, without looking at the contacts themselves.
        Index(
            "ix_advice_contact_id_organization_id",
            "id",
            "organization_id",
            sqlite_where=IS_COUNTED,
            postgresql_where=IS_COUNTED,
        ),
        # With everything that a record's page asks by: SQLite, which keeps no statistics, would else go through all
        # contacts of the organisation in their order.
        Index("ix_advice_contact_person_id_happened_on", "person_id", "organization_id", "happened_on", "id"),
        # Answers a count without looking at the contacts themselves.
        Index(
            "ix_advice_contact_adviser_id_happened_on",
            "adviser_id",
            "organization_id",
            "happened_on",
            "replaced_at",
            "id",
        ),
        Index(
            "ix_advice_contact_call_back",
            "organization_id",
            "call_back_on",
            sqlite_where=WAITS_FOR_CALL,
            postgresql_where=WAITS_FOR_CALL,
        ),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    adviser_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("advice_case.id"), index=True)
    follows_id: Mapped[UUID | None] = mapped_column(ForeignKey("advice_contact.id"), index=True)
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("advice_session.id"), index=True)

    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("advice_contact.id"))
    replaced_at: Mapped[datetime | None]
    form_key: Mapped[UUID | None]

    happened_on: Mapped[date]
    started_at: Mapped[time | None]
    minutes: Mapped[int]
    travel_minutes: Mapped[int] = mapped_column(default=0)
    place: Mapped[Place] = mapped_column(Code(Place), default=Place.OFFICE)
    place_ods_code: Mapped[str] = mapped_column(default="")

    client_kind: Mapped[ClientKind] = mapped_column(Code(ClientKind))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    client_number: Mapped[str] = mapped_column(default="")
    relation: Mapped[str] = mapped_column(default="")
    client_key: Mapped[UUID]

    channel: Mapped[Channel] = mapped_column(Code(Channel))
    direction: Mapped[Direction] = mapped_column(Code(Direction), default=Direction.IN)
    result: Mapped[Result] = mapped_column(Code(Result), default=Result.REACHED)
    level: Mapped[Level] = mapped_column(Code(Level))
    language: Mapped[str] = mapped_column(default="en")
    interpreter: Mapped[bool] = mapped_column(default=False)
    format: Mapped[Format] = mapped_column(Code(Format), default=Format.VERBAL)

    words: Mapped[str] = mapped_column(default="")
    advice: Mapped[str] = mapped_column(default="")
    sources: Mapped[str] = mapped_column(default="")
    emergencies_asked: Mapped[bool] = mapped_column(default=False)
    emergencies: Mapped[frozenset[Emergency]] = mapped_column(CodeSet(Emergency), default=frozenset)
    safeguarding: Mapped[bool] = mapped_column(default=False)

    call_back_on: Mapped[date | None]
    called_back_at: Mapped[datetime | None]
    seconds_to_log: Mapped[int | None]
    erased_at: Mapped[datetime | None]

    adviser: Mapped[User] = relationship(lazy="raise")
    person: Mapped[Person | None] = relationship(lazy="raise")
    case: Mapped[AdviceCase | None] = relationship(lazy="raise")
    issues: Mapped[list[AdviceIssue]] = relationship(
        back_populates="contact", order_by="(AdviceIssue.position, AdviceIssue.id)", lazy="raise"
    )


class AdviceIssue(Base):
    """What a contact was about; the first is the main one."""

    __tablename__ = "advice_issue"
    __table_args__ = (
        UniqueConstraint("contact_id", "code"),
        Index("ix_advice_issue_code_contact_id", "code", "contact_id"),
    )

    contact_id: Mapped[UUID] = mapped_column(ForeignKey("advice_contact.id"))
    code: Mapped[str]
    position: Mapped[int]

    contact: Mapped[AdviceContact] = relationship(back_populates="issues", lazy="raise")

    @property
    def is_main(self) -> bool:
        """Whether it is the main issue of its contact."""
        return self.position == 0


class KeyDate(Base):
    """A day on which something happens that must not be missed. `letter_on` is the letter it was reckoned from."""

    __tablename__ = "advice_key_date"
    __table_args__ = (
        Index("ix_advice_key_date_open", "organization_id", "on", sqlite_where=STILL_OPEN, postgresql_where=STILL_OPEN),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("advice_contact.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("advice_case.id"), index=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[DateKind] = mapped_column(Code(DateKind))
    on: Mapped[date]
    letter_on: Mapped[date | None]
    done_at: Mapped[datetime | None]

    contact: Mapped[AdviceContact | None] = relationship(lazy="raise")
    case: Mapped[AdviceCase | None] = relationship(lazy="raise")


class NextStep(Base):
    """Something to be done next, by whom and until when."""

    __tablename__ = "advice_step"
    __table_args__ = (
        CheckConstraint("contact_id IS NOT NULL OR case_id IS NOT NULL", name="of_something"),
        Index("ix_advice_step_open", "owner_id", "due_on", sqlite_where=STILL_OPEN, postgresql_where=STILL_OPEN),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("advice_contact.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("advice_case.id"), index=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    by: Mapped[StepBy] = mapped_column(Code(StepBy))
    words: Mapped[str]
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None]

    contact: Mapped[AdviceContact | None] = relationship(lazy="raise")
    case: Mapped[AdviceCase | None] = relationship(lazy="raise")
