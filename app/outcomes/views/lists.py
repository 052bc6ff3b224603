"""What waits: follow-ups that are due, and those where it is time to call."""

from __future__ import annotations

from flask import render_template, request

from app.accounts.current import current_actor
from app.outcomes import labels, queries
from app.outcomes.access import READER
from app.outcomes.views.blueprint import outcomes
from app.people.access import may_write
from app.web.database import db


@outcomes.route("/desk/outcomes", access=READER)
def follow_ups() -> str:
    """Due, or with `list=overdue` what needs a call."""
    actor, overdue = current_actor(), request.args.get("list") == "overdue"
    return render_template(
        "outcomes/list.html",
        occasions=queries.due(db.session(), actor, overdue=overdue),
        overdue=overdue,
        counts=(
            queries.count_due(db.session(), actor, overdue=False),
            queries.count_due(db.session(), actor, overdue=True),
        ),
        labels=labels,
        may_change=may_write(actor),
    )
