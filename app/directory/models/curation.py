"""How listings stay true: proposals, versions, problems told by others, and checks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.orm import Base, Code, CodeSet
from app.directory.codes import (
    CheckKind,
    Experience,
    NameLikeness,
    ProblemKind,
    ProblemState,
    ProposalState,
    Shared,
    SuggestionState,
)
from app.directory.models.listing import Service

IS_OPEN = text("state = 'open'")


class ProblemReport(Base):
    """Somebody says that a listing is wrong: the public, or staff who rang (`reporter_id`).

    It waits for an editor until it is answered; who left an address is told the answer.
    """

    __tablename__ = "problem_report"
    __table_args__ = (
        Index("ix_problem_report_state_created_at", "state", "created_at"),
        CheckConstraint("state = 'open' OR answered_at IS NOT NULL", name="answered"),
    )

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ProblemKind] = mapped_column(Code(ProblemKind))
    details: Mapped[str] = mapped_column(default="")
    reply_to: Mapped[str | None]
    reporter_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    state: Mapped[ProblemState] = mapped_column(Code(ProblemState), default=ProblemState.OPEN)
    answer: Mapped[str] = mapped_column(default="")
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None]

    service: Mapped[Service] = relationship(lazy="joined", innerjoin=True)


class ListingSuggestion(Base):
    """Somebody says which service is missing from the directory; an editor adds it, or says why not.

    Until then nothing of it is in the directory. `service_id` is the listing that was made of it.
    """

    __tablename__ = "listing_suggestion"
    __table_args__ = (
        Index("ix_listing_suggestion_state_created_at", "state", "created_at"),
        CheckConstraint("state = 'open' OR answered_at IS NOT NULL", name="answered"),
    )

    name: Mapped[str]
    organization: Mapped[str]
    description: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")
    reply_to: Mapped[str | None]
    state: Mapped[SuggestionState] = mapped_column(Code(SuggestionState), default=SuggestionState.OPEN)
    answer: Mapped[str] = mapped_column(default="")
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None]
    service_id: Mapped[UUID | None] = mapped_column(ForeignKey("service.id", ondelete="SET NULL"))


class Proposal(Base):
    """A change to a listing that somebody wants: field by field what was there and what should be.

    `before` and `after` hold the changed fields of a listing's document (`app.directory.curation.document`).
    """

    __tablename__ = "proposal"
    __table_args__ = (
        Index("ix_proposal_state_created_at", "state", "created_at"),
        CheckConstraint("state = 'open' OR decided_at IS NOT NULL", name="decided"),
    )

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    proposed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    reply_to: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="")
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[ProposalState] = mapped_column(Code(ProposalState), default=ProposalState.OPEN)
    answer: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]

    service: Mapped[Service] = relationship(lazy="joined", innerjoin=True)


class ListingVersion(Base):
    """What the editable part of a listing said from `created_at` on, whole, so that any version can come back."""

    __tablename__ = "listing_version"
    __table_args__ = (UniqueConstraint("service_id", "number"), CheckConstraint("number > 0", name="number"))

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    number: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(default="")


class ListingCheck(Base):
    """Somebody, or the reading of evidence, said whether a listing is right."""

    __tablename__ = "listing_check"
    __table_args__ = (Index("ix_listing_check_service_id_created_at", "service_id", "created_at"),)

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    kind: Mapped[CheckKind] = mapped_column(Code(CheckKind))
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    note: Mapped[str] = mapped_column(default="")


class ListingExperience(Base):
    """What one person who was sent to a service met with there; nothing says who.

    `told_by` is what it came with (a line of a slip, a referral): there is one voice for each, and it may change.
    """

    __tablename__ = "listing_experience"
    __table_args__ = (
        UniqueConstraint("told_by"),
        Index("ix_listing_experience_service_id_told_at", "service_id", "told_at"),
    )

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    told_by: Mapped[UUID]
    met_with: Mapped[Experience] = mapped_column(Code(Experience))
    told_at: Mapped[datetime] = mapped_column(default=clock.now)


class ServiceRedirect(Base):
    """The id of a listing that was merged into another; whoever asks for it is led there.

    `carried` is what the other got from it: fields as they were (`before`) and became (`after`), ids of added rows,
    lines of collections, and what features above tell of dates and ways to refer. By it the merge is undone.
    """

    __tablename__ = "service_redirect"
    __table_args__ = (UniqueConstraint("old_id"),)

    old_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    merged_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    status_before: Mapped[str]
    carried: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class DistinctPair(Base):
    """Two listings that look alike and are not the same, as an editor says. `first_id` is the lower id."""

    __tablename__ = "distinct_pair"
    __table_args__ = (UniqueConstraint("first_id", "second_id"), CheckConstraint("first_id < second_id", name="order"))

    first_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    second_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    said_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))


class LikelyDuplicate(Base):
    """Two shown listings that seem to be the same, and why, as the last look found. `first_id` is the lower id."""

    __tablename__ = "likely_duplicate"
    __table_args__ = (UniqueConstraint("first_id", "second_id"), CheckConstraint("first_id < second_id", name="order"))

    first_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    second_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    name: Mapped[NameLikeness] = mapped_column(Code(NameLikeness))
    shared: Mapped[frozenset[Shared]] = mapped_column(CodeSet(Shared), default=frozenset)
    score: Mapped[float]


class LinkState(Base):
    """What looks at a listing's web address gave: when it was last looked at, and on how many days in a row in vain."""

    __tablename__ = "link_state"
    __table_args__ = (UniqueConstraint("service_id"), CheckConstraint("failed_days >= 0", name="failed_days"))

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    url: Mapped[str]
    checked_on: Mapped[date | None] = mapped_column(index=True)
    failed_days: Mapped[int] = mapped_column(default=0)
