"""contacts of one issue are counted without looking at the contacts themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0069"
branch_labels = None
depends_on = None

NAME = "ix_advice_contact_id_organization_id"
IS_COUNTED = sa.text("replaced_at IS NULL")


def upgrade() -> None:
    """Bring the indexes to this revision."""
    with op.batch_alter_table("advice_contact", schema=None) as batch_op:
        batch_op.create_index(NAME, ["id", "organization_id"], sqlite_where=IS_COUNTED, postgresql_where=IS_COUNTED)


def downgrade() -> None:
    """Take the indexes back to the revision before."""
    with op.batch_alter_table("advice_contact", schema=None) as batch_op:
        batch_op.drop_index(NAME)
