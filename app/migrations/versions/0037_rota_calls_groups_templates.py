"""The rota, calls, group sessions and templates of advice, and indexes for lists of many contacts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

ORGANIZATION = "ix_advice_contact_organization_id_happened_on"
ADVISER = "ix_advice_contact_adviser_id_happened_on"
ISSUE = "ix_advice_issue_code"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "advice_group_session",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("adviser_id", sa.Uuid(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("issue", sa.Text(), nullable=False),
        sa.Column("came", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("place_name", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("came >= 0", name=op.f("ck_advice_group_session_came")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_advice_group_session_minutes")),
        sa.ForeignKeyConstraint(
            ["adviser_id"], ["user_account.id"], name=op.f("fk_advice_group_session_adviser_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["member_organization.id"],
            name=op.f("fk_advice_group_session_organization_id_member_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_group_session")),
    )
    with op.batch_alter_table("advice_group_session", schema=None) as batch_op:
        batch_op.create_index(
            "ix_advice_group_session_organization_id_happened_on", ["organization_id", "happened_on"], unique=False
        )

    op.create_table(
        "advice_template",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("issues", sa.JSON(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("step_by", sa.Text(), nullable=False),
        sa.Column("step_days", sa.Integer(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("step_days IS NULL OR step_days >= 0", name=op.f("ck_advice_template_step_days")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["member_organization.id"],
            name=op.f("fk_advice_template_organization_id_member_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_template")),
    )
    with op.batch_alter_table("advice_template", schema=None) as batch_op:
        batch_op.create_index("ix_advice_template_organization_id_name", ["organization_id", "name"], unique=False)

    op.create_table(
        "advice_duty",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("adviser_id", sa.Uuid(), nullable=False),
        sa.Column("cover_wanted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("swap_for_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "swap_for_id IS NULL OR cover_wanted_at IS NOT NULL", name=op.f("ck_advice_duty_swap_wants_cover")
        ),
        sa.ForeignKeyConstraint(
            ["adviser_id"], ["user_account.id"], name=op.f("fk_advice_duty_adviser_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["member_organization.id"],
            name=op.f("fk_advice_duty_organization_id_member_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["advice_session.id"], name=op.f("fk_advice_duty_session_id_advice_session")
        ),
        sa.ForeignKeyConstraint(
            ["swap_for_id"],
            ["advice_duty.id"],
            name=op.f("fk_advice_duty_swap_for_id_advice_duty"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_duty")),
        sa.UniqueConstraint("session_id", "adviser_id", name=op.f("uq_advice_duty_session_id_adviser_id")),
    )
    with op.batch_alter_table("advice_duty", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_advice_duty_adviser_id"), ["adviser_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_advice_duty_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_advice_duty_swap_for_id"), ["swap_for_id"], unique=False)

    op.create_table(
        "advice_call",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("adviser_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_advice_call_minutes")),
        sa.ForeignKeyConstraint(
            ["adviser_id"], ["user_account.id"], name=op.f("fk_advice_call_adviser_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["advice_contact.id"], name=op.f("fk_advice_call_contact_id_advice_contact")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["member_organization.id"],
            name=op.f("fk_advice_call_organization_id_member_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["advice_session.id"], name=op.f("fk_advice_call_session_id_advice_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_call")),
    )
    with op.batch_alter_table("advice_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_advice_call_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_advice_call_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index("ix_advice_call_session_id_at", ["session_id", "at"], unique=False)
    _replace_indexes(
        (ORGANIZATION, ["organization_id", "happened_on", "id"], True),
        (ADVISER, ["adviser_id", "organization_id", "happened_on", "replaced_at", "id"], False),
    )
    op.drop_index(ISSUE, table_name="advice_issue")
    op.create_index(f"{ISSUE}_contact_id", "advice_issue", ["code", "contact_id"])


def _replace_indexes(*wanted: tuple[str, list[str], bool]) -> None:
    where = sa.text("replaced_at IS NULL")
    for name, columns, only_counted in wanted:
        op.drop_index(name, table_name="advice_contact")
        partly = {"sqlite_where": where, "postgresql_where": where} if only_counted else {}
        op.create_index(name, "advice_contact", columns, **partly)


def downgrade() -> None:
    """Take the tables back to the revision before."""
    op.drop_index(f"{ISSUE}_contact_id", table_name="advice_issue")
    op.create_index(ISSUE, "advice_issue", ["code"])
    _replace_indexes(
        (ORGANIZATION, ["organization_id", "happened_on", "id"], False),
        (ADVISER, ["adviser_id", "happened_on"], False),
    )
    for table in ("advice_template", "advice_group_session", "advice_call", "advice_duty"):
        op.drop_table(table)
