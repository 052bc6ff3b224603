"""The word back to those whom no notice of ours reaches: somebody sends it and says so, and the loop closes."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.errors import NotFound, Refused
from app.people.queries import permission_versions
from app.people.rules.permissions import telling_level
from app.referrals.codes import Occasion, Party, Recipient, Way
from app.referrals.models import Referral, Telling
from app.referrals.operations.due import set_due
from app.referrals.operations.loop import cut, is_held_back, issue
from app.referrals.operations.moving import held_whatever
from app.referrals.operations.tasks import owner_with_receiver, settle_about_word, settle_practice
from app.referrals.parties import parties_of


def may_say_sent(session: Session, actor: Actor, telling: Telling) -> bool:
    """Whether the actor answers for this message: the receiver, or the referrer where no receiver has an account.

    A group with a link sends only to a practice that it was told of with the referral. A referrer who reads here what
    a notice did not bring them says so.
    """
    referral, parties = telling.referral, parties_of(actor, telling.referral)
    if telling.recipient is Recipient.PERSON:
        return False
    if parties & {Party.WORKER, Party.MANAGER}:
        is_known = telling.recipient is Recipient.REFERRER or bool(practice_of(referral))
        return is_known or actor.kind is not ActorKind.LINK
    if Party.REFERRER not in parties:
        return False
    if telling.recipient is Recipient.REFERRER:
        return telling.bounced_at is not None
    return owner_with_receiver(session, referral) is None


def practice_of(referral: Referral) -> str:
    """The practice that was named with the referral as it was sent."""
    return str(((referral.snapshot or {}).get("person") or {}).get("gp_name", ""))


def to_send(session: Session, actor: Actor, told: list[Telling]) -> list[Telling]:
    """Those of the messages that have not gone and that the actor may say have. What the person still reads waits."""
    left = [each for each in told if each.done_at is None and may_say_sent(session, actor, each)]
    return [each for each in left if not is_held_back(session, each)]


def say_sent(session: Session, actor: Actor, telling: Telling, *, way: Way) -> bool:
    """Somebody says that it went, and how. What is permitted is looked at once more: False where nothing is now."""
    referral = held_whatever(session, telling.referral_id)
    session.refresh(telling)
    if not may_say_sent(session, actor, telling):
        raise NotFound("message")
    if is_held_back(session, telling):
        raise Refused("The person is reading this message. It goes when they agree, or when their time is over.")
    if telling.done_at is not None:
        raise Refused("This message has gone already.")
    may_go = cut_to_permission(session, telling)
    if may_go:
        issue(session, actor, telling, way=way)
    set_due(session, referral)
    settle_about_word(session, actor, referral)
    if telling.occasion is Occasion.MISSED:
        settle_practice(session, actor, referral)
    return may_go


def cut_to_permission(session: Session, telling: Telling) -> bool:
    """Cut a message that has not gone to what the person allows today: a permission can run out by itself.

    False where nothing may go any more.
    """
    cut(session, telling, telling_level(permission_versions(session, telling.referral.person_id), clock.today()))
    session.flush()
    return telling.forbidden_noted_at is None
