"""Who may curate: editors every listing, providers those of their own organisation."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, true

from app.accounts.access import staff
from app.accounts.codes import Role
from app.core.actor import Actor
from app.directory.models import Collection, Organization

EDITOR = staff(Role.DIRECTORY_EDITOR)
CURATOR = staff(Role.DIRECTORY_EDITOR, Role.PROVIDER)
ANY_STAFF = staff()


def is_editor(actor: Actor) -> bool:
    """Whether the actor decides on listings."""
    return actor.holds(Role.DIRECTORY_EDITOR)


def may_curate(actor: Actor) -> ColumnElement[bool]:
    """Which organisations' listings an actor may propose changes to, as a condition on `Organization`."""
    if is_editor(actor):
        return true()
    if actor.holds(Role.PROVIDER):
        return Organization.member_organization_id == actor.organization_id
    return false()


def may_keep(actor: Actor) -> ColumnElement[bool]:
    """Which collections an actor looks after: staff those of their own organisation, editors the editors' too."""
    if not actor.is_staff or actor.organization_id is None:
        return false()
    own = Collection.organization_id == actor.organization_id
    return or_(own, Collection.organization_id.is_(None)) if is_editor(actor) else own
