"""schedules that move, and an index of how things were answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("outcome_schedule", schema=None) as batch_op:
        batch_op.add_column(sa.Column("moves_since", sa.DateTime(timezone=True), nullable=True))
    standing = sa.text("voided_at IS NULL AND superseded_at IS NULL AND occasion_id IS NOT NULL")
    op.create_index(
        "ix_measurement_occasion_mode",
        "measurement",
        ["occasion_id", "mode", "superseded_at", "voided_at"],
        sqlite_where=standing,
        postgresql_where=standing,
    )


def downgrade() -> None:
    """Take the tables back."""
    op.drop_index("ix_measurement_occasion_mode", table_name="measurement")
    with op.batch_alter_table("outcome_schedule", schema=None) as batch_op:
        batch_op.drop_column("moves_since")
