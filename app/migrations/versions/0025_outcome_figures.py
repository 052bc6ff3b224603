"""outcome figures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.core.orm

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("outcome_invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("opened_at", app.core.orm.UtcDateTime(timezone=True), nullable=True))
    with op.batch_alter_table("measurement", schema=None) as batch_op:
        batch_op.drop_index("ix_measurement_service")
        batch_op.create_index("ix_measurement_service", ["organization_id", "answered_on", "measure"], unique=False)


def downgrade() -> None:
    """Take the tables back to the revision before."""
    with op.batch_alter_table("measurement", schema=None) as batch_op:
        batch_op.drop_index("ix_measurement_service")
        batch_op.create_index("ix_measurement_service", ["organization_id", "measure", "answered_on"], unique=False)
    with op.batch_alter_table("outcome_invitation", schema=None) as batch_op:
        batch_op.drop_column("opened_at")
