"""Group sessions and templates: written down, put right, taken out of use."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.accounts.queries import member
from app.advice.codes import Level, Place, StepBy
from app.advice.details import worker_of
from app.advice.issue_tree import issue_tree
from app.advice.models import ContactTemplate, GroupSession
from app.advice.operations.changing import hold_as_read
from app.advice.operations.templates import keep, require_supervisor
from app.advice.scope import is_supervisor
from app.audit.codes import Action
from app.audit.operations import record
from app.core.actor import Actor
from app.core.errors import InvalidInput, Refused

GROUP = "advice_group_session"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldGroup:
    """What is written down of a group session."""

    adviser_id: UUID
    happened_on: date
    issue: str
    came: int
    minutes: int
    place: Place = Place.OFFICE
    place_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldTemplate:
    """What a template begins a contact with."""

    name: str
    level: Level
    issues: tuple[str, ...] = ()
    advice: str = ""
    sources: str = ""
    step: str = ""
    step_by: StepBy = StepBy.ADVISER
    step_days: int | None = None


def log_group(session: Session, actor: Actor, told: ToldGroup) -> GroupSession:
    """Write a group session down. InvalidInput for what cannot be; Refused for somebody who is no adviser here."""
    _check_group(session, actor, told)
    made = GroupSession(organization_id=worker_of(actor).organization_id, **asdict(told))
    session.add(made)
    session.flush()
    record(session, actor, Action.CREATED, (GROUP, made.id))
    return made


def correct_group(
    session: Session, actor: Actor, found: GroupSession, told: ToldGroup, *, read: int | None = None
) -> None:
    """Put a group session right. Refused for anybody but who gave it and a supervisor.

    `read` is the version that they change: ChangedMeanwhile where there is another.
    """
    if found.adviser_id != actor.user_id and not is_supervisor(actor):
        raise Refused("Ask whoever gave the session, or a supervisor, to put it right.")
    _check_group(session, actor, told)
    hold_as_read(session, found, read)
    changed = [name for name, value in asdict(told).items() if getattr(found, name) != value]
    for name in changed:
        setattr(found, name, getattr(told, name))
    session.flush()
    record(session, actor, Action.CHANGED, (GROUP, found.id), fields=changed)


def _check_group(session: Session, actor: Actor, told: ToldGroup) -> None:
    if told.issue not in issue_tree():
        raise InvalidInput("Choose a topic.")
    known = member(session, worker_of(actor).organization_id, told.adviser_id)
    if known is None or Role.ADVISER not in known.roles:
        raise InvalidInput("Choose an adviser of your organisation.")


def write_template(
    session: Session,
    actor: Actor,
    told: ToldTemplate,
    found: ContactTemplate | None = None,
    *,
    read: int | None = None,
) -> ContactTemplate:
    """A new template, or one as it is to be from now on. Only for a supervisor.

    `read` is the version that they change: ChangedMeanwhile where there is another.
    """
    require_supervisor(actor)
    if unknown := [code for code in told.issues if code not in issue_tree()]:
        raise InvalidInput(f"There is no issue {unknown[0][:40]}.")
    made = found or ContactTemplate(organization_id=worker_of(actor).organization_id)
    keep(session, actor, made, asdict(told) | {"issues": list(told.issues)}, read=read)
    return made
