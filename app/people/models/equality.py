"""What people say about themselves for equality, kept apart from their names."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from app.core.orm import Base, Code
from app.people.codes import (
    AgeBand,
    Disability,
    Ethnicity,
    GenderIdentity,
    Orientation,
    Partnership,
    Pregnancy,
    Religion,
    SameAsAtBirth,
    Sex,
)


class EqualityAnswers(Base):
    """The answers of one person, under a pseudonym: nothing in the row leads to the name.

    The pseudonym is a keyed hash of the person's id, so the row is found from the record but not the record from the
    row. For the same reason it knows the day and no time: `created_at` is midnight. Every answer may be missing, and
    every question can be answered "prefer not to say".
    """

    __tablename__ = "equality_answers"

    pseudonym: Mapped[str] = mapped_column(unique=True)
    answered_on: Mapped[date]
    age: Mapped[AgeBand | None] = mapped_column(Code(AgeBand))
    ethnicity: Mapped[Ethnicity | None] = mapped_column(Code(Ethnicity))
    gender: Mapped[GenderIdentity | None] = mapped_column(Code(GenderIdentity))
    same_as_at_birth: Mapped[SameAsAtBirth | None] = mapped_column(Code(SameAsAtBirth))
    sex: Mapped[Sex | None] = mapped_column(Code(Sex))
    disability: Mapped[Disability | None] = mapped_column(Code(Disability))
    religion: Mapped[Religion | None] = mapped_column(Code(Religion))
    orientation: Mapped[Orientation | None] = mapped_column(Code(Orientation))
    partnership: Mapped[Partnership | None] = mapped_column(Code(Partnership))
    pregnancy: Mapped[Pregnancy | None] = mapped_column(Code(Pregnancy))
