"""Calls of a telephone shift: one press each, and a contact where there is more to say."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.advice.codes import CallResult, SessionKind
from app.advice.details import worker_of
from app.advice.models import AdviceContact, AdviceSession, PhoneCall
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, Refused

SUBJECT = "advice_call"
# Nobody was spoken to, so it takes no time that is asked for.
TAKES_NO_TIME = frozenset({CallResult.NOT_REACHED, CallResult.ENGAGED})
LONGEST = 600


def note_call(session: Session, actor: Actor, found: AdviceSession, result: CallResult, minutes: int = 0) -> PhoneCall:
    """Note a call. Refused on a session that is closed or no telephone shift; InvalidInput for an endless one."""
    if found.kind is not SessionKind.TELEPHONE:
        raise Refused("Calls are noted on a telephone shift.")
    if found.closed_at is not None:
        raise Refused("This shift is closed. Open it again to note a call.")
    if not 0 <= minutes <= LONGEST or (result is CallResult.ANSWERED and minutes == 0):
        raise InvalidInput("Choose how many minutes it took.")
    made = PhoneCall(
        organization_id=found.organization_id,
        session_id=found.id,
        adviser_id=worker_of(actor).user_id,
        at=clock.now(),
        result=result,
        minutes=minutes,
    )
    session.add(made)
    session.flush()
    record(session, actor, Action.CREATED, (SUBJECT, made.id))
    return made


def take_back(session: Session, actor: Actor, call: PhoneCall) -> None:
    """It was pressed by mistake. Refused for another's call, and for one that became a contact."""
    if call.adviser_id != actor.user_id or call.contact_id is not None:
        raise Refused("Only your own call can be taken out, and only while it is no contact.")
    session.delete(call)
    session.flush()
    record(session, actor, Action.DELETED, (SUBJECT, call.id))


def tie_contact(session: Session, actor: Actor, call: PhoneCall, contact: AdviceContact) -> None:
    """The call's contact was logged."""
    call.contact_id = contact.id
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, call.id), fields=["contact_id"])
