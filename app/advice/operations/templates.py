"""What contacts and letters begin with: kept, taken out of use and brought back, by a supervisor alone."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.advice.models import ContactTemplate, LetterTemplate
from app.advice.operations.changing import hold_as_read
from app.advice.scope import is_supervisor
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import Refused

Template = ContactTemplate | LetterTemplate


def require_supervisor(actor: Actor) -> None:
    """Refused for anybody else."""
    if not is_supervisor(actor):
        raise Refused("Only a supervisor changes templates.")


def keep(
    session: Session, actor: Actor, template: Template, values: Mapping[str, object], *, read: int | None = None
) -> None:
    """Write a new template, or what one is to be from now on. ChangedMeanwhile where it is another than was read."""
    is_new = template not in session
    if not is_new:
        hold_as_read(session, template, read)
    for name, value in values.items():
        setattr(template, name, value)
    session.add(template)
    session.flush()
    record(session, actor, Action.CREATED if is_new else Action.CHANGED, (template.__tablename__, template.id))


def retire(session: Session, actor: Actor, template: Template, *, retired: bool = True) -> None:
    """Take a template out of use, or bring it back."""
    require_supervisor(actor)
    template.retired_at = clock.now() if retired else None
    session.flush()
    record(session, actor, Action.CHANGED, (template.__tablename__, template.id), fields=["retired_at"])
