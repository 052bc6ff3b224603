"""Documents of cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    waits = sa.text("scan = 'waiting'")
    op.create_table(
        "advice_document",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("stored_as", sa.Text(), nullable=False),
        sa.Column("scan", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_advice_document_size")),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["user_account.id"], name=op.f("fk_advice_document_added_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["advice_case.id"], name=op.f("fk_advice_document_case_id_advice_case")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["member_organization.id"],
            name=op.f("fk_advice_document_organization_id_member_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_document")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_advice_document_case_id_number")),
        sa.UniqueConstraint("stored_as", name=op.f("uq_advice_document_stored_as")),
    )
    op.create_index("ix_advice_document_waiting", "advice_document", ["created_at"], sqlite_where=waits,
                    postgresql_where=waits)  # fmt: skip
    op.create_index(op.f("ix_advice_document_organization_id"), "advice_document", ["organization_id"])


def downgrade() -> None:
    """Take the tables back to the revision before."""
    op.drop_table("advice_document")
