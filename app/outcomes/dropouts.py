"""Where people drop out: how far those came who were asked by each channel, counted in the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.notifications.codes import Channel
from app.outcomes.codes import SETTLED, OccasionState
from app.outcomes.figures import Wanted, due_in
from app.outcomes.models import Occasion
from app.outcomes.rules.groups import Drop

LEAD = func.coalesce(Occasion.lead_id, Occasion.id)


@dataclass(frozen=True, slots=True)
class ByChannel:
    """Those who were asked by one channel; None where no message asked them."""

    channel: Channel | None
    drop: Drop


@dataclass(frozen=True, slots=True)
class Board:
    """How far people came by each channel, and how many answered by link after which message (0 is the first)."""

    channels: list[ByChannel]
    after_message: dict[int, int]


def board(session: Session, wanted: Wanted) -> Board:
    """What became of everything that was asked for in the period, by the channel of the last message about it."""
    each = _each(_leads(wanted))
    is_done, by_link, channel = each.c.is_done == 1, each.c.by_link == 1, each.c.channel
    rows = session.execute(
        select(
            channel,
            each.c.number,
            func.count(),
            _count(each.c.is_opened == 1),
            _count(by_link),
            _count(and_(is_done, by_link)),
            _count(and_(is_done, each.c.by_link != 1)),
            _count(and_(each.c.is_over == 1, each.c.is_done == 0)),
            _count(each.c.is_over == 0),
        )
        .where(or_(channel.is_not(None), each.c.by_link >= 0, each.c.is_over == 1))
        .group_by(channel, each.c.number)
        .order_by(channel, each.c.number)
    ).all()
    found: dict[Channel | None, Drop] = {}
    after: dict[int, int] = {}
    for name, number, *counts in rows:
        drop, by = Drop(*counts), Channel(name) if name else None
        found[by] = found.get(by, Drop()) + drop
        if number is not None and drop.finished:
            after[number] = after.get(number, 0) + drop.finished
    channels = [ByChannel(by, drop) for by, drop in found.items()]
    return Board(
        sorted(channels, key=lambda one: (one.channel is None, one.channel or "")), dict(sorted(after.items()))
    )


def _count(holds: Any) -> Any:
    return func.sum(case((holds, 1), else_=0))


def _leads(wanted: Wanted) -> Any:
    """What was asked for together, and how much of it is done or over. What is not due yet or taken out is not."""
    counted = [state for state in OccasionState if state not in {OccasionState.PLANNED, OccasionState.VOID}]
    return (
        select(
            LEAD.label("lead_id"),
            func.count().label("all"),
            _count(Occasion.state == OccasionState.DONE).label("done"),
            _count(Occasion.state.in_(SETTLED)).label("settled"),
            # Only what leads was written about. Where that was due before the period, no message is counted.
            func.max(Occasion.last_message_no).label("number"),
            func.max(Occasion.asked_by).label("channel"),
            func.max(_one_if(Occasion.opened_at.is_not(None))).label("is_opened"),
            func.max(_how(Occasion)).label("by_link"),
            func.max(_one_if(Occasion.id == LEAD)).label("is_here"),
        )
        .where(*due_in(wanted), Occasion.state.in_(counted))
        .group_by(LEAD)
        .subquery("lead")
    )


def _each(leads: Any) -> Any:
    """Each of them. Of one that leads but was not due in the period itself, what is kept of it is looked up.

    `by_link` is 1 where it was answered by the link of a message, 0 where otherwise, -1 where not at all.
    """
    led, is_here = aliased(Occasion, name="led"), leads.c.is_here == 1
    return (
        select(
            _one_if(leads.c.done == leads.c.all).label("is_done"),
            _one_if(leads.c.settled == leads.c.all).label("is_over"),
            case((is_here, leads.c.channel), else_=led.asked_by).label("channel"),
            case((is_here, leads.c.is_opened), else_=_one_if(led.opened_at.is_not(None))).label("is_opened"),
            case((is_here, leads.c.by_link), else_=_how(led)).label("by_link"),
            leads.c.number,
        )
        .select_from(leads)
        # Nearly always on nothing. As subqueries PostgreSQL thinks them so dear that it compiles them first (1.4 s).
        .outerjoin(led, led.id == case((leads.c.is_here == 0, leads.c.lead_id)))
        .subquery("each_lead")
    )


def _one_if(holds: Any) -> Any:
    return case((holds, 1), else_=0)


def _how(occasion: Any) -> Any:
    return case((occasion.by_link.is_(True), 1), (occasion.by_link.is_(False), 0), else_=-1)
