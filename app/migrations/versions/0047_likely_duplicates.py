"""likely duplicates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "likely_duplicate",
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("shared", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_likely_duplicate_order")),
        sa.ForeignKeyConstraint(
            ["first_id"], ["service.id"], name=op.f("fk_likely_duplicate_first_id_service"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["service.id"], name=op.f("fk_likely_duplicate_second_id_service"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_likely_duplicate")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_likely_duplicate_first_id_second_id")),
    )
    with op.batch_alter_table("likely_duplicate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_likely_duplicate_second_id"), ["second_id"], unique=False)


def downgrade() -> None:
    """Take the tables back to the revision before."""
    op.drop_table("likely_duplicate")
