"""outcome schedules."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""

    op.create_table(
        "outcome_schedule",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_outcome_schedule_made_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["member_organization.id"],
            name=op.f("fk_outcome_schedule_organization_id_member_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_schedule")),
        sa.UniqueConstraint(
            "organization_id", "template", "version", name=op.f("uq_outcome_schedule_organization_id_template_version")
        ),
    )
    with op.batch_alter_table("outcome_occasion", schema=None) as batch_op:
        batch_op.add_column(sa.Column("call_on", sa.Date(), nullable=True))

    with op.batch_alter_table("outcome_plan", schema=None) as batch_op:
        batch_op.add_column(sa.Column("schedule", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    """Take the tables back to the revision before."""

    with op.batch_alter_table("outcome_plan", schema=None) as batch_op:
        batch_op.drop_column("schedule")

    with op.batch_alter_table("outcome_occasion", schema=None) as batch_op:
        batch_op.drop_column("call_on")

    op.drop_table("outcome_schedule")
