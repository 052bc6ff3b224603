"""What booking keeps of a person: for their record and its referrals, a copy of everything, merging and erasing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.booking.codes import CAME, BookingState
from app.booking.models import (
    AbsenceCall,
    AccessNeed,
    AttendanceRecord,
    Booking,
    BookingEvent,
    LearningPlan,
    PlanGoal,
    PlanReview,
)
from app.booking.queries import on_behalf, plans
from app.booking.queries.bookings import attendances_of, needs_of
from app.booking.wording import attendance_words, booking_words, need_words, session_day, stage_words
from app.core.actor import Actor, ActorKind
from app.notifications import operations as outbox
from app.notifications.about import About
from app.people import parts as people
from app.people.models import Person
from app.people.scope import WORKERS, may_see
from app.referrals import parts as referrals
from app.referrals.codes import ENDED, Status
from app.referrals.models import Referral
from app.web.filters import day


def timeline(session: Session, actor: Actor, person_id: UUID) -> Iterable[people.TimelineEntry]:
    """What was booked, how it stands, and which sessions the person came to."""
    for booking in on_behalf.of_person(session, actor, person_id):
        yield from _entries(session, actor, booking)
    if actor.kind is ActorKind.PERSON:
        for plan in plans.plans_of_person(session, person_id):
            yield people.TimelineEntry(at=plan.created_at, words=_("A learning plan was begun"))


def _entries(session: Session, actor: Actor, booking: Booking) -> Iterable[people.TimelineEntry]:
    name, url = booking.pool.run.course.name, _address(actor, booking)
    first, state = session_day(booking.pool.starts_at), booking_words(booking.state)
    yield people.TimelineEntry(
        at=booking.created_at,
        words=_("Booked: %(name)s", name=name),
        detail=_("From %(day)s. %(state)s", day=first, state=state),
        told_to=booking.pool.run.course.host_name,
        url=url,
    )
    if booking.state is BookingState.COMPLETED and booking.decided_at is not None:
        yield people.TimelineEntry(at=booking.decided_at, words=_("Completed: %(name)s", name=name), url=url)
    for one in attendances_of(session, booking.id):
        if one.state in CAME and one.marked_at is not None:
            yield people.TimelineEntry(at=one.session.starts_at, words=_("Came to: %(name)s", name=name), url=url)


def _address(actor: Actor, booking: Booking) -> str:
    if actor.is_staff:
        return f"/desk/people/{booking.person_id}/bookings/{booking.id}"
    return f"/me/bookings/{booking.id}"


def export(session: Session, person_id: UUID) -> Iterable[people.ExportItem]:
    """Every booking, what was asked for, and each session; what staff wrote of a call is read before it goes out."""
    wanted = select(Booking).where(Booking.person_id == person_id).order_by(Booking.created_at, Booking.id)
    for booking in session.scalars(wanted):
        heading = booking.pool.run.course.name
        needs = [(need_words(need.kind), need.words) for need in needs_of(session, booking.id)]
        attended = [
            (day(one.session.starts_at), attendance_words(one.state)) for one in attendances_of(session, booking.id)
        ]
        lines = [(_("Name"), booking.name), (_("Where it stands"), booking_words(booking.state)), *needs, *attended]
        yield people.ExportItem(heading=heading, at=booking.created_at, lines=lines)
        if notes := _written(session, booking):
            yield people.ExportItem(heading=heading, lines=notes, needs_review=True)
    yield from _plans(session, person_id)


def _plans(session: Session, person_id: UUID) -> Iterable[people.ExportItem]:
    """Every word of the learning plans; what was written of a talk is read before it goes out."""
    for plan in plans.plans_of_person(session, person_id):
        heading = _("Learning plan")
        goals = [(_goal_words(goal), goal.words) for goal in plans.goals_ever(session, plan.id)]
        steps = [(_("Helping others to learn"), stage_words(one.stage)) for one in plan.steps if one.stage]
        own = [(_("In my own words"), plan.own_words), (_("What helps"), plan.what_helps)]
        yield people.ExportItem(heading=heading, at=plan.created_at, lines=[*own, *goals, *steps])
        held = plans.reviews_ever(session, plan.id)
        talks = [(_talk_words(one), f"{one.words} {one.what_helped}".strip()) for one in held]
        if talks:
            yield people.ExportItem(heading=heading, lines=talks, needs_review=True)


def _goal_words(goal: PlanGoal) -> str:
    return str(_("Goal, until %(day)s", day=day(goal.replaced_at)) if goal.replaced_at else _("Goal"))


def _talk_words(review: PlanReview) -> str:
    held = str(day(review.held_on))
    if review.replaced_at is None:
        return held
    return str(_("%(day)s, as it said until %(until)s", day=held, until=day(review.replaced_at)))


def _erase_plans(session: Session, person_id: UUID) -> None:
    ids = [plan.id for plan in plans.plans_of_person(session, person_id)]
    for statement in (
        update(LearningPlan).where(LearningPlan.id.in_(ids)).values(own_words="", what_helps="", review_on=None),
        update(PlanGoal).where(PlanGoal.plan_id.in_(ids)).values(words=""),
        update(PlanReview).where(PlanReview.plan_id.in_(ids)).values(words="", what_helped=""),
    ):
        session.execute(statement.execution_options(synchronize_session=False))


def _written(session: Session, booking: Booking) -> list[tuple[str, str]]:
    calls = (
        select(AbsenceCall.outcome)
        .join(AttendanceRecord, AttendanceRecord.id == AbsenceCall.attendance_id)
        .where(AttendanceRecord.booking_id == booking.id, AbsenceCall.outcome != "")
        .order_by(AbsenceCall.created_at, AbsenceCall.id)
    )
    reasons = (
        select(BookingEvent.reason)
        .where(BookingEvent.booking_id == booking.id, BookingEvent.reason != "")
        .order_by(BookingEvent.created_at, BookingEvent.id)
    )
    return [
        *((_("Call after a missed session"), words) for words in session.scalars(calls)),
        *((_("Why it changed"), words) for words in session.scalars(reasons)),
    ]


def erase(session: Session, actor: Actor, person_id: UUID) -> int:  # noqa: ARG001 - whoever erases is on record already
    """Wipe every word; that a place was used stays to be counted."""
    ids = list(session.scalars(select(Booking.id).where(Booking.person_id == person_id).order_by(Booking.id)))
    wipe(session, ids)
    _erase_plans(session, person_id)
    session.expire_all()
    return len(ids)


def wipe(session: Session, ids: Sequence[UUID]) -> None:
    """Take the words, the name and the messages out of bookings."""
    sessions = select(AttendanceRecord.id).where(AttendanceRecord.booking_id.in_(ids))
    for statement in (
        update(AccessNeed).where(AccessNeed.booking_id.in_(ids)).values(words=""),
        update(AbsenceCall).where(AbsenceCall.attendance_id.in_(sessions)).values(outcome=""),
        update(BookingEvent).where(BookingEvent.booking_id.in_(ids)).values(reason=""),
        update(Booking)
        .where(Booking.id.in_(ids))
        .values(name="", address=None, age=None, district=None, with_reminders=False),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
    for booking_id in ids:
        outbox.erase(session, About(type="booking", id=booking_id))


def keeps(session: Session, person_id: UUID) -> str | None:
    """A place that is still to come holds the record."""
    if not on_behalf.held_places(session, person_id):
        return None
    return str(_("There is a place booked, or waited for. Cancel it first."))


def actions(actor: Actor, person: Person) -> Iterable[people.RecordAction]:
    """Book a place."""
    if actor.holds(*WORKERS):
        yield people.RecordAction(label=_("Book a place"), url=f"/desk/people/{person.id}/book", order=30)


def history(session: Session, actor: Actor, referral: Referral) -> Iterable[people.TimelineEntry]:
    """What was booked because of a referral, and what became of it."""
    sees_person = _sees(session, actor, referral)
    for booking in on_behalf.of_referral(session, referral.id):
        for entry in _entries(session, actor, booking):
            yield entry if sees_person else people.TimelineEntry(at=entry.at, words=entry.words, detail=entry.detail)


def referral_actions(session: Session, actor: Actor, referral: Referral) -> Iterable[people.RecordAction]:
    """Book a place in what the service, or the team, of the referral runs, where there is any."""
    is_open = referral.status not in ENDED and referral.status is not Status.DRAFT
    if not is_open or not actor.holds(*WORKERS) or not _sees(session, actor, referral):
        return
    if on_behalf.offers_for(session, actor, referral=referral):
        url = f"/desk/people/{referral.person_id}/book?referral={referral.id}"
        yield people.RecordAction(label=_("Book a place"), url=url, order=30)


def _sees(session: Session, actor: Actor, referral: Referral) -> bool:
    wanted = select(Person.id).where(Person.id == referral.person_id, may_see(actor))
    return session.scalar(wanted.order_by(Person.id)) is not None


people.register(
    people.RecordPart(
        name="booking",
        columns=(Booking.person_id, LearningPlan.person_id),
        timeline=timeline,
        export=export,
        erase=erase,
        keeps=keeps,
        actions=actions,
    )
)
referrals.register(referrals.ReferralPart(name="booking", history=history, actions=referral_actions))
