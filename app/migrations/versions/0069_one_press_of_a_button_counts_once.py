"""one press of a button counts once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision: which press of a button a referral was last changed by."""
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_press", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Take the tables back to the revision before."""
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.drop_column("last_press")
