"""when those who have a place were asked whether they can move, because there are fewer places than are taken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("pool", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take the tables back to the revision before."""
    with op.batch_alter_table("pool", schema=None) as batch_op:
        batch_op.drop_column("asked_at")
