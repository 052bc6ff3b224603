"""kept places."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

KEPT = sa.text("kept_pool_id IS NOT NULL")


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("pool", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kept_for", sa.Text(), nullable=True))
        batch_op.drop_index(batch_op.f("ix_pool_parent_id"))
        batch_op.create_unique_constraint(batch_op.f("uq_pool_parent_id_kept_for"), ["parent_id", "kept_for"])
        batch_op.create_check_constraint(
            batch_op.f("ck_pool_reserved_for"), "(kind = 'reserved') = (kept_for IS NOT NULL)"
        )
        batch_op.create_check_constraint(batch_op.f("ck_pool_released"), "kind <> 'reserved' OR release_on IS NOT NULL")
        batch_op.create_check_constraint(
            batch_op.f("ck_pool_kept_for"), "kept_for IS NULL OR kept_for IN ('carers', 'referred')"
        )

    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kept_pool_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("carer", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_index(
            "ix_booking_kept_pool_id", ["kept_pool_id"], unique=False, sqlite_where=KEPT, postgresql_where=KEPT
        )
        batch_op.create_foreign_key(batch_op.f("fk_booking_kept_pool_id_pool"), "pool", ["kept_pool_id"], ["id"])


def downgrade() -> None:
    """Take the tables back to the revision before."""
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_booking_kept_pool_id_pool"), type_="foreignkey")
        batch_op.drop_index("ix_booking_kept_pool_id", sqlite_where=KEPT, postgresql_where=KEPT)
        batch_op.drop_column("carer")
        batch_op.drop_column("kept_pool_id")

    with op.batch_alter_table("pool", schema=None) as batch_op:
        for name in ("ck_pool_kept_for", "ck_pool_released", "ck_pool_reserved_for"):
            batch_op.drop_constraint(batch_op.f(name), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_pool_parent_id_kept_for"), type_="unique")
        batch_op.create_index(batch_op.f("ix_pool_parent_id"), ["parent_id"], unique=False)
        batch_op.drop_column("kept_for")
