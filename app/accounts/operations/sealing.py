"""A change of the secret key: everything that is kept encrypted, of whatever feature, comes under the newest one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Column, Table, select, update
from sqlalchemy.orm import Session

from app.accounts.vault import Vault
from app.core.orm import SEALED, Base


def reseal(session: Session, vault: Callable[[str], Vault]) -> dict[str, int]:
    """Encrypt all secrets under the newest key, before an old one is dropped; says how many of each column.

    Refused, with nothing changed, where none of the keys opens one.
    """
    return {
        f"{table.name}.{column.name}": _reseal(session, table, column, vault(column.info[SEALED]))
        for table, column in sealed_columns()
    }


def sealed_columns() -> Iterator[tuple[Table, Column[Any]]]:
    """Every column of every table that holds secrets encrypted."""
    for table in Base.metadata.sorted_tables:
        yield from ((table, column) for column in table.columns if SEALED in column.info)


def _reseal(session: Session, table: Table, column: Column[Any], vault: Vault) -> int:
    kept = session.execute(select(table.c.id, column).where(column.is_not(None)).order_by(table.c.id)).all()
    for row_id, secret in kept:
        session.execute(update(table).where(table.c.id == row_id).values({column: vault.resealed(secret)}))
    session.expire_all()
    return len(kept)
