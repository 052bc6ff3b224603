"""Checks of the database as such: its shape, its soundness, its references."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Table, and_, column, func, select, table, text
from sqlalchemy.orm import Session

from app.core.orm import Base
from app.core.upkeep import check
from app.migrations.commands import newest_revision, revision_of


@check("migrations")
def migrations_are_run(session: Session) -> Iterator[str]:
    """The tables are those of this release."""
    there, newest = revision_of(session.connection()), newest_revision()
    if there != newest:
        yield f"The database is at revision {there or 'none'}, this Waymark needs {newest}. Run `waymark db upgrade`."


@check("database file")
def sqlite_is_sound(session: Session) -> Iterator[str]:
    """SQLite finds no damage in its file."""
    if session.get_bind().dialect.name == "sqlite":
        for (told,) in session.execute(text("PRAGMA integrity_check(20)")):
            if told != "ok":
                yield f"The SQLite file is damaged: {told}. Restore a backup."


@check("references")
def references_lead_somewhere(session: Session) -> Iterator[str]:
    """No row refers to one that is not there."""
    for child in Base.metadata.sorted_tables:
        for key in sorted(child.foreign_key_constraints, key=lambda key: str(key.name)):
            if count := session.scalar(select(func.count()).select_from(child).where(_leads_nowhere(child, key))):
                yield f"{count} rows of {child.name} refer to a row of {key.referred_table.name} that is not there."


def _leads_nowhere(child: Table, key: ForeignKeyConstraint) -> ColumnElement[bool]:
    names = [element.column.name for element in key.elements]
    # Of the other table no more than its key: an alias of a whole one takes longer to make than to ask the database.
    parent = table(key.referred_table.name, *map(column, names)).alias()
    pairs = [(element.parent, parent.c[name]) for element, name in zip(key.elements, names, strict=True)]
    told = and_(*(own.is_not(None) for own, _other in pairs))
    matches = and_(*(other == own for own, other in pairs))
    return and_(told, ~select(1).select_from(parent).where(matches).correlate(child).exists())
