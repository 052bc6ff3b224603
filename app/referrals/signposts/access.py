"""Who may signpost, and whose signposts one sees."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false

from app.accounts.access import staff
from app.accounts.codes import Role
from app.core.actor import Actor
from app.referrals.signposts.models import Signpost

# A commissioner sees figures, never a line about one person; who only receives people sees nothing of their matters.
ROLES = tuple(role for role in Role if role not in {Role.COMMISSIONER, Role.FRONT_DESK})
SIGNPOSTER = staff(*ROLES)


def may_signpost(actor: Actor) -> bool:
    """Whether the actor picks services for others."""
    return actor.is_staff and actor.holds(*ROLES)


def is_own(actor: Actor) -> ColumnElement[bool]:
    """The signposts that an actor sees: those of the organisation they work in."""
    if not may_signpost(actor) or actor.organization_id is None:
        return false()
    return Signpost.organization_id == actor.organization_id
