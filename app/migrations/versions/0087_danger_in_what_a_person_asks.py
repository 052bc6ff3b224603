"""What a person asks of their record may speak of danger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("person_request") as batch_op:
        batch_op.add_column(sa.Column("speaks_of_danger", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Take the tables back to the revision before this one."""
    with op.batch_alter_table("person_request") as batch_op:
        batch_op.drop_column("speaks_of_danger")
