"""how the word back went to a practice without an account."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("referral_telling", schema=None) as batch_op:
        batch_op.add_column(sa.Column("way", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take the tables back to the revision before."""
    with op.batch_alter_table("referral_telling", schema=None) as batch_op:
        batch_op.drop_column("way")
