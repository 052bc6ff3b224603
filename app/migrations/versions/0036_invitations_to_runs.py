"""invitations to runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""

    op.create_table(
        "run_invitation",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("most_people", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_run_invitation_digest")),
        sa.CheckConstraint("most_people BETWEEN 1 AND 200", name=op.f("ck_run_invitation_most_people")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_run_invitation_made_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_invitation_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_invitation")),
        sa.UniqueConstraint("digest", name=op.f("uq_run_invitation_digest")),
    )
    with op.batch_alter_table("run_invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_run_invitation_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_run_invitation_run_id"), ["run_id"], unique=False)

    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.add_column(sa.Column("run_invitation_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_booking_run_invitation_id"), ["run_invitation_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_booking_run_invitation_id_run_invitation"), "run_invitation", ["run_invitation_id"], ["id"]
        )


def downgrade() -> None:
    """Take the tables back to the revision before."""

    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_booking_run_invitation_id_run_invitation"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_booking_run_invitation_id"))
        batch_op.drop_column("run_invitation_id")

    with op.batch_alter_table("run_invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_run_invitation_run_id"))
        batch_op.drop_index(batch_op.f("ix_run_invitation_expires_at"))

    op.drop_table("run_invitation")
