"""how far people came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0054"
branch_labels = None
depends_on = None

# What was kept until now with messages and forms alone.
FILL = """
UPDATE outcome_occasion SET
  asked_by = (SELECT channel FROM outcome_invitation AS i WHERE i.occasion_id = outcome_occasion.id
              ORDER BY number DESC, created_at DESC, id LIMIT 1),
  opened_at = (SELECT min(opened_at) FROM outcome_invitation AS i WHERE i.occasion_id = outcome_occasion.id),
  by_link = CASE
    WHEN EXISTS (SELECT 1 FROM measurement AS m WHERE m.occasion_id = outcome_occasion.id AND m.mode = 'link'
                 AND m.superseded_at IS NULL AND m.voided_at IS NULL) THEN true
    WHEN EXISTS (SELECT 1 FROM measurement AS m WHERE m.occasion_id = outcome_occasion.id
                 AND m.superseded_at IS NULL AND m.voided_at IS NULL) THEN false END
"""
INDEXED = (
    "organization_id", "due_on", "state", "lead_id", "id", "last_message_no", "asked_by", "opened_at", "by_link",
    "close_reason",
)  # fmt: skip


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("outcome_occasion", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_by", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("by_link", sa.Boolean(), nullable=True))
    op.execute(FILL)
    op.create_index("ix_outcome_occasion_board", "outcome_occasion", list(INDEXED))


def downgrade() -> None:
    """Take the tables back to the revision before."""
    op.drop_index("ix_outcome_occasion_board", "outcome_occasion")
    with op.batch_alter_table("outcome_occasion", schema=None) as batch_op:
        for name in ("by_link", "opened_at", "asked_by"):
            batch_op.drop_column(name)
