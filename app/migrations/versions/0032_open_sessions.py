"""Open sessions and their queues."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


FOREIGN_KEY = "fk_advice_contact_session_id_advice_session"
# SQLite adds a column with its reference in one go, without making the table anew.
SQLITE_COLUMN = f"""
ALTER TABLE advice_contact
ADD COLUMN session_id CHAR(32) CONSTRAINT {FOREIGN_KEY} REFERENCES advice_session (id)
"""


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "advice_session",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("place_name", sa.Text(), nullable=False),
        sa.Column("place_ods_code", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("advisers_needed", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("advisers_needed > 0", name=op.f("ck_advice_session_needs_somebody")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_advice_session_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["member_organization.id"],
            name=op.f("fk_advice_session_organization_id_member_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_session")),
    )
    with op.batch_alter_table("advice_session", schema=None) as batch_op:
        batch_op.create_index("ix_advice_session_ends_at", ["ends_at"], unique=False)
        batch_op.create_index(
            "ix_advice_session_organization_id_starts_at", ["organization_id", "starts_at"], unique=False
        )

    op.create_table(
        "advice_queue_entry",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("called_as", sa.Text(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("wiped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state IN ('waiting', 'called')) = (ended_at IS NULL)", name=op.f("ck_advice_queue_entry_ended")
        ),
        sa.CheckConstraint("state <> 'waiting' OR called_at IS NULL", name=op.f("ck_advice_queue_entry_waits")),
        sa.CheckConstraint(
            "state NOT IN ('called', 'seen') OR called_at IS NOT NULL", name=op.f("ck_advice_queue_entry_was_called")
        ),
        sa.CheckConstraint(
            "(called_at IS NULL) = (called_by_id IS NULL)", name=op.f("ck_advice_queue_entry_called_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["called_by_id"], ["user_account.id"], name=op.f("fk_advice_queue_entry_called_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["advice_contact.id"], name=op.f("fk_advice_queue_entry_contact_id_advice_contact")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["member_organization.id"],
            name=op.f("fk_advice_queue_entry_organization_id_member_organization"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_advice_queue_entry_person_id_person")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["advice_session.id"], name=op.f("fk_advice_queue_entry_session_id_advice_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_queue_entry")),
        sa.UniqueConstraint("session_id", "number", name=op.f("uq_advice_queue_entry_session_id_number")),
    )
    with op.batch_alter_table("advice_queue_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_advice_queue_entry_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_advice_queue_entry_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "ix_advice_queue_entry_words",
            ["session_id"],
            unique=False,
            sqlite_where=sa.text("wiped_at IS NULL"),
            postgresql_where=sa.text("wiped_at IS NULL"),
        )
        batch_op.create_index(
            "uq_advice_queue_entry_with_adviser",
            ["called_by_id"],
            unique=True,
            sqlite_where=sa.text("state = 'called'"),
            postgresql_where=sa.text("state = 'called'"),
        )

    if op.get_bind().dialect.name == "sqlite":
        op.execute(SQLITE_COLUMN)
    else:
        of_session = sa.ForeignKey("advice_session.id", name=op.f(FOREIGN_KEY))
        op.add_column("advice_contact", sa.Column("session_id", sa.Uuid(), of_session, nullable=True))
    op.create_index(op.f("ix_advice_contact_session_id"), "advice_contact", ["session_id"])


def downgrade() -> None:
    """Take the tables back to the revision before."""
    op.drop_index(op.f("ix_advice_contact_session_id"), table_name="advice_contact")
    with op.batch_alter_table("advice_contact") as batch_op:
        batch_op.drop_constraint(op.f(FOREIGN_KEY), type_="foreignkey")
        batch_op.drop_column("session_id")
    op.drop_table("advice_queue_entry")
    op.drop_table("advice_session")
