"""who ended a follow-up, and that one was taken up again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0080"
branch_labels = None
depends_on = None

WHO = (("outcome_plan", "ended_by_id"), ("outcome_occasion", "closed_by_id"))


def upgrade() -> None:
    """Bring the tables to this revision."""
    for table, column in WHO:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column(column, sa.Uuid(), nullable=True))
            batch_op.create_foreign_key(
                batch_op.f(f"fk_{table}_{column}_user_account"), "user_account", [column], ["id"]
            )
    op.create_table(
        "outcome_reopening",
        sa.Column("occasion_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reopened_by_id", sa.Uuid(), nullable=True),
        sa.Column("close_reason", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["user_account.id"], name=op.f("fk_outcome_reopening_closed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["occasion_id"], ["outcome_occasion.id"], name=op.f("fk_outcome_reopening_occasion_id_outcome_occasion")
        ),
        sa.ForeignKeyConstraint(
            ["reopened_by_id"], ["user_account.id"], name=op.f("fk_outcome_reopening_reopened_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_reopening")),
    )
    op.create_index(op.f("ix_outcome_reopening_occasion_id"), "outcome_reopening", ["occasion_id"], unique=False)


def downgrade() -> None:
    """Take the tables back to the revision before."""
    op.drop_index(op.f("ix_outcome_reopening_occasion_id"), table_name="outcome_reopening")
    op.drop_table("outcome_reopening")
    for table, column in WHO:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"fk_{table}_{column}_user_account"), type_="foreignkey")
            batch_op.drop_column(column)
