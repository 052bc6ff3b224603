"""a link to join that is of one date only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("bookable_session", sa.Column("join_link", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take the tables back to the revision before."""
    with op.batch_alter_table("bookable_session", schema=None) as batch_op:
        batch_op.drop_column("join_link")
