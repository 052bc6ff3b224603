"""Letters of cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "advice_letter",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["advice_case.id"], name=op.f("fk_advice_letter_case_id_advice_case")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_advice_letter_made_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["member_organization.id"],
            name=op.f("fk_advice_letter_organization_id_member_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_letter")),
    )
    op.create_index(op.f("ix_advice_letter_organization_id"), "advice_letter", ["organization_id"])
    op.create_index(op.f("ix_advice_letter_case_id"), "advice_letter", ["case_id"])


def downgrade() -> None:
    """Take the tables back to the revision before."""
    op.drop_table("advice_letter")
