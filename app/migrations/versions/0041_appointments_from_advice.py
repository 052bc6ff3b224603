"""Times that an adviser offers, appointments in them, and what is booked without a listing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "advice_appointment_time",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("adviser_id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["adviser_id"], ["user_account.id"], name=op.f("fk_advice_appointment_time_adviser_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["member_organization.id"],
            name=op.f("fk_advice_appointment_time_organization_id_member_organization"),
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_advice_appointment_time_pool_id_pool")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["bookable_session.id"], name=op.f("fk_advice_appointment_time_session_id_bookable_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_appointment_time")),
        sa.UniqueConstraint("pool_id", name=op.f("uq_advice_appointment_time_pool_id")),
        sa.UniqueConstraint("session_id", name=op.f("uq_advice_appointment_time_session_id")),
    )
    with op.batch_alter_table("advice_appointment_time", schema=None) as batch_op:
        batch_op.create_index("ix_advice_appointment_time_adviser_id", ["adviser_id"], unique=False)
        batch_op.create_index("ix_advice_appointment_time_organization_id", ["organization_id"], unique=False)

    op.create_table(
        "advice_appointment",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("time_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_advice_appointment_booking_id_booking")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["advice_case.id"], name=op.f("fk_advice_appointment_case_id_advice_case")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["advice_contact.id"], name=op.f("fk_advice_appointment_contact_id_advice_contact")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["member_organization.id"],
            name=op.f("fk_advice_appointment_organization_id_member_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["time_id"],
            ["advice_appointment_time.id"],
            name=op.f("fk_advice_appointment_time_id_advice_appointment_time"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_appointment")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_advice_appointment_booking_id")),
    )
    with op.batch_alter_table("advice_appointment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_advice_appointment_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_advice_appointment_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_advice_appointment_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_advice_appointment_time_id"), ["time_id"], unique=False)

    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.add_column(sa.Column("title", sa.Text(), nullable=False, server_default=""))
        batch_op.alter_column("service_id", existing_type=sa.Uuid(), nullable=True)
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.alter_column("title", existing_type=sa.Text(), existing_nullable=False, server_default=None)
        batch_op.create_check_constraint(op.f("ck_course_listed_or_titled"), "(service_id IS NULL) = (title <> '')")
        batch_op.create_index(
            "uq_course_unlisted",
            ["organization_id", "title"],
            unique=True,
            sqlite_where=sa.text("service_id IS NULL"),
            postgresql_where=sa.text("service_id IS NULL"),
        )


def downgrade() -> None:
    """Take the tables back to the revision before."""
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_course_unlisted",
            sqlite_where=sa.text("service_id IS NULL"),
            postgresql_where=sa.text("service_id IS NULL"),
        )
        batch_op.drop_constraint(op.f("ck_course_listed_or_titled"), type_="check")
        batch_op.alter_column("service_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.drop_column("title")

    with op.batch_alter_table("advice_appointment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_advice_appointment_time_id"))
        batch_op.drop_index(batch_op.f("ix_advice_appointment_organization_id"))
        batch_op.drop_index(batch_op.f("ix_advice_appointment_contact_id"))
        batch_op.drop_index(batch_op.f("ix_advice_appointment_case_id"))

    op.drop_table("advice_appointment")
    with op.batch_alter_table("advice_appointment_time", schema=None) as batch_op:
        batch_op.drop_index("ix_advice_appointment_time_organization_id")
        batch_op.drop_index("ix_advice_appointment_time_adviser_id")

    op.drop_table("advice_appointment_time")
