"""bookings of people on record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# What happened to a booking is only ever added to; the words of it can be wiped, and nothing else.
_SAME = " AND ".join(
    f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}"
    for name in 'id created_at booking_id action "before" "after" by_party user_id'.split()
)
SQLITE_GUARD = (
    "DROP TRIGGER booking_event_no_update",
    f"""
CREATE TRIGGER booking_event_no_update BEFORE UPDATE ON booking_event
WHEN NOT (NEW.reason = '' AND {_SAME.replace("IS NOT DISTINCT FROM", "IS")})
BEGIN SELECT RAISE(ABORT, 'booking_event is append-only'); END
""",
)
POSTGRESQL_GUARD = (
    "DROP TRIGGER booking_event_kept ON booking_event",
    f"""
CREATE TRIGGER booking_event_kept BEFORE UPDATE ON booking_event FOR EACH ROW
WHEN (NOT (NEW.reason = '' AND {_SAME})) EXECUTE FUNCTION booking_event_refuse()
""",
    """
CREATE TRIGGER booking_event_whole BEFORE DELETE OR TRUNCATE ON booking_event
FOR EACH STATEMENT EXECUTE FUNCTION booking_event_refuse()
""",
)


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.add_column(sa.Column("booked_by_organization_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("person_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("referral_id", sa.Uuid(), nullable=True))
        batch_op.create_index("ix_booking_person_id", ["person_id", "state"], unique=False)
        batch_op.create_index("ix_booking_referral_id", ["referral_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_booking_referral_id_referral"), "referral", ["referral_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_booking_booked_by_organization_id_member_organization"),
            "member_organization",
            ["booked_by_organization_id"],
            ["id"],
        )
        batch_op.create_foreign_key(batch_op.f("fk_booking_person_id_person"), "person", ["person_id"], ["id"])
    for statement in POSTGRESQL_GUARD if op.get_bind().dialect.name == "postgresql" else SQLITE_GUARD:
        op.execute(statement)


def downgrade() -> None:
    """Take the tables back to the revision before."""
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_booking_person_id_person"), type_="foreignkey")
        batch_op.drop_constraint(
            batch_op.f("fk_booking_booked_by_organization_id_member_organization"), type_="foreignkey"
        )
        batch_op.drop_constraint(batch_op.f("fk_booking_referral_id_referral"), type_="foreignkey")
        batch_op.drop_index("ix_booking_referral_id")
        batch_op.drop_index("ix_booking_person_id")
        batch_op.drop_column("referral_id")
        batch_op.drop_column("person_id")
        batch_op.drop_column("booked_by_organization_id")
