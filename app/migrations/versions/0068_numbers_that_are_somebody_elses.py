"""numbers and addresses that are somebody else's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision: since when a number or an address of a record is known to be wrong."""
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mobile_wrong_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("email_wrong_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take the tables back to the revision before."""
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("email_wrong_since")
        batch_op.drop_column("mobile_wrong_since")
