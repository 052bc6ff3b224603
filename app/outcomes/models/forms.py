"""What a person chose, answered and scored; words of measures that an organisation loaded; results from elsewhere."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.orm import Base, Code
from app.outcomes.codes import AnswerKind, ChosenBy, FormState, Mode

_STANDING = text("voided_at IS NULL AND superseded_at IS NULL AND occasion_id IS NOT NULL")
_STILL_CHOSEN = text("ended_on IS NULL")


class StoredTextPack(Base):
    """Words of a measure that an organisation may use, with the reference of its licence.

    `content` is the pack as it was loaded (TOML). They show from `valid_from` to `valid_to` and not while withdrawn.
    """

    __tablename__ = "outcome_text_pack"
    __table_args__ = (
        CheckConstraint("licence_ref <> ''", name="licence_ref"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="valid_to"),
        Index("ix_outcome_text_pack_organization_id_measure", "organization_id", "measure"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    measure: Mapped[str]
    language: Mapped[str]
    content: Mapped[str]
    content_hash: Mapped[str]
    licence_ref: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    uploaded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    withdrawn_at: Mapped[datetime | None]


class MeasureChoice(Base):
    """That a measure is used with a person: who chose it, and why."""

    __tablename__ = "measure_choice"
    __table_args__ = (
        Index(
            "uq_measure_choice_running",
            "organization_id",
            "person_id",
            "measure",
            unique=True,
            sqlite_where=_STILL_CHOSEN,
            postgresql_where=_STILL_CHOSEN,
        ),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    measure: Mapped[str]
    chosen_by: Mapped[ChosenBy] = mapped_column(Code(ChosenBy))
    chosen_on: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    ended_on: Mapped[date | None]


class OwnGoal(Base):
    """A goal in the person's own words; `number` is its item in the measure of own goals."""

    __tablename__ = "own_goal"
    __table_args__ = (
        CheckConstraint("number BETWEEN 1 AND 3", name="number"),
        Index(
            "uq_own_goal_running",
            "organization_id",
            "person_id",
            "number",
            unique=True,
            sqlite_where=_STILL_CHOSEN,
            postgresql_where=_STILL_CHOSEN,
        ),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    number: Mapped[int]
    words: Mapped[str]
    ended_on: Mapped[date | None]


class Measurement(Base):
    """One form answered once, or being answered.

    `measure` is the reference (`phq-9/1`) and `measure_hash` the fingerprint of the definition as it was. A correction
    is a new form that supersedes the old. `occasion_id` is the leading occasion that it was asked for.
    """

    __tablename__ = "measurement"
    __table_args__ = (
        CheckConstraint("voided_at IS NULL OR void_reason <> ''", name="voided_why"),
        CheckConstraint("(state = 'draft') = (finished_at IS NULL)", name="finished"),
        CheckConstraint("supersedes_id IS NULL OR supersedes_id <> id", name="supersedes_another"),
        Index(
            "uq_measurement_occasion",
            "occasion_id",
            "measure",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        Index(
            "ix_measurement_occasion_mode",
            "occasion_id",
            "mode",
            "superseded_at",
            "voided_at",
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        Index("ix_measurement_person_id", "person_id", "organization_id", "measure", "answered_on"),
        Index("ix_measurement_service", "organization_id", "answered_on", "measure"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    occasion_id: Mapped[UUID | None] = mapped_column(ForeignKey("outcome_occasion.id"))
    measure: Mapped[str]
    measure_hash: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    mode: Mapped[Mode] = mapped_column(Code(Mode))
    state: Mapped[FormState] = mapped_column(Code(FormState), default=FormState.DRAFT)
    answered_on: Mapped[date]
    helped: Mapped[bool] = mapped_column(default=False)
    entered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    finished_at: Mapped[datetime | None]
    supersedes_id: Mapped[UUID | None] = mapped_column(ForeignKey("measurement.id"), unique=True)
    superseded_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(default="")

    answers: Mapped[list[Answer]] = relationship(
        back_populates="measurement", order_by="(Answer.item, Answer.id)", lazy="selectin"
    )
    scores: Mapped[list[MeasurementScore]] = relationship(
        back_populates="measurement", order_by="(MeasurementScore.key, MeasurementScore.id)", lazy="selectin"
    )

    @property
    def stands(self) -> bool:
        """Whether nothing replaced it and nobody took it back."""
        return self.superseded_at is None and self.voided_at is None


class Answer(Base):
    """What was said to one question: the raw code as printed, or words, or that somebody did not want to say."""

    __tablename__ = "measurement_answer"
    __table_args__ = (
        UniqueConstraint("measurement_id", "item"),
        CheckConstraint("kind = 'given' OR (raw_code IS NULL AND words = '')", name="nothing_given"),
    )

    measurement_id: Mapped[UUID] = mapped_column(ForeignKey("measurement.id"))
    item: Mapped[str]
    kind: Mapped[AnswerKind] = mapped_column(Code(AnswerKind))
    raw_code: Mapped[int | None]
    words: Mapped[str] = mapped_column(default="")

    measurement: Mapped[Measurement] = relationship(back_populates="answers")


class MeasurementScore(Base):
    """One figure of a form, as the scorer of that version worked it out. The database refuses to change or delete it.

    `value` is empty where an answer was missing. `band` names a category too, which has no number.
    """

    __tablename__ = "measurement_score"
    __table_args__ = (UniqueConstraint("measurement_id", "key", "scorer_version"),)

    measurement_id: Mapped[UUID] = mapped_column(ForeignKey("measurement.id"))
    key: Mapped[str]
    value: Mapped[Decimal | None] = mapped_column(Numeric(10, 4))
    band: Mapped[str | None]
    caseness: Mapped[bool | None]
    n_missing: Mapped[int] = mapped_column(default=0)
    estimated: Mapped[bool] = mapped_column(default=False)
    out_of: Mapped[Decimal | None] = mapped_column(Numeric(10, 4))
    rule: Mapped[str]
    scorer_version: Mapped[int]

    measurement: Mapped[Measurement] = relationship(back_populates="scores")


class OutcomePoint(Base):
    """A figure of a form as it stands among those of the same person and measure, for counting many of them.

    Worked out from forms and scores (`app.outcomes.operations.points`), and thrown away with them. `next_on` is the day
    of the next one; `change` is the difference from the first. `band` is the name of an answer that is no number.
    """

    __tablename__ = "outcome_point"
    __table_args__ = (
        UniqueConstraint("measurement_id", "key"),
        # Everything that the figures of a service need stands in it.
        Index(
            "ix_outcome_point_service",
            "organization_id",
            "measure",
            "key",
            "answered_on",
            "next_on",
            "change",
            "band",
            "person_id",
        ),
        Index("ix_outcome_point_person_id", "person_id", "organization_id", "measure"),
    )

    measurement_id: Mapped[UUID] = mapped_column(ForeignKey("measurement.id"))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    measure: Mapped[str]
    key: Mapped[str]
    answered_on: Mapped[date]
    next_on: Mapped[date | None]
    change: Mapped[Decimal | None] = mapped_column(Numeric(10, 4))
    band: Mapped[str | None]


class OutsideResult(Base):
    """What a tool that may not be reproduced here said elsewhere: its name, the day, a summary, perhaps a link."""

    __tablename__ = "outside_result"
    __table_args__ = (CheckConstraint("tool <> '' AND summary <> ''", name="told"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    tool: Mapped[str]
    happened_on: Mapped[date]
    summary: Mapped[str]
    link: Mapped[str | None]
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
