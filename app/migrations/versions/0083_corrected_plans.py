"""goals and talks of a learning plan that were put right, with what stood there before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None

TABLES = ("plan_goal", "plan_review")


def upgrade() -> None:
    """Bring the tables to this revision."""
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("replaces_id", sa.Uuid(), nullable=True))
            batch_op.add_column(sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_{table}_replaces_id_{table}"), table, ["replaces_id"], ["id"])
            batch_op.create_index(f"uq_{table}_replaces_id", ["replaces_id"], unique=True)


def downgrade() -> None:
    """Take the tables back to the revision before."""
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(f"uq_{table}_replaces_id")
            batch_op.drop_constraint(op.f(f"fk_{table}_replaces_id_{table}"), type_="foreignkey")
            batch_op.drop_column("replaced_at")
            batch_op.drop_column("replaces_id")
