"""what a merge carried."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("service_redirect", schema=None) as batch_op:
        batch_op.add_column(sa.Column("carried", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Take the tables back to the revision before."""
    with op.batch_alter_table("service_redirect", schema=None) as batch_op:
        batch_op.drop_column("carried")
