"""What a refusal or an ending says of the listing that its pathway belongs to: full, closed, not for them, of help."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.core import postcode
from app.core.actor import Actor
from app.core.events import announce
from app.directory.codes import Accepting, Experience
from app.directory.curation import experiences
from app.directory.curation.operations import state_capacity
from app.directory.curation.redirects import led_to
from app.directory.models import Service
from app.referrals.codes import ClosureOutcome, Move, Status
from app.referrals.models import Referral
from app.referrals.reasons import reason_for
from app.referrals.signposts.announcements import NeedWasUnmet
from app.referrals.signposts.operations import main_topic

_MET_WITH = {
    "service-closed": Experience.CLOSED,
    "not-eligible-age": Experience.NOT_ELIGIBLE,
    "not-eligible-area-or-gp": Experience.NOT_ELIGIBLE,
    "not-eligible-need-or-threshold": Experience.NOT_ELIGIBLE,
}
_HELPED = {ClosureOutcome.ACHIEVED, ClosureOutcome.PARTLY}


def tell_of_help(session: Session, held: Referral, outcomes: Iterable[ClosureOutcome | None]) -> None:
    """One voice for the listing where a goal was reached, if only in part; else what this referral said is dropped."""
    if held.receiver_service_id is not None:
        met_with = Experience.HELPED if set(outcomes) & _HELPED else None
        experiences.tell(session, held.receiver_service_id, told_by=held.id, met_with=met_with)


def tell_directory(session: Session, actor: Actor, held: Referral) -> None:
    """One voice for the listing; where it is full the listing says so, and a need that was sent away is counted.

    Who was passed on to another service is not without help: only a plain no is an unmet need.
    """
    reason = reason_for(Move.REJECT, held.reason)
    service = session.get(Service, led_to(session, held.receiver_service_id)) if held.receiver_service_id else None
    if reason is None or service is None:
        return
    met_with = Experience.FULL if reason.at_capacity else _MET_WITH.get(reason.code)
    if met_with is not None:
        experiences.tell(session, service.id, told_by=held.id, met_with=met_with)
    if reason.at_capacity:
        state_capacity(session, actor, service, Accepting.NO)
    topic = main_topic(session, service.id)
    if topic and met_with in {Experience.FULL, Experience.CLOSED} and held.status is Status.REJECTED:
        found = postcode.parse(held.person.postcode)
        announce(session, NeedWasUnmet(topic, found.district if found else ""))
