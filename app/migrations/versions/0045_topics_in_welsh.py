"""topics in welsh."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("taxonomy_term", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name_cy", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("description_cy", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Take the tables back to the revision before."""
    with op.batch_alter_table("taxonomy_term", schema=None) as batch_op:
        batch_op.drop_column("description_cy")
        batch_op.drop_column("name_cy")
