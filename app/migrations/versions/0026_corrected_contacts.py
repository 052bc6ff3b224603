"""Corrected contacts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


FOREIGN_KEY = "fk_advice_contact_replaces_id_advice_contact"
# SQLite adds a column with its reference in one go, without making the table anew.
SQLITE_COLUMN = f"""
ALTER TABLE advice_contact
ADD COLUMN replaces_id CHAR(32) CONSTRAINT {FOREIGN_KEY} REFERENCES advice_contact (id)
"""


def upgrade() -> None:
    """Bring the tables to this revision."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(SQLITE_COLUMN)
    else:
        replaces = sa.ForeignKey("advice_contact.id", name=op.f(FOREIGN_KEY))
        op.add_column("advice_contact", sa.Column("replaces_id", sa.Uuid(), replaces, nullable=True))
    op.add_column("advice_contact", sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("uq_advice_contact_replaces_id", "advice_contact", ["replaces_id"], unique=True)


def downgrade() -> None:
    """Take the tables back to the revision before."""
    op.drop_index("uq_advice_contact_replaces_id", table_name="advice_contact")
    with op.batch_alter_table("advice_contact") as batch_op:
        batch_op.drop_constraint(op.f(FOREIGN_KEY), type_="foreignkey")
        batch_op.drop_column("replaced_at")
        batch_op.drop_column("replaces_id")
