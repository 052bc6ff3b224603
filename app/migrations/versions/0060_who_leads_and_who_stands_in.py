"""who leads a session, who cannot come, and who stands in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("session_facilitator", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.Text(), nullable=False, server_default="comes"))
        batch_op.add_column(sa.Column("covers_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_session_facilitator_covers_id"), ["covers_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_session_facilitator_covers_id_facilitator"), "facilitator", ["covers_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_session_facilitator_state"), "state IN ('comes', 'asked', 'cannot_come')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_session_facilitator_covers_another"), "covers_id IS NULL OR covers_id <> facilitator_id"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_session_facilitator_asked_to_cover"), "state <> 'asked' OR covers_id IS NOT NULL"
        )
    with op.batch_alter_table("session_facilitator", schema=None) as batch_op:
        batch_op.alter_column("state", server_default=None)


def downgrade() -> None:
    """Take the tables back to the revision before."""
    with op.batch_alter_table("session_facilitator", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_session_facilitator_asked_to_cover"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_session_facilitator_covers_another"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_session_facilitator_state"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_session_facilitator_covers_id_facilitator"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_session_facilitator_covers_id"))
        batch_op.drop_column("covers_id")
        batch_op.drop_column("state")
