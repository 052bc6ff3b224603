"""Who leads a session: chosen, unable to come, and stood in for once somebody is asked and has said yes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.booking.codes import LeadState
from app.booking.models import BookableSession, SessionFacilitator
from app.booking.operations.programme import refuse_clashes
from app.booking.queries import programme
from app.booking.rules.clashes import Slot
from app.core.actor import Actor
from app.core.errors import InvalidInput


def choose(session: Session, actor: Actor, sessions: Iterable[BookableSession], people: Collection[UUID]) -> None:
    """These people lead these sessions. Clashing where one of them is taken, InvalidInput where one is not ours."""
    _check_ours(session, actor, people)
    for one in sessions:
        known = {lead.facilitator_id for lead in one.facilitators}
        _check_free(session, one, set(people) - known)
        for lead in [lead for lead in one.facilitators if lead.facilitator_id not in people]:
            _take_off(one, lead)
        for person in sorted(set(people) - known, key=lambda person: person.bytes):
            one.facilitators.append(SessionFacilitator(facilitator_id=person, state=LeadState.COMES))
        _written(session, actor, one)


def _take_off(one: BookableSession, lead: SessionFacilitator) -> None:
    one.facilitators.remove(lead)
    _needs_no_cover(one, lead)


def _needs_no_cover(one: BookableSession, lead: SessionFacilitator) -> None:
    """Who stood in for them leads in their own right; who was only asked to is not asked any more."""
    for other in [other for other in one.facilitators if other.covers_id == lead.facilitator_id]:
        if other.state is LeadState.ASKED:
            one.facilitators.remove(other)
        other.covers_id = None


def cannot_come(session: Session, actor: Actor, lead: SessionFacilitator) -> None:
    """Somebody cannot come. Cover is wanted then; where they stood in for another, it is wanted for that one again."""
    one = lead.session
    if lead.covers_id is not None:
        one.facilitators.remove(lead)
    else:
        lead.state = LeadState.CANNOT_COME
    _written(session, actor, one)


def can_come_after_all(session: Session, actor: Actor, lead: SessionFacilitator) -> None:
    """They come after all. Clashing where they are taken now, InvalidInput where they lead nothing any more."""
    if not lead.facilitator.is_active:
        raise InvalidInput("This person leads nothing any more.")
    _check_free(session, lead.session, {lead.facilitator_id})
    lead.state = LeadState.COMES
    _needs_no_cover(lead.session, lead)
    _written(session, actor, lead.session)


def ask_to_cover(session: Session, actor: Actor, lead: SessionFacilitator, stand_in: UUID) -> None:
    """Write down who is asked to stand in. Clashing where they are taken, InvalidInput where they cannot be asked."""
    _check_ours(session, actor, {stand_in})
    if lead.state is not LeadState.CANNOT_COME:
        raise InvalidInput("Cover is for somebody who cannot come.")
    if stand_in in {other.facilitator_id for other in lead.session.facilitators}:
        raise InvalidInput("This person is down for that date already. Choose somebody else.")
    _check_free(session, lead.session, {stand_in})
    asked = SessionFacilitator(facilitator_id=stand_in, state=LeadState.ASKED, covers_id=lead.facilitator_id)
    lead.session.facilitators.append(asked)
    _written(session, actor, lead.session)


def answered(session: Session, actor: Actor, lead: SessionFacilitator, *, yes: bool) -> None:
    """Who was asked has said yes or no."""
    one = lead.session
    if lead.state is not LeadState.ASKED:
        return
    if yes:
        lead.state = LeadState.COMES
    else:
        one.facilitators.remove(lead)
    _written(session, actor, one)


def _check_ours(session: Session, actor: Actor, people: Collection[UUID]) -> None:
    if not set(people) <= {one.id for one in programme.facilitators_of(session, actor.organization_id)}:
        raise InvalidInput("Choose people of your own organisation.")


def _check_free(session: Session, one: BookableSession, people: Collection[UUID]) -> None:
    wanted = Slot(session=one.id, starts_at=one.starts_at, ends_at=one.ends_at, facilitators=frozenset(people))
    refuse_clashes(session, [wanted] if people else [])


def _written(session: Session, actor: Actor, one: BookableSession) -> None:
    session.flush()
    record(session, actor, Action.CHANGED, ("session", one.id), fields=("facilitators",))
