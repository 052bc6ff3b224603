"""What is done with those that were ticked in a list."""

from __future__ import annotations

from uuid import UUID

from flask import Response, render_template, request
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.audit.codes import Action
from app.audit.operations import record
from app.referrals.access import EITHER
from app.referrals.operations import several
from app.referrals.operations.moving import SUBJECT
from app.referrals.operations.several import Pick, Verb
from app.referrals.queries import desks
from app.referrals.views.acting import version_of
from app.referrals.views.blueprint import referrals
from app.referrals.views.list_names import LIST_TITLES, lists_for
from app.referrals.views.lists import file_of, list_page
from app.web.database import db

READ, GIVE, TAKE = "read", "give", "take"


@referrals.route("/desk/referrals/several", access=EITHER, methods=["POST"])
def do_several() -> Response | str | tuple[str, int]:
    """Say that they were read, give them to a worker, or take them away as a file; what became of each."""
    session, actor, wanted = db.session(), current_actor(), request.form.get("do", "")
    offered, asked = lists_for(actor), request.form.get("list", "")
    chosen = asked if asked in offered else offered[0]
    picks = [found for text in request.form.getlist("pick")[: several.MOST] if (found := _pick(text))]
    if not picks:
        return list_page(chosen, problem=_("Tick those that you mean first.")), 422
    if wanted == TAKE:
        rows = desks.export(session, actor, None, only=[each.referral_id for each in picks])
        record(session, actor, Action.EXPORTED, (SUBJECT, None), reason=f"picked:{len(rows)}")
        return file_of(actor, rows)
    verb = _verb(wanted)
    if verb is None:
        return list_page(chosen, problem=_("Choose who looks after them."), ticked=picks), 422
    done = several.do_each(session, actor, picks, verb)
    return render_template(
        "referrals/several.html", done=done, wanted=wanted, chosen=chosen, list_title=LIST_TITLES[chosen]
    )


def _verb(wanted: str) -> Verb | None:
    if wanted == READ:
        return several.acknowledge
    try:
        return several.giving_to(UUID(request.form.get("coordinator", "")))
    except ValueError:
        return None


def _pick(text: str) -> Pick | None:
    identity, _colon, version = text.partition(":")
    try:
        return Pick(UUID(identity), version_of(version)) if len(identity) == 36 else None
    except ValueError:
        return None
