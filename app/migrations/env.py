"""Alembic's entry: given a connection by `app.migrations.commands`."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from app import load_models
from app.core.orm import Base, Code, CodeSet, UtcDateTime

load_models()


def _plain_type(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write Waymark's column types as what the database sees, so that old migrations need none of our code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, (Code, CodeSet)):
        return "sa.Text()"
    return False


def run() -> None:
    """Migrate over the connection that the caller put into the configuration."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=_plain_type,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
