"""The rota: who is on a session, who cannot come, and who takes it instead."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.codes import Role
from app.accounts.models import User
from app.accounts.queries import member
from app.advice.details import worker_of
from app.advice.models import AdviceContact, AdviceSession, Duty, PhoneCall, QueueEntry
from app.advice.scope import is_supervisor
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, Refused

SUBJECT = "advice_duty"


class Clash(Refused):
    """An adviser would be in two places at once: `name` on `other`."""

    def __init__(self, name: str, other: AdviceSession) -> None:
        super().__init__("They are on another session at that time.")
        self.name, self.other = name, other


def put_on(session: Session, actor: Actor, found: AdviceSession, adviser_id: UUID | None = None) -> Duty:
    """The actor takes a session, or a supervisor puts somebody on it.

    Clash where the adviser is on another session at that time. Refused where the session is over, where they are on
    it already, and for anybody but a supervisor who means somebody else.
    """
    worker = worker_of(actor)
    adviser_id = adviser_id or worker.user_id
    if adviser_id != worker.user_id and not is_supervisor(actor):
        raise Refused("Only a supervisor puts somebody else on the rota.")
    _require_adviser(session, found.organization_id, adviser_id)
    _require_ahead(found)
    _require_free(session, adviser_id, found)
    made = Duty(organization_id=found.organization_id, session_id=found.id, adviser_id=adviser_id)
    session.add(made)
    session.flush()
    record(session, actor, Action.CREATED, (SUBJECT, made.id))
    return made


def ask_for_cover(session: Session, actor: Actor, duty: Duty, swap_for: Duty | None = None) -> None:
    """The adviser cannot come. They stay on the session until somebody takes it."""
    _hold(session, duty)
    _require_own(actor, duty)
    _require_ahead(_session_of(session, duty))
    if swap_for is not None:
        if swap_for.adviser_id == duty.adviser_id or swap_for.organization_id != duty.organization_id:
            raise InvalidInput("Choose a duty of somebody else.")
        _require_ahead(_session_of(session, swap_for))
    duty.cover_wanted_at, duty.swap_for_id = clock.now(), swap_for.id if swap_for else None
    _changed(session, actor, duty, "cover_wanted_at")


def keep(session: Session, actor: Actor, duty: Duty) -> None:
    """The adviser comes after all."""
    _hold(session, duty)
    _require_own(actor, duty)
    _settle(duty)
    _changed(session, actor, duty, "cover_wanted_at")


def cover(session: Session, actor: Actor, duty: Duty) -> None:
    """The actor takes a duty for which cover is wanted; from now on it is theirs."""
    adviser_id = worker_of(actor).user_id
    _hold(session, duty)
    _require_wanted(duty)
    _require_ahead(_session_of(session, duty))
    _require_adviser(session, duty.organization_id, adviser_id)
    _require_free(session, adviser_id, _session_of(session, duty))
    duty.adviser_id = adviser_id
    _settle(duty)
    _changed(session, actor, duty, "adviser_id")


def agree_to_swap(session: Session, actor: Actor, duty: Duty) -> None:
    """The actor, whose duty was asked for in exchange, agrees: each takes the other's."""
    wanted_id = duty.swap_for_id
    _hold_all(session, {duty.id, wanted_id} - {None})
    if wanted_id is None or duty.swap_for_id != wanted_id:
        raise Refused("They do not ask for this any more.")
    own = session.get_one(Duty, wanted_id)
    _require_own(actor, own)
    _hold_advisers(session, duty.adviser_id, own.adviser_id)
    theirs, mine = _session_of(session, duty), _session_of(session, own)
    _require_ahead(theirs)
    _require_ahead(mine)
    away = {duty.id, own.id}
    _require_free(session, own.adviser_id, theirs, leaving=away)
    _require_free(session, duty.adviser_id, mine, leaving=away)
    duty.session_id, own.session_id = own.session_id, duty.session_id
    _settle(duty)
    _settle(own)
    session.flush()
    for each in away:
        record(session, actor, Action.CHANGED, (SUBJECT, each), fields=["session_id"])


def decline_swap(session: Session, actor: Actor, duty: Duty) -> None:
    """The actor does not want to swap; cover is wanted still, of anybody."""
    _hold(session, duty)
    if duty.swap_for_id is None:
        return
    _require_own(actor, session.get_one(Duty, duty.swap_for_id))
    duty.swap_for_id = None
    _changed(session, actor, duty, "swap_for_id")


