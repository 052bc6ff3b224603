"""outcome points."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session

from app.outcomes.operations.points import rebuild

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision; the points of what was answered are worked out."""
    op.create_table(
        "outcome_point",
        sa.Column("measurement_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("change", sa.Numeric(precision=10, scale=4), nullable=True),
        sa.Column("band", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["measurement_id"], ["measurement.id"], name=op.f("fk_outcome_point_measurement_id_measurement")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["member_organization.id"],
            name=op.f("fk_outcome_point_organization_id_member_organization"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outcome_point_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_point")),
        sa.UniqueConstraint("measurement_id", "key", name=op.f("uq_outcome_point_measurement_id_key")),
    )
    with op.batch_alter_table("outcome_point", schema=None) as batch_op:
        batch_op.create_index("ix_outcome_point_person_id", ["person_id", "organization_id", "measure"], unique=False)
        batch_op.create_index(
            "ix_outcome_point_service",
            ["organization_id", "measure", "key", "answered_on", "next_on", "change", "band", "person_id"],
            unique=False,
        )
    with op.batch_alter_table("outcome_invitation", schema=None) as batch_op:
        batch_op.drop_index("ix_outcome_invitation_occasion_id")
        batch_op.create_index(
            "ix_outcome_invitation_occasion_id", ["occasion_id", "number", "channel", "opened_at"], unique=False
        )
    rebuild(Session(op.get_bind()))


def downgrade() -> None:
    """Take the tables back to the revision before."""
    with op.batch_alter_table("outcome_invitation", schema=None) as batch_op:
        batch_op.drop_index("ix_outcome_invitation_occasion_id")
        batch_op.create_index("ix_outcome_invitation_occasion_id", ["occasion_id"], unique=False)
    op.drop_table("outcome_point")
