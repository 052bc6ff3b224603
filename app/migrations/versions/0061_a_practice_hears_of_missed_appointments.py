"""a practice hears of missed appointments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0065"
branch_labels = None
depends_on = None

BEFORE = "uq_referral_telling_referral_id_recipient_number"
AFTER = "uq_referral_telling_referral_id_recipient_occasion_number"


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("referral_telling", schema=None) as batch_op:
        batch_op.add_column(sa.Column("occasion", sa.Text(), server_default="end", nullable=False))
        batch_op.drop_constraint(BEFORE, type_="unique")
        batch_op.create_unique_constraint(AFTER, ["referral_id", "recipient", "occasion", "number"])


def downgrade() -> None:
    """Take the tables back to the revision before; of missed appointments nothing was told then."""
    op.execute("DELETE FROM referral_telling WHERE occasion = 'missed'")
    with op.batch_alter_table("referral_telling", schema=None) as batch_op:
        batch_op.drop_constraint(AFTER, type_="unique")
        batch_op.create_unique_constraint(BEFORE, ["referral_id", "recipient", "number"])
        batch_op.drop_column("occasion")
