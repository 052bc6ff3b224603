"""The declarative base, identifiers and column types that every model shares."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import DateTime, Dialect, MetaData, Table, Text, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from app.core import clock

# Alembic needs a name for every constraint to change it later, on SQLite above all.
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC instant; stored without zone on SQLite, with zone on PostgreSQL."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time must say its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CodeSet(TypeDecorator[frozenset[Any]]):
    """A set of codes from one StrEnum, kept as sorted words in one text column."""

    impl = Text
    cache_ok = True

    def __init__(self, codes: type[StrEnum]) -> None:
        super().__init__()
        self.codes = codes

    def process_bind_param(self, value: Iterable[StrEnum] | None, dialect: Dialect) -> str:
        return " ".join(sorted(self.codes(code).value for code in value or ()))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[Any]:
        return frozenset(self.codes(word) for word in (value or "").split())


class Code(TypeDecorator[StrEnum]):
    """One code of a StrEnum, stored by value."""

    impl = Text
    cache_ok = True

    def __init__(self, codes: type[StrEnum]) -> None:
        super().__init__()
        self.codes = codes
        # Read for each row: to look it up is many times quicker than to ask the enumeration.
        self._code_of = {code.value: code for code in codes}

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.codes(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return self._read(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], StrEnum | None]:
        return self._read

    def _read(self, value: str | None) -> StrEnum | None:
        if value is None:
            return None
        return self._code_of.get(value) or self.codes(value)


SEALED = "sealed"


def sealed(purpose: str) -> dict[str, str]:
    """The `info` of a column that holds secrets encrypted for a purpose, so that a change of keys finds it."""
    return {SEALED: purpose}


class Base(DeclarativeBase):
    """A table with a UUID key and the time its row was made."""

    __abstract__ = True
    registry = registry(
        metadata=MetaData(naming_convention=NAMING_CONVENTION),
        type_annotation_map={str: Text(), datetime: UtcDateTime(), UUID: Uuid()},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}>"


def table_of(model: type[Base]) -> Table:
    """The table of a model, for statements of which no object is made: a session does half the work for them."""
    return cast("Table", model.__table__)
