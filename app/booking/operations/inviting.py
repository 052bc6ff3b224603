"""Inviting people to a run that is by invitation, and letting in who was invited."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.booking.announcements import PersonInvited
from app.booking.models import Run, RunInvitation
from app.booking.operations.feeds import TOKEN_BYTES, digest
from app.booking.queries import inviting as reads
from app.booking.rules.inviting import KEPT_AFTER, Invitation, admits, stands
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound, Refused
from app.core.events import announce
from app.notifications import links
from app.notifications.about import About

# Of a link that is sent again: of the first only its digest is kept.
AGAIN = "invitation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Who is invited: somebody by name, or so many people who are given a link."""

    name: str
    address: str | None
    most_people: int
    expires_at: datetime


class InvitedAlready(Refused):
    """They have an invitation that they can still book with; another one would be no more than a second message."""

    def __init__(self, until: datetime) -> None:
        super().__init__("They are invited already.")
        self.until = until


def invite(session: Session, actor: Actor, run: Run, guest: Guest) -> str:
    """Invite, and write where there is an address. Gives the token of the link, which is kept nowhere.

    Raises InvitedAlready where the address has a link of this run that is not used up.
    """
    if actor.user_id is None:
        raise NotFound("user")
    if guest.address:
        # Whoever presses twice waits here for the first.
        session.execute(select(Run.id).where(Run.id == run.id).with_for_update())
        if standing := reads.standing_to(session, run.id, guest.address):
            raise InvitedAlready(standing.expires_at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    made = RunInvitation(
        run=run,
        digest=digest(token),
        name=guest.name,
        address=guest.address,
        most_people=1 if guest.address else guest.most_people,
        expires_at=guest.expires_at,
        made_by_id=actor.user_id,
    )
    session.add(made)
    session.flush()
    record(session, actor, Action.CREATED, ("run_invitation", made.id))
    announce(session, PersonInvited(made, token))
    return token


def take_back(session: Session, actor: Actor, run: Run, invitation_id: UUID) -> None:
    """The link works no more; who has booked with it keeps the place. NotFound for another run's."""
    found = session.get(RunInvitation, invitation_id)
    if found is None or found.run_id != run.id:
        raise NotFound("invitation")
    found.revoked_at = found.revoked_at or clock.now()
    session.flush()
    record(session, actor, Action.CHANGED, ("run_invitation", found.id), fields=("revoked_at",))


def opened(session: Session, token: str) -> RunInvitation | None:
    """The invitation of a link that still stands. Uses nothing up."""
    found = reads.by_digest(session, digest(token)) or _by_link_again(session, token)
    return found if found is not None and stands(as_it_is(session, found, None), clock.now()) else None


def link_again(session: Session, invitation: RunInvitation) -> str:
    """The token of another link to the same invitation, good for as long as that; the first one works on."""
    about = About(type="run_invitation", id=invitation.id)
    return links.issue(session, AGAIN, about, lifetime=invitation.expires_at - clock.now(), once=False)


def _by_link_again(session: Session, token: str) -> RunInvitation | None:
    link = links.find(session, AGAIN, token)
    return session.get(RunInvitation, link.subject_id) if link is not None else None


def may_book_with(session: Session, invitation_id: UUID, run_id: UUID, attendee_id: UUID | None) -> bool:
    """Whether somebody may book a run with an invitation; who asks keeps everybody else from using it meanwhile."""
    wanted = select(RunInvitation).where(RunInvitation.id == invitation_id).with_for_update(of=RunInvitation)
    found = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if found is None or found.run_id != run_id:
        return False
    known = as_it_is(session, found, attendee_id)
    # Before it is known who asks, whoever has the link may begin: they may be one who used it before.
    return stands(known, clock.now()) if attendee_id is None else admits(known, clock.now())


def as_it_is(session: Session, found: RunInvitation, attendee_id: UUID | None) -> Invitation:
    """An invitation as the rules see it, asked for by somebody."""
    return Invitation(
        most_people=found.most_people,
        used_by=reads.uses(session, [found.id]).get(found.id, 0),
        expires_at=found.expires_at,
        revoked=found.revoked_at is not None,
        used_by_them=attendee_id is not None and reads.was_used_by(session, found.id, attendee_id),
    )


def forget_guests(session: Session) -> int:
    """Wipe who was asked by invitations that are long over. Says of how many."""
    over = RunInvitation.expires_at <= clock.now() - KEPT_AFTER
    known = (RunInvitation.name != "") | RunInvitation.address.is_not(None)
    statement = update(RunInvitation).where(over, known).values(name="", address=None).returning(RunInvitation.id)
    return len(session.execute(statement.execution_options(synchronize_session=False)).all())