def take_off(session: Session, actor: Actor, duty: Duty) -> None:
    """A supervisor takes somebody off a session."""
    if not is_supervisor(actor):
        raise Refused("Ask for cover. Only a supervisor takes somebody off the rota.")
    wanted = select(Duty).where(Duty.swap_for_id == duty.id).order_by(Duty.id)
    _hold_all(session, [duty.id, *(asking.id for asking in session.scalars(wanted))])
    for asking in session.scalars(wanted):
        asking.swap_for_id = None
    session.flush()
    session.delete(duty)
    session.flush()
    record(session, actor, Action.DELETED, (SUBJECT, duty.id))


def take_out(session: Session, actor: Actor, found: AdviceSession) -> None:
    """A supervisor takes a session out of the plan. Refused where anything happened in it."""
    if not is_supervisor(actor):
        raise Refused("Only a supervisor takes a session out of the plan.")
    for model in (QueueEntry, PhoneCall, AdviceContact):
        if session.scalar(select(func.count()).select_from(model).where(model.session_id == found.id)):
            raise Refused("People came to this session, so it stays. Close it instead.")
    for duty in session.scalars(select(Duty).where(Duty.session_id == found.id).order_by(Duty.id)):
        take_off(session, actor, duty)
    session.delete(found)
    session.flush()
    record(session, actor, Action.DELETED, ("advice_session", found.id))


def _session_of(session: Session, duty: Duty) -> AdviceSession:
    return session.get_one(AdviceSession, duty.session_id)


def _settle(duty: Duty) -> None:
    duty.cover_wanted_at, duty.swap_for_id = None, None


def _hold(session: Session, duty: Duty) -> None:
    """See a duty as it is now and keep it so.

    Others may still ask for it in exchange: naming a row locks it a little (PostgreSQL's KEY SHARE), and two who each
    hold theirs and ask for the other's must not wait for each other.
    """
    names = ("session_id", "adviser_id", "cover_wanted_at", "swap_for_id")
    session.refresh(duty, names, with_for_update={"key_share": True})


def _hold_all(session: Session, duty_ids: Collection[UUID | None]) -> None:
    """As `_hold`, several: always in the order of their ids, so that nobody waits for who waits for them."""
    wanted = select(Duty).where(Duty.id.in_(duty_ids)).order_by(Duty.id).with_for_update(key_share=True)
    session.scalars(wanted.execution_options(populate_existing=True)).all()


def _hold_advisers(session: Session, *user_ids: UUID) -> None:
    """Their presses come one after the other; of two advisers always the same one first."""
    wanted = select(User.id).where(User.id.in_(user_ids)).order_by(User.id)
    session.execute(wanted.with_for_update(key_share=True))


def _changed(session: Session, actor: Actor, duty: Duty, field: str) -> None:
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, duty.id), fields=[field])


def _require_own(actor: Actor, duty: Duty) -> None:
    if duty.adviser_id != actor.user_id:
        raise Refused("This is not your duty any more.")


def _require_wanted(duty: Duty) -> None:
    if duty.cover_wanted_at is None:
        raise Refused("Cover is not wanted any more.")


def _require_ahead(found: AdviceSession) -> None:
    if found.ends_at <= clock.now():
        raise Refused("This session is over.")


def _require_adviser(session: Session, organization_id: UUID, user_id: UUID) -> None:
    known = member(session, organization_id, user_id)
    if known is None or Role.ADVISER not in known.roles:
        raise Refused("Only an adviser of your organisation can be on the rota.")


def _require_free(
    session: Session, adviser_id: UUID, found: AdviceSession, *, leaving: Collection[UUID] = frozenset()
) -> None:
    """Clash where the adviser is elsewhere at that time; two presses at once come one after the other."""
    adviser = session.scalars(
        select(User).where(User.id == adviser_id).order_by(User.id).with_for_update(key_share=True)
    ).one()
    others = session.scalars(
        select(Duty)
        .join(AdviceSession, AdviceSession.id == Duty.session_id)
        .where(
            Duty.adviser_id == adviser_id,
            Duty.id.not_in(leaving),
            AdviceSession.starts_at < found.ends_at,
            AdviceSession.ends_at > found.starts_at,
        )
        .options(joinedload(Duty.session))
        .order_by(AdviceSession.starts_at, Duty.id)
    )
    if (other := others.first()) is not None:
        raise Clash(adviser.name, other.session)
