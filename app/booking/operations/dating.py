"""The dates of a run before it is made: all of them at once, each with what stands in its way."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date
from itertools import islice
from uuid import UUID

from sqlalchemy.orm import Session

from app.booking.models import Course, Run
from app.booking.operations import programme as verbs
from app.booking.operations.programme import Plan, Taken
from app.booking.rules.repetition import MOST_SESSIONS, Occurrence, every_time, is_in_a_break
from app.core.actor import Actor

# So many dates more than are wanted are looked at, to make good for those that something stands in the way of.
MOST_LEFT_OUT = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A date of a run that is to be, and its room."""

    when: Occurrence
    room_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A date that the rule makes, and what stands in its way."""

    when: Occurrence
    taken: tuple[Taken, ...] = ()
    in_a_break: bool = False
    on_a_bank_holiday: bool = False

    @property
    def is_free(self) -> bool:
        """Whether nothing does."""
        return not (self.taken or self.in_a_break or self.on_a_bank_holiday)


def propose(session: Session, organization_id: UUID, plan: Plan, holidays: Set[date]) -> list[Proposal]:
    """As many free dates as are wanted, and among them those that are not free. InvalidInput as `make_run`."""
    rule = verbs.with_pauses(session, plan)
    wanted = rule.count or 0
    times = list(islice(every_time(rule), min(wanted, MOST_SESSIONS) + MOST_LEFT_OUT))
    found: list[Proposal] = []
    dated = [Dated(when=one, room_id=plan.room_id) for one in times]
    for when, taken in zip(times, in_the_way(session, organization_id, plan, dated), strict=True):
        day = when.wall.date()
        found.append(
            Proposal(when=when, taken=taken, in_a_break=is_in_a_break(rule, day), on_a_bank_holiday=day in holidays)
        )
        if sum(one.is_free for one in found) == wanted:
            break
    return found


def in_the_way(session: Session, organization_id: UUID, plan: Plan, dates: Sequence[Dated]) -> list[tuple[Taken, ...]]:
    """Of each date what of its room and of who leads it is taken."""
    rooms = {one.room_id for one in dates}
    verbs.check_owned(session, organization_id, plan, rooms)
    slots = [verbs.slot_of(session, one.when, one.room_id, plan.facilitator_ids) for one in dates]
    return verbs.hindrances(session, slots)


def make_run_on(session: Session, actor: Actor, course: Course, plan: Plan, dates: Sequence[Dated]) -> Run:
    """A run on just these dates. Clashing where one of them hinders; the public does not see it yet."""
    hindered = [one for taken in in_the_way(session, course.organization_id, plan, dates) for one in taken]
    if hindered:
        raise verbs.Clashing(hindered)
    run = Run(course=course, organization_id=course.organization_id, **verbs.terms_told(plan))
    ordered = sorted(dates, key=lambda one: one.when.starts_at)
    verbs.lay_out(
        session,
        actor,
        run,
        [one.when for one in ordered],
        plan.capacity,
        rooms=[one.room_id for one in ordered],
        facilitator_ids=plan.facilitator_ids,
    )
    return run
