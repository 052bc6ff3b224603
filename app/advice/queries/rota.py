"""The rota, its gaps, and the calls of a shift, within the actor's organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.accounts.codes import Role
from app.accounts.models import User
from app.accounts.queries import members_of
from app.advice.codes import CallResult
from app.advice.models import AdviceSession, Duty, PhoneCall
from app.advice.queries.sessions import sessions
from app.advice.scope import within
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound

# How far ahead gaps are counted.
AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Line:
    """A session with those who are on it. `missing` counts also those for whom cover is wanted."""

    session: AdviceSession
    duties: Sequence[Duty]

    @property
    def day(self) -> date:
        """The day on which it begins, in London."""
        return self.session.starts_at.astimezone(clock.LONDON).date()

    @property
    def missing(self) -> int:
        """How many advisers it lacks."""
        sure = [duty for duty in self.duties if duty.cover_wanted_at is None]
        return max(0, self.session.advisers_needed - len(sure))

    def of(self, user_id: UUID | None) -> Duty | None:
        """The duty of an adviser on it."""
        return next((duty for duty in self.duties if duty.adviser_id == user_id), None)


@dataclass(frozen=True, slots=True)
class CallFigures:
    """A telephone shift in figures."""

    calls: int
    minutes: int
    contacts: int
    by_result: Mapping[CallResult, int]


def rota(session: Session, actor: Actor, since: datetime, until: datetime) -> list[Line]:
    """The sessions between with those who are on them, the first first."""
    found = sessions(session, actor, since, until)
    duties = session.scalars(
        select(Duty)
        .where(Duty.session_id.in_([one.id for one in found]))
        .options(joinedload(Duty.adviser), joinedload(Duty.session), joinedload(Duty.swap_for).joinedload(Duty.session))
        .join(User, User.id == Duty.adviser_id)
        .order_by(User.name, Duty.id)
    ).all()
    return [Line(one, [duty for duty in duties if duty.session_id == one.id]) for one in found]


def duty(session: Session, actor: Actor, duty_id: UUID) -> Duty:
    """One that the actor may see, with its session. NotFound for any other."""
    found = session.scalars(
        select(Duty)
        .where(Duty.id == duty_id, within(actor, Duty.organization_id))
        .options(joinedload(Duty.session), joinedload(Duty.adviser))
        .order_by(Duty.id)
    ).one_or_none()
    if found is None:
        raise NotFound("duty")
    return found


def duties_to_swap(session: Session, actor: Actor) -> list[Duty]:
    """What others are on in the time ahead: any of it can be asked for in exchange."""
    return list(
        session.scalars(
            select(Duty)
            .join(AdviceSession, AdviceSession.id == Duty.session_id)
            .where(
                within(actor, Duty.organization_id),
                Duty.adviser_id != actor.user_id,
                AdviceSession.starts_at > clock.now(),
            )
            .options(joinedload(Duty.session), joinedload(Duty.adviser))
            .order_by(AdviceSession.starts_at, Duty.id)
            .limit(100)
        )
    )


def count_gaps(session: Session, actor: Actor) -> int:
    """How many sessions of the next two weeks lack an adviser."""
    now = clock.now()
    sure = select(func.count()).where(Duty.session_id == AdviceSession.id, Duty.cover_wanted_at.is_(None))
    gaps = select(func.count()).select_from(AdviceSession)
    return (
        session.scalar(
            gaps.where(
                within(actor, AdviceSession.organization_id),
                AdviceSession.closed_at.is_(None),
                AdviceSession.ends_at > now,
                AdviceSession.starts_at < now + AHEAD,
                AdviceSession.advisers_needed > sure.scalar_subquery(),
            )
        )
        or 0
    )


def count_swaps_asked(session: Session, actor: Actor) -> int:
    """How many colleagues ask the actor to swap a duty that is still ahead."""
    own = aliased(Duty)
    asked = select(func.count()).select_from(Duty).join(own, own.id == Duty.swap_for_id)
    return (
        session.scalar(
            asked.join(AdviceSession, AdviceSession.id == Duty.session_id).where(
                within(actor, Duty.organization_id),
                own.adviser_id == actor.user_id,
                AdviceSession.ends_at > clock.now(),
            )
        )
        or 0
    )


def advisers(session: Session, actor: Actor) -> list[User]:
    """Those of the actor's organisation who can be on the rota, by name."""
    if actor.organization_id is None:
        return []
    return [known.user for known in members_of(session, actor.organization_id) if Role.ADVISER in known.roles]


def calls_of(session: Session, found: AdviceSession) -> list[PhoneCall]:
    """The calls of a shift that was found in its scope, the latest first."""
    return list(
        session.scalars(
            select(PhoneCall)
            .where(PhoneCall.session_id == found.id)
            .options(joinedload(PhoneCall.adviser))
            .order_by(PhoneCall.at.desc(), PhoneCall.id)
        )
    )


def phone_call(session: Session, actor: Actor, call_id: UUID) -> PhoneCall:
    """One that the actor may see, with its session. NotFound for any other."""
    found = session.scalars(
        select(PhoneCall)
        .where(PhoneCall.id == call_id, within(actor, PhoneCall.organization_id))
        .options(joinedload(PhoneCall.session))
        .order_by(PhoneCall.id)
    ).one_or_none()
    if found is None:
        raise NotFound("call")
    return found


def call_figures(calls: Sequence[PhoneCall]) -> CallFigures:
    """How many, how long, how they went, and how many became contacts."""
    return CallFigures(
        calls=len(calls),
        minutes=sum(call.minutes for call in calls),
        contacts=sum(call.contact_id is not None for call in calls),
        by_result={result: sum(call.result is result for call in calls) for result in CallResult},
    )
