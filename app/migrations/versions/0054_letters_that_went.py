"""letters to the person that went, and when carers were asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "referral_letter_sent",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("is_closing", sa.Boolean(), nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_letter_sent_referral_id_referral")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["user_account.id"], name=op.f("fk_referral_letter_sent_sent_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_letter_sent")),
    )
    with op.batch_alter_table("referral_letter_sent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_letter_sent_referral_id"), ["referral_id"], unique=False)
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.add_column(sa.Column("carers_asked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take the tables back to the revision before."""
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.drop_column("carers_asked_at")
    op.drop_table("referral_letter_sent")
