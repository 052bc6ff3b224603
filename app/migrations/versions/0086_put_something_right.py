"""A person asks that something in their record be put right, in their own words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("person_request") as batch_op:
        batch_op.add_column(sa.Column("wish", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Take the tables back to the revision before this one."""
    with op.batch_alter_table("person_request") as batch_op:
        batch_op.drop_column("wish")
