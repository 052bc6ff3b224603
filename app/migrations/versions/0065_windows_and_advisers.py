"""drafts and amounts know their version, and a contact the form that it was logged with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0060"
branch_labels = None
depends_on = None

COUNTED = ("advice_draft", "advice_money_outcome")
NAMED = ("advice_draft", "advice_contact")


def upgrade() -> None:
    """Bring the tables to this revision."""
    for table in COUNTED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("version", server_default=None)
    for table in NAMED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("form_key", sa.Uuid(), nullable=True))
    op.create_index("uq_advice_contact_form_key", "advice_contact", ["form_key"], unique=True)
    op.create_index("ix_advice_draft_user_id_form_key", "advice_draft", ["user_id", "form_key"], unique=False)


def downgrade() -> None:
    """Take the tables back to the revision before."""
    op.drop_index("ix_advice_draft_user_id_form_key", table_name="advice_draft")
    op.drop_index("uq_advice_contact_form_key", table_name="advice_contact")
    for table in NAMED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("form_key")
    for table in COUNTED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("version")
