"""answers about equality know the day and no time, which the audit trail would join to a name."""

from __future__ import annotations

from datetime import UTC, datetime, time

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0074"
branch_labels = None
depends_on = None

ANSWERS = sa.table(
    "equality_answers",
    sa.column("id", sa.Uuid()),
    sa.column("answered_on", sa.Date()),
    sa.column("created_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """The day of the last answers, at midnight, for each day in one statement."""
    connection = op.get_bind()
    for day in connection.scalars(sa.select(ANSWERS.c.answered_on).distinct()).all():
        midnight = datetime.combine(day, time.min, UTC)
        connection.execute(ANSWERS.update().where(ANSWERS.c.answered_on == day).values(created_at=midnight))


def downgrade() -> None:
    """The times are gone for good."""
