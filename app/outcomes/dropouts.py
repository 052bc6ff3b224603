"""Where people drop out: how far those came who were asked by each channel, counted in the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from app.notifications.codes import Channel
from app.outcomes.codes import SETTLED, Mode, OccasionState
from app.outcomes.figures import Wanted, due_in
from app.outcomes.models import Measurement, Occasion, OutcomeInvitation
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
    is_done, by_link = each.c.is_done == 1, each.c.by_link == 1
    rows = session.execute(
        select(
            each.c.channel,
            each.c.number,
            func.count(),
            _count(each.c.opened == 1),
            _count(by_link),
            _count(and_(is_done, by_link)),
            _count(and_(is_done, each.c.by_link != 1)),
            _count(and_(each.c.is_over == 1, each.c.is_done == 0)),
            _count(each.c.is_over == 0),
        )
        .where(or_(each.c.channel.is_not(None), each.c.by_link >= 0, each.c.is_over == 1))
        .group_by(each.c.channel, each.c.number)
        .order_by(each.c.channel, each.c.number)
    ).all()
    found: dict[Channel | None, Drop] = {}
    after: dict[int, int] = {}
    for channel, number, *counts in rows:
        drop = Drop(*counts)
        found[channel] = found.get(channel, Drop()) + drop
        if number is not None and drop.finished:
            after[number] = after.get(number, 0) + drop.finished
    channels = [ByChannel(channel, drop) for channel, drop in found.items()]
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
        )
        .where(*due_in(wanted), Occasion.state.in_(counted))
        .group_by(LEAD)
        .cte("lead")
    )


def _each(leads: Any) -> Any:
    """Each of them: its channel, whether a link was opened, how it was answered; found one by one along an index.

    `by_link` is 1 where it was answered by the link of a message, 0 where otherwise, -1 where not at all.
    """
    of_lead = OutcomeInvitation.occasion_id == leads.c.lead_id
    latest = (OutcomeInvitation.number.desc(), OutcomeInvitation.channel.desc())
    channel = select(OutcomeInvitation.channel).where(of_lead).order_by(*latest).limit(1)
    opened = select(_any(OutcomeInvitation.opened_at.is_not(None))).where(of_lead)
    forms = select(Measurement.id).where(
        Measurement.occasion_id == leads.c.lead_id,
        Measurement.superseded_at.is_(None),
        Measurement.voided_at.is_(None),
    )
    by_link = forms.where(Measurement.mode == Mode.LINK).correlate(leads).exists()
    number = select(Occasion.last_message_no).where(Occasion.id == leads.c.lead_id)
    return (
        select(
            leads.c.lead_id,
            case((leads.c.done == leads.c.all, 1), else_=0).label("is_done"),
            case((leads.c.settled == leads.c.all, 1), else_=0).label("is_over"),
            channel.correlate(leads).scalar_subquery().label("channel"),
            opened.correlate(leads).scalar_subquery().label("opened"),
            case((by_link, 1), (forms.correlate(leads).exists(), 0), else_=-1).label("by_link"),
            number.correlate(leads).scalar_subquery().label("number"),
        )
        .select_from(leads)
        .cte("each_lead")
        # Else SQLite looks up each of these again wherever it is mentioned.
        .prefix_with("MATERIALIZED")
    )


def _any(holds: Any) -> Any:
    return func.max(case((holds, 1), else_=0))
