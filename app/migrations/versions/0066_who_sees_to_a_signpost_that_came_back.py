"""who sees to a signpost that came back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision: whoever gave it sees to it; the worker finds another where they left."""
    with op.batch_alter_table("signpost", schema=None) as batch_op:
        batch_op.add_column(sa.Column("owner_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_signpost_owner_id_user_account"), "user_account", ["owner_id"], ["id"])
        batch_op.create_index(op.f("ix_signpost_owner_id"), ["owner_id"], unique=False)
    signpost = sa.table("signpost", sa.column("owner_id"), sa.column("made_by_id"), sa.column("bounced_at"))
    op.execute(signpost.update().where(signpost.c.bounced_at.is_not(None)).values(owner_id=signpost.c.made_by_id))


def downgrade() -> None:
    """Take the tables back to the revision before."""
    with op.batch_alter_table("signpost", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_signpost_owner_id"))
        batch_op.drop_constraint(op.f("fk_signpost_owner_id_user_account"), type_="foreignkey")
        batch_op.drop_column("owner_id")
