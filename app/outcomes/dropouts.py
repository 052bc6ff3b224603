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


def by_channel(session: Session, wanted: Wanted) -> list[ByChannel]:
    """What became of everything that was asked for in the period, by the channel of the last message about it."""
    leads = _leads(wanted)
    asked, forms = _asked(leads), _forms(leads)
    by_link = func.coalesce(forms.c.by_link, 0) == 1
    is_done, is_over = leads.c.done == leads.c.all, leads.c.settled == leads.c.all
    rows = session.execute(
        select(
            asked.c.channel,
            func.count(),
            _count(asked.c.opened == 1),
            _count(by_link),
            _count(and_(is_done, by_link)),
            _count(and_(is_done, ~by_link)),
            _count(and_(is_over, ~is_done)),
            _count(~is_over),
        )
        .select_from(leads)
        .outerjoin(asked, and_(asked.c.occasion_id == leads.c.lead_id, asked.c.from_last == 1))
        .outerjoin(forms, forms.c.occasion_id == leads.c.lead_id)
        .where(or_(asked.c.channel.is_not(None), forms.c.occasion_id.is_not(None), is_over))
        .group_by(asked.c.channel)
        .order_by(asked.c.channel)
    )
    found = [ByChannel(channel, Drop(*counts)) for channel, *counts in rows]
    return sorted(found, key=lambda each: (each.channel is None, each.channel or ""))


def after_message(session: Session, wanted: Wanted) -> dict[int, int]:
    """How many answered by link after the first message (0) and after each reminder."""
    leads = _leads(wanted)
    forms = _forms(leads)
    rows = session.execute(
        select(Occasion.last_message_no, func.count())
        .join(leads, leads.c.lead_id == Occasion.id)
        .join(forms, forms.c.occasion_id == Occasion.id)
        .where(leads.c.done == leads.c.all, forms.c.by_link == 1, Occasion.last_message_no.is_not(None))
        .group_by(Occasion.last_message_no)
        .order_by(Occasion.last_message_no)
    )
    return {number: count for number, count in rows if number is not None}


def _count(holds: Any) -> Any:
    return func.sum(case((holds, 1), else_=0))


def _leads(wanted: Wanted) -> Any:
    """What was asked for together, and how much of it is done or over. What is not due yet or taken out is not."""
    left_out = (OccasionState.PLANNED, OccasionState.VOID)
    return (
        select(
            LEAD.label("lead_id"),
            func.count().label("all"),
            _count(Occasion.state == OccasionState.DONE).label("done"),
            _count(Occasion.state.in_(SETTLED)).label("settled"),
        )
        .where(*due_in(wanted), Occasion.state.not_in(left_out))
        .group_by(LEAD)
        .cte("lead")
    )


def _asked(leads: Any) -> Any:
    """The messages about each, numbered from the last; whether a link of any of them was opened."""
    each = OutcomeInvitation
    opened = func.max(case((each.opened_at.is_not(None), 1), else_=0)).over(partition_by=each.occasion_id)
    number = func.row_number().over(
        partition_by=each.occasion_id, order_by=[each.number.desc(), each.created_at.desc(), each.id.desc()]
    )
    return (
        select(each.occasion_id, each.channel, opened.label("opened"), number.label("from_last"))
        .where(each.occasion_id.in_(select(leads.c.lead_id)))
        .cte("asked")
    )


def _forms(leads: Any) -> Any:
    """Of each whether anything was answered, and whether by the link of a message."""
    return (
        select(
            Measurement.occasion_id,
            func.max(case((Measurement.mode == Mode.LINK, 1), else_=0)).label("by_link"),
        )
        .where(
            Measurement.occasion_id.in_(select(leads.c.lead_id)),
            Measurement.superseded_at.is_(None),
            Measurement.voided_at.is_(None),
        )
        .group_by(Measurement.occasion_id)
        .cte("form")
    )
