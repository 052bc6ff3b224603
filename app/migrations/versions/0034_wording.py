"""topics and phrases as staff word them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "wording_version",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("is_latest", sa.Boolean(), nullable=False),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_wording_version_number")),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["user_account.id"], name=op.f("fk_wording_version_published_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_version")),
        sa.UniqueConstraint("kind", "key", "number", name=op.f("uq_wording_version_kind_key_number")),
    )
    with op.batch_alter_table("wording_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wording_version_published_by_id"), ["published_by_id"], unique=False)
        batch_op.create_index(
            "uq_wording_version_latest",
            ["kind", "key"],
            unique=True,
            sqlite_where=sa.text("is_latest"),
            postgresql_where=sa.text("is_latest"),
        )

    with op.batch_alter_table("taxonomy_term", schema=None) as batch_op:
        batch_op.add_column(sa.Column("retired", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("heir_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_taxonomy_term_heir_id_taxonomy_term"), "taxonomy_term", ["heir_id"], ["id"]
        )


def downgrade() -> None:
    """Take the tables back to the revision before."""
    with op.batch_alter_table("taxonomy_term", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_taxonomy_term_heir_id_taxonomy_term"), type_="foreignkey")
        batch_op.drop_column("heir_id")
        batch_op.drop_column("retired")

    with op.batch_alter_table("wording_version", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_wording_version_latest", sqlite_where=sa.text("is_latest"), postgresql_where=sa.text("is_latest")
        )
        batch_op.drop_index(batch_op.f("ix_wording_version_published_by_id"))

    op.drop_table("wording_version")
