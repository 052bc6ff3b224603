"""Opening a record in an emergency: a reason, an hour, and the privacy officer told at once."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotFound
from app.core.events import announce
from app.core.text import clean
from app.people.codes import EmergencyReason, EmergencyVerdict
from app.people.events import EmergencyOpened
from app.people.models import Emergency, Person
from app.people.operations.matches import hidden_matches, keys_of_search
from app.people.queries import Search
from app.people.scope import may_be_opened, may_govern

LASTS = timedelta(minutes=60)
SHORTEST = 20
WORKING_DAYS = 3


def open_in_emergency(
    session: Session, actor: Actor, search: Search, *, reason: EmergencyReason, words: str
) -> Emergency:
    """Open, to read, the one record that strongly matches and that the actor may not see otherwise.

    Where several organisations keep one, the latest; done again it is the next. InvalidInput where nothing matches or
    nothing is said of why. Whoever does it has proved again who they are.
    """
    told = clean(words)
    if len(told) < SHORTEST:
        raise InvalidInput("Say in a sentence why you must see the record now.")
    if actor.user_id is None or actor.organization_id is None:
        raise InvalidInput("Only a member of an organisation can do this.")
    person_id = _latest(session, actor, hidden_matches(session, actor, keys_of_search(session, search)))
    if person_id is None:
        raise InvalidInput("No other organisation has a record like this. Check the name, the date and the number.")
    return _open(session, actor, person_id, reason, told)


def _latest(session: Session, actor: Actor, found: list[UUID]) -> UUID | None:
    open_now = select(Emergency.person_id).where(Emergency.user_id == actor.user_id, Emergency.expires_at > clock.now())
    return session.scalars(
        select(Person.id)
        .where(Person.id.in_(found), Person.id.not_in(open_now), may_be_opened(actor))
        .order_by(Person.created_at.desc(), Person.id)
        .limit(1)
    ).first()


def _open(session: Session, actor: Actor, person_id: UUID, reason: EmergencyReason, words: str) -> Emergency:
    opened = Emergency(
        person_id=person_id,
        user_id=actor.user_id,
        organization_id=actor.organization_id,
        reason=reason,
        words=words,
        expires_at=clock.now() + LASTS,
        review_by=working_days_after(clock.today(), WORKING_DAYS),
    )
    session.add(opened)
    session.flush()
    record(session, actor, Action.BROKE_GLASS, ("person", person_id), person_id=person_id, reason=reason.value)
    announce(session, EmergencyOpened(opened))
    return opened


def working_days_after(day: date, count: int) -> date:
    """So many days later, Saturdays and Sundays not counted; bank holidays are, so nobody waits longer for them."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def running(session: Session, actor: Actor, person_id: UUID) -> Emergency | None:
    """The opening by which the actor sees a record now, if that is why they see it."""
    return session.scalars(
        select(Emergency)
        .where(
            Emergency.person_id == person_id,
            Emergency.user_id == actor.user_id,
            Emergency.expires_at > clock.now(),
        )
        .order_by(Emergency.expires_at.desc(), Emergency.id)
        .limit(1)
    ).one_or_none()


def to_review(session: Session, actor: Actor) -> list[Emergency]:
    """Openings that a privacy officer has not looked at, the most pressing first."""
    return list(
        session.scalars(
            select(Emergency)
            .join(Person, Person.id == Emergency.person_id)
            .where(may_govern(actor), Emergency.reviewed_at.is_(None))
            .order_by(Emergency.review_by, Emergency.created_at, Emergency.id)
        )
    )


def emergency(session: Session, actor: Actor, emergency_id: UUID) -> Emergency:
    """One opening that the privacy officer answers for. NotFound for any other."""
    found = session.scalars(
        select(Emergency)
        .join(Person, Person.id == Emergency.person_id)
        .where(Emergency.id == emergency_id, may_govern(actor))
        .order_by(Emergency.id)
    ).one_or_none()
    if found is None:
        raise NotFound("emergency")
    return found


def review(session: Session, actor: Actor, opened: Emergency, *, verdict: EmergencyVerdict, finding: str) -> None:
    """What the privacy officer found. InvalidInput where it was wrong and nothing is said of it."""
    told = clean(finding)
    if verdict is EmergencyVerdict.WRONG and not told:
        raise InvalidInput("Say what was wrong and what you did about it.")
    opened.verdict, opened.finding = verdict, told
    opened.reviewed_by_id, opened.reviewed_at = actor.user_id, clock.now()
    session.flush()
    record(session, actor, Action.CHANGED, ("emergency", opened.id), person_id=opened.person_id, fields=["verdict"])
