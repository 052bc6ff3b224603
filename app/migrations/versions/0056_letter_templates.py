"""Templates of letters; a letter has a title, a subject and its own ending."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0049"
branch_labels = None
depends_on = None

TITLES = {"appointment": "Appointment letter", "closing": "Closing letter"}
LETTER = sa.table(
    "advice_letter",
    *(sa.column(name, sa.Text()) for name in ("kind", "title", "body")),
    *(sa.column(name, sa.Uuid()) for name in ("id", "made_by_id", "organization_id")),
)
USER = sa.table("user_account", sa.column("id", sa.Uuid()), sa.column("name", sa.Text()))
ORGANIZATION = sa.table("member_organization", sa.column("id", sa.Uuid()), sa.column("name", sa.Text()))


def upgrade() -> None:
    """Bring the tables to this revision. What was printed below every letter becomes the end of its words."""
    op.create_table(
        "advice_letter_template",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("to_client", sa.Boolean(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["member_organization.id"],
            name=op.f("fk_advice_letter_template_organization_id_member_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_letter_template")),
    )
    op.create_index(
        "ix_advice_letter_template_organization_id_name", "advice_letter_template", ["organization_id", "name"]
    )
    with op.batch_alter_table("advice_letter") as batch:
        batch.add_column(sa.Column("title", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("subject", sa.Text(), nullable=False, server_default=""))
    _end_letters()
    with op.batch_alter_table("advice_letter") as batch:
        batch.alter_column("title", server_default=None, existing_type=sa.Text(), existing_nullable=False)
        batch.alter_column("subject", server_default=None, existing_type=sa.Text(), existing_nullable=False)
        batch.drop_column("kind")


def _end_letters() -> None:
    wanted = (
        sa.select(LETTER.c.id, LETTER.c.kind, LETTER.c.body, USER.c.name, ORGANIZATION.c.name)
        .join_from(LETTER, USER, USER.c.id == LETTER.c.made_by_id)
        .join(ORGANIZATION, ORGANIZATION.c.id == LETTER.c.organization_id)
        .order_by(LETTER.c.id)
    )
    connection = op.get_bind()
    for id_, kind, body, writer, organization in connection.execute(wanted).all():
        ended = f"{body}\n\nYours sincerely,\n\n\n{writer}\n{organization}"
        told = {"title": TITLES.get(kind, kind), "body": ended}
        connection.execute(sa.update(LETTER).where(LETTER.c.id == id_).values(**told))


def downgrade() -> None:
    """Take the tables back to the revision before. The letters keep the end that they have."""
    with op.batch_alter_table("advice_letter") as batch:
        batch.add_column(sa.Column("kind", sa.Text(), nullable=False, server_default="closing"))
        batch.drop_column("subject")
        batch.drop_column("title")
    with op.batch_alter_table("advice_letter") as batch:
        batch.alter_column("kind", server_default=None, existing_type=sa.Text(), existing_nullable=False)
    op.drop_index("ix_advice_letter_template_organization_id_name", table_name="advice_letter_template")
    op.drop_table("advice_letter_template")
