"""contacts of appointments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("advice_appointment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("led_to_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_advice_appointment_led_to_id"), ["led_to_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_advice_appointment_led_to_id_advice_contact"), "advice_contact", ["led_to_id"], ["id"]
        )


def downgrade() -> None:
    """Take the tables back to the revision before."""
    with op.batch_alter_table("advice_appointment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_advice_appointment_led_to_id_advice_contact"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_advice_appointment_led_to_id"))
        batch_op.drop_column("led_to_id")
