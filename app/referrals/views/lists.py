"""The desks of referrals: lists of what waits, search, tasks, messages to the practice, and a file of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from flask import Response, redirect, render_template, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect

from app.accounts.codes import Role
from app.accounts.current import current_actor
from app.accounts.models import User
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.spreadsheet import line
from app.referrals import words
from app.referrals.access import EITHER, MANAGER, REFERRER
from app.referrals.models import Referral
from app.referrals.operations import triage
from app.referrals.operations.loop import mark_read
from app.referrals.operations.moving import SUBJECT
from app.referrals.operations.several import Pick
from app.referrals.parties import RECEIVING, REFERRING
from app.referrals.queries import desks, flow
from app.referrals.queries import referrals as queries
from app.referrals.queries.reply import reply_to
from app.referrals.views.blueprint import referrals
from app.referrals.views.list_names import LIST_TITLES, NOTHING_WAITS, OF_SENDERS, OF_WORK, leading, lists_for
from app.web.database import db
from app.web.done import done_before
from app.web.pagination import Page, page_number
from app.web.tables import table_file


@referrals.route("/desk/referrals", access=EITHER, writes=True)
def lists() -> str:
    """One list of what waits, the other lists beside it; or what a search found."""
    offered = lists_for(current_actor())
    name = request.args.get("list", "")
    return list_page(name if name in offered else offered[0])


def list_page(chosen: str, *, problem: str = "", ticked: Sequence[Pick] = ()) -> str:
    """The page of a list; with what was wrong with what was asked of several, and those that were ticked."""
    session, actor = db.session(), current_actor()
    offered = lists_for(actor)
    found_for = request.args.get("q", "").strip()[:100]
    if found_for:
        rows = desks.search(session, actor, found_for)
        record(session, actor, Action.SEARCHED, (SUBJECT, None), fields=("name",))
        page = Page(1, desks.PAGE, len(rows))
    else:
        number = page_number(request.args.get("page"))
        rows, total = desks.listed(session, actor, chosen, page=number)
        page = Page(number, desks.PAGE, total)
    first, others = _tabs(session, actor, offered, "" if found_for else chosen)
    return render_template(
        "referrals/list.html",
        rows=rows,
        page=page,
        page_url=lambda number: url_for("referrals.lists", list=chosen, page=number),
        chosen=chosen,
        searched=found_for,
        tabs=first,
        more_tabs=others,
        problem=problem,
        ticked={each.referral_id for each in ticked},
        workers=_workers(session, actor) if chosen in OF_WORK else [],
        may_read=chosen == "triage" and actor.holds(*RECEIVING),
        nothing=NOTHING_WAITS,
        title=LIST_TITLES[chosen],
        is_referrer=actor.holds(*REFERRING),
        is_team=actor.holds(*RECEIVING, Role.MANAGER),
        now=clock.now(),
        here=actor.organization_id,
        words=words,
    )


def _workers(session: Session, actor: Actor) -> list[User]:
    """To whom several can be given."""
    place = actor.organization_id
    return triage.workers_of(session, place) if place and actor.holds(*RECEIVING, Role.MANAGER) else []


@dataclass(frozen=True, slots=True)
class Tab:
    """A list with its count."""

    name: str
    label: LazyString
    count: int


def _tabs(
    session: Session, actor: Actor, offered: list[str], chosen: str
) -> tuple[list[Tab], list[tuple[LazyString, list[Tab]]]]:
    """The lists that lead, and the others: what came to us, and what we sent."""
    counted = [Tab(each, LIST_TITLES[each], desks.count(session, actor, each)) for each in offered]
    first = set(leading(offered, chosen))
    others = [tab for tab in counted if tab.name not in first]
    came = (_("Sent to us"), [tab for tab in others if tab.name not in OF_SENDERS])
    sent = (_("Sent by us"), [tab for tab in others if tab.name in OF_SENDERS])
    return [tab for tab in counted if tab.name in first], [group for group in (came, sent) if group[1]]


@referrals.route("/desk/referrals/export.csv", access=EITHER, writes=True)
def export() -> Response:
    """A list as a file: no words about anybody, and nothing that a spreadsheet would run. It is put on record."""
    session, actor = db.session(), current_actor()
    offered = lists_for(actor)
    name = request.args.get("list", "")
    chosen = name if name in offered else offered[0]
    rows = desks.export(session, actor, chosen)
    record(session, actor, Action.EXPORTED, (SUBJECT, None), reason=f"{chosen}:{len(rows)}")
    return file_of(actor, rows)


def file_of(actor: Actor, rows: Sequence[Referral]) -> Response:
    """The referrals as CSV."""
    heads = ["reference", "name", "pathway", "status", "sent", "due", "coordinator", "from", "to", "priority"]
    lines = [line(heads), *(line(_cells(actor, row)) for row in rows)]
    return table_file(lines, "list.csv")


def _cells(actor: Actor, row: Referral) -> list[str]:
    knows = row.ended_at is None or row.referrer_organization_id == actor.organization_id
    return [
        row.reference,
        row.person.name if knows else "",
        row.pathway.name,
        str(words.STATUS[row.status]),
        _day(row.sent_at),
        _due(row.due_at),
        row.coordinator_name,
        row.referrer_organization.name if row.referrer_organization else "",
        row.receiver_organization.name if row.receiver_organization else "",
        str(words.PRIORITY[row.priority]),
    ]


def _due(at: datetime | None) -> str:
    """As the list says it: what is due by the midnight that ends a day is due by that day."""
    local = at.astimezone(clock.LONDON) if at else None
    if local is None or local.time() != time.min:
        return _day(at)
    return (local.date() - timedelta(days=1)).isoformat()


def _day(at: datetime | None) -> str:
    return at.astimezone(clock.LONDON).strftime("%Y-%m-%d %H:%M") if at else ""


@referrals.route("/desk/referrals/tasks", access=EITHER)
def tasks() -> str:
    """What the member of staff has to look at."""
    return render_template(
        "referrals/tasks.html",
        tasks=desks.my_tasks(db.session(), current_actor()),
        done=done_before(),
        words=words,
    )


@referrals.route("/desk/referrals/letters", access=REFERRER)
def letters() -> str:
    """Messages about people of the practice."""
    session, actor = db.session(), current_actor()
    return render_template(
        "referrals/letters.html",
        unread=desks.letters(session, actor),
        read=[each for each in desks.letters(session, actor, unread=False) if each.read_at is not None],
    )


@referrals.route("/desk/referrals/letters/<uuid:telling_id>", access=REFERRER, methods=["GET", "POST"], writes=True)
def letter(telling_id: UUID) -> Redirect | str | tuple[str, int]:
    """One of them. Opening it is put on record; a press files it as read."""
    session, actor = db.session(), current_actor()
    telling = queries.letter(session, actor, telling_id)
    if request.method == "POST":
        mark_read(session, actor, telling)
        return redirect(url_for("referrals.letters"), code=303)
    record(session, actor, Action.READ, (SUBJECT, telling.referral_id), person_id=telling.referral.person_id)
    referral = telling.referral
    place = referral.receiver_organization
    page = render_template(
        "referrals/letter.html",
        telling=telling,
        receiver=place.name if place else referral.pathway.name,
        reply=reply_to(session, referral),
        words=words,
    )
    return (page, 410) if telling.forbidden_noted_at else page


@referrals.route("/desk/referrals/flow", access=MANAGER)
def manager() -> str:
    """How referrals flow: counts by pathway and status, the clocks, the workload. No names of those who are helped."""
    session, actor = db.session(), current_actor()
    return render_template(
        "referrals/flow.html",
        flow=flow.by_pathway(session, actor),
        clocks=flow.overdue_by_clock(session, actor),
        workload=flow.workload(session, actor),
        reasons=flow.refusals(session, actor),
        words=words,
    )
