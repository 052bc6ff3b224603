"""sessions of providers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("started_sign_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("provider_session", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("provider_session", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Take the tables back to the revision before."""
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.drop_column("provider_session")

    with op.batch_alter_table("started_sign_in", schema=None) as batch_op:
        batch_op.drop_column("provider_session")
