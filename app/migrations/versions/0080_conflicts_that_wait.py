"""possible conflicts of interest that wait for a supervisor are counted from an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0067"
branch_labels = None
depends_on = None

NAME = "ix_advice_case_undecided"
UNDECIDED = sa.text("conflict = 'possible'")


def upgrade() -> None:
    """Bring the indexes to this revision."""
    with op.batch_alter_table("advice_case", schema=None) as batch_op:
        batch_op.create_index(NAME, ["organization_id"], sqlite_where=UNDECIDED, postgresql_where=UNDECIDED)


def downgrade() -> None:
    """Take the indexes back to the revision before."""
    with op.batch_alter_table("advice_case", schema=None) as batch_op:
        batch_op.drop_index(NAME)
