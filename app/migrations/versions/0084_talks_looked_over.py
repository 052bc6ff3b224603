"""when a manager looked over a talk in a learning plan whose writer has left, and found nothing wrong."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("plan_review", schema=None) as batch_op:
        batch_op.add_column(sa.Column("looked_over_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take the tables back to the revision before."""
    with op.batch_alter_table("plan_review", schema=None) as batch_op:
        batch_op.drop_column("looked_over_at")
