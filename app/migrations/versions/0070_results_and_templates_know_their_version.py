"""results, decisions about conflicts, templates and group sessions know their version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0062"
branch_labels = None
depends_on = None

COUNTED = (
    ("advice_result", "version"),
    ("advice_case", "conflict_version"),
    ("advice_template", "version"),
    ("advice_letter_template", "version"),
    ("advice_group_session", "version"),
)


def upgrade() -> None:
    """Bring the tables to this revision."""
    for table, column in COUNTED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=False, server_default="1"))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, server_default=None)


def downgrade() -> None:
    """Take the tables back to the revision before."""
    for table, column in COUNTED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
