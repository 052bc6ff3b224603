"""signposts of people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("signpost", schema=None) as batch_op:
        batch_op.add_column(sa.Column("person_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("declined", sa.Text(), nullable=True))
        batch_op.create_index(batch_op.f("ix_signpost_person_id"), ["person_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_signpost_person_id_person"), "person", ["person_id"], ["id"])


def downgrade() -> None:
    """Take the tables back to the revision before."""
    with op.batch_alter_table("signpost", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_signpost_person_id_person"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_signpost_person_id"))
        batch_op.drop_column("declined")
        batch_op.drop_column("person_id")
