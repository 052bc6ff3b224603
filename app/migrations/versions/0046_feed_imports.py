"""feed imports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "feed_import",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_import")),
    )
    with op.batch_alter_table("feed_import", schema=None) as batch_op:
        batch_op.create_index("ix_feed_import_finished_at", ["finished_at"], unique=False)


def downgrade() -> None:
    """Take the tables back to the revision before."""
    op.drop_table("feed_import")
