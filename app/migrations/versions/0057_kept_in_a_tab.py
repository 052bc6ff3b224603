"""Drafts that were typed without network; who opened the pages of benefit rates, and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("advice_draft") as batch:
        batch.add_column(sa.Column("kept_as", sa.Uuid(), nullable=True))
        batch.create_unique_constraint(op.f("uq_advice_draft_user_id_kept_as"), ["user_id", "kept_as"])
    op.create_table(
        "advice_rates_check",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["member_organization.id"],
            name=op.f("fk_advice_rates_check_organization_id_member_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_advice_rates_check_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_rates_check")),
    )
    op.create_index(
        "ix_advice_rates_check_organization_id_checked_on", "advice_rates_check", ["organization_id", "checked_on"]
    )


def downgrade() -> None:
    """Take the tables back to the revision before."""
    op.drop_index("ix_advice_rates_check_organization_id_checked_on", table_name="advice_rates_check")
    op.drop_table("advice_rates_check")
    with op.batch_alter_table("advice_draft") as batch:
        batch.drop_constraint(op.f("uq_advice_draft_user_id_kept_as"), type_="unique")
        batch.drop_column("kept_as")
