"""One referral: where it stands, what was sent, what was done, and what can be done next."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template

from app.accounts.current import current_actor
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.errors import NotFound
from app.people.parts import TimelineEntry
from app.people.queries import is_seen
from app.referrals import parts, words
from app.referrals.access import EITHER
from app.referrals.codes import Party, TaskKind
from app.referrals.models import Referral
from app.referrals.operations.moving import SUBJECT
from app.referrals.queries import referrals as queries
from app.referrals.queries.reply import reply_to
from app.referrals.showing import Seen, seen_by
from app.referrals.views.actions import ActionLink, links_for, open_to
from app.referrals.views.blueprint import referrals
from app.referrals.views.person_letters import can_have_letter
from app.web.database import db
from app.web.done import done_before


@referrals.route("/desk/referrals/<uuid:referral_id>", access=EITHER, writes=True)
def show(referral_id: UUID) -> str | tuple[str, int]:
    """The page of a referral. That it was looked at is put on record."""
    session, actor = db.session(), current_actor()
    try:
        row = queries.referral(session, actor, referral_id)
    except NotFound:
        if (gone := queries.taken_back(session, actor, referral_id)) is None:
            raise
        tasks = queries.open_tasks(session, actor, gone.id)
        return render_template("referrals/taken_back.html", gone=gone, tasks=tasks), 410
    record(session, actor, Action.READ, (SUBJECT, row.id), person_id=row.person_id)
    return page_of(row, seen_by(session, actor, row), links_for(actor, row))


def page_of(row: Referral, seen: Seen, links: list[ActionLink]) -> str:
    """The page, with what the viewer may see and do."""
    session, actor = db.session(), current_actor()
    beside = parts.history_of(session, actor, row) if seen.sees("appointments") else []
    tasks = queries.open_tasks(session, actor, row.id)
    return render_template(
        "referrals/show.html",
        seen=seen,
        links=links,
        more_links=parts.actions_for(session, actor, row),
        beside=beside,
        happened=_in_order(seen, beside),
        record=f"/desk/people/{row.person_id}" if is_seen(session, actor, row.person_id) else "",
        tasks=tasks,
        decisions=open_to(actor, row) if tasks else frozenset(),
        reply=reply_to(session, row) if any(task.kind is TaskKind.NOT_OPENED for task in tasks) else None,
        has_letter=can_have_letter(seen, row),
        asked=queries.asked_for_word(session, row.id) if Party.REFERRER in seen.parties else None,
        linked=queries.linked(session, actor, row),
        passed_on=queries.passed_on(session, row) if seen.sees("status") else (),
        now=clock.now(),
        done=done_before(),
        words=words,
    )


def _in_order(seen: Seen, beside: list[TimelineEntry]) -> list[dict[str, Any]]:
    """The moves of the referral and what happened beside them, latest first."""
    both = [(step.at, step, None) for step in seen.steps] + [(one.at, None, one) for one in beside]
    return [
        {"at": at, "step": step, "entry": entry}
        for at, step, entry in sorted(both, key=lambda each: each[0], reverse=True)
    ]
