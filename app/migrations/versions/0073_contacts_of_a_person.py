"""the contacts of a person are found without reading all of the organisation's."""

from __future__ import annotations

from alembic import op

revision = "0073"
down_revision = "0068"
branch_labels = None
depends_on = None

COLUMNS = ["person_id", "organization_id", "happened_on", "id"]


def upgrade() -> None:
    """Bring the indexes to this revision."""
    with op.batch_alter_table("advice_contact", schema=None) as batch_op:
        batch_op.drop_index("ix_advice_contact_person_id")
        batch_op.create_index("ix_advice_contact_person_id_happened_on", COLUMNS)


def downgrade() -> None:
    """Take the indexes back to the revision before."""
    with op.batch_alter_table("advice_contact", schema=None) as batch_op:
        batch_op.drop_index("ix_advice_contact_person_id_happened_on")
        batch_op.create_index("ix_advice_contact_person_id", ["person_id"])
