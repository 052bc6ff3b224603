"""access while triaged."""

from __future__ import annotations

from alembic import op

revision = "0043"
down_revision = "0040"
branch_labels = None
depends_on = None

_TO_TRIAGE = "SELECT id FROM referral WHERE status IN ('sent', 'info_requested')"


def upgrade() -> None:
    """Bring the rows to this revision: who has not accepted a referral yet reads the record, and no more."""
    op.execute(
        "UPDATE person_access SET reason = 'triage' "
        f"WHERE reason = 'referral' AND ended_at IS NULL AND because_id IN ({_TO_TRIAGE})"
    )


def downgrade() -> None:
    """Take the rows back."""
    op.execute("UPDATE person_access SET reason = 'referral' WHERE reason = 'triage'")
