"""listing imports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "listing_import",
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'waiting') = (content IS NOT NULL)", name=op.f("ck_listing_import_content_while_waiting")
        ),
        sa.CheckConstraint("state = 'waiting' OR decided_at IS NOT NULL", name=op.f("ck_listing_import_decided")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_listing_import_decided_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_listing_import_made_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_import")),
    )
    with op.batch_alter_table("listing_import", schema=None) as batch_op:
        batch_op.create_index("ix_listing_import_created_at", ["created_at"], unique=False)


def downgrade() -> None:
    """Take the tables back to the revision before."""
    with op.batch_alter_table("listing_import", schema=None) as batch_op:
        batch_op.drop_index("ix_listing_import_created_at")

    op.drop_table("listing_import")
