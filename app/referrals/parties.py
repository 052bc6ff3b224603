"""As what an actor stands to a referral: what they may do follows from the party, what they see from the viewer."""

from __future__ import annotations

from app.accounts.codes import Role
from app.core.actor import Actor, ActorKind
from app.referrals.codes import Move, Party, Source, Status
from app.referrals.models import Referral
from app.referrals.rules.states import moves_open_to
from app.referrals.rules.visibility import Viewer

# Who sends people on at work, and who takes them on. A tutor never reads why somebody comes.
REFERRING = (Role.SURGERY, Role.HUB, Role.ADVISER, Role.PROVIDER)
RECEIVING = (Role.HUB, Role.ADVISER, Role.PROVIDER)
_BEFORE_ACCEPTANCE = frozenset({Status.SENT, Status.INFO_REQUESTED, Status.REJECTED, Status.REDIRECTED})


def parties_of(actor: Actor, referral: Referral) -> frozenset[Party]:
    """Every part that the actor has in this referral; none at all for everybody else."""
    if actor.kind is ActorKind.LINK:
        return _of_link(actor, referral)
    if actor.kind is ActorKind.PERSON:
        return frozenset()
    found: set[Party] = set()
    if not actor.is_staff or actor.organization_id is None:
        return frozenset()
    if actor.organization_id == referral.receiver_organization_id and is_with_receiver(referral):
        found |= {Party.RECEIVER, Party.WORKER} if actor.holds(*RECEIVING) else set()
        found |= {Party.MANAGER} if actor.holds(Role.MANAGER) else set()
    if actor.organization_id == referral.referrer_organization_id and actor.holds(*REFERRING):
        found.add(Party.REFERRER)
    return frozenset(found)


def viewer_of(actor: Actor, referral: Referral) -> Viewer | None:
    """As what the actor looks at this referral: the nearest of their parts; None for a stranger."""
    found = parties_of(actor, referral)
    if Party.WORKER in found:
        return Viewer.TRIAGE if referral.status in _BEFORE_ACCEPTANCE else Viewer.WORKER
    for party, viewer in (
        (Party.MANAGER, Viewer.MANAGER),
        (Party.REFERRER, Viewer.REFERRER),
        (Party.PERSON, Viewer.PERSON),
    ):
        if party in found:
            return viewer
    return None


def is_with_receiver(referral: Referral) -> bool:
    """Whether the receiver may see it: it was sent, and the person has not taken the permission back."""
    return referral.status is not Status.DRAFT and referral.sent_at is not None and referral.hidden_at is None


def moves_of(referral: Referral, party: Party) -> tuple[Move, ...]:
    """What somebody in that part can do with it as it stands."""
    return moves_open_to(referral.status, party, taken_back=referral.hidden_at is not None)


def _of_link(actor: Actor, referral: Referral) -> frozenset[Party]:
    if actor.subject_id != referral.id:
        return frozenset()
    if referral.source is Source.SELF and referral.receiver_organization_id is not None:
        return frozenset({Party.PERSON})
    if referral.receiver_organization_id is None and is_with_receiver(referral):
        return frozenset({Party.RECEIVER, Party.WORKER})
    return frozenset()
