"""Giving, refusing and withdrawing the five permissions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput
from app.core.events import announce
from app.core.text import clean, single_line
from app.people.codes import PermissionKind, PermissionMethod, SharingLevel
from app.people.events import PermissionChanged
from app.people.models import Permission, PermissionOrganization, Person
from app.people.queries import permission_history, versions_of
from app.people.rules.permissions import standing

# Somebody else decided: who and why belongs on record (Mental Capacity Act 2005, sections 4 and 9).
DECIDED_BY_OTHERS = frozenset({PermissionMethod.PROXY, PermissionMethod.BEST_INTERESTS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody said to one of the five questions, how, from when and until when.

    `level` belongs to telling the GP and referrer, `organizations` (names by id) to sharing a referral.
    """

    kind: PermissionKind
    given: bool
    method: PermissionMethod
    starts_on: date | None = None
    expires_on: date | None = None
    level: SharingLevel | None = None
    organizations: Mapping[UUID, str] = field(default_factory=dict)
    note: str = ""


def answer_permission(session: Session, actor: Actor, person: Person, answer: Answer) -> Permission:
    """Write down an answer as the next version; what was said before stays. InvalidInput where it does not fit."""
    _fits(answer)
    starts_on = answer.starts_on or clock.today()
    if answer.expires_on is not None and answer.expires_on < starts_on:
        raise InvalidInput("The permission must not end before it begins.")
    row = Permission(
        person_id=person.id,
        kind=answer.kind,
        version=_next_version(session, person.id, answer.kind),
        given=answer.given,
        starts_on=starts_on,
        expires_on=answer.expires_on if answer.given else None,
        method=answer.method,
        level=answer.level if answer.given else None,
        note=clean(answer.note),
        taken_by_id=actor.user_id if actor.is_staff else None,
        organization_id=actor.organization_id,
        organizations=[
            PermissionOrganization(organization_id=id_, name=single_line(name))
            for id_, name in answer.organizations.items()
            if answer.given
        ],
    )
    session.add(row)
    session.flush()
    record(session, actor, Action.CHANGED, ("permission", row.id), person_id=person.id, fields=[answer.kind.value])
    announce(session, PermissionChanged(person, row))
    return row


def permit_sharing(
    session: Session,
    actor: Actor,
    person: Person,
    organizations: Mapping[UUID, str],
    *,
    method: PermissionMethod,
    expires_on: date | None = None,
) -> Permission:
    """Let a referral go to these organisations too, beside those that the person has named and not taken back."""
    history = permission_history(session, person.id)
    now = standing(versions_of(history), PermissionKind.SHARE_REFERRAL, clock.today())
    named: dict[UUID, str] = {}
    if now.in_force and now.version is not None:
        number = now.version.version
        rows = (row for row in history if row.kind is PermissionKind.SHARE_REFERRAL and row.version == number)
        named = {each.organization_id: each.name for row in rows for each in row.organizations}
    answer = Answer(
        kind=PermissionKind.SHARE_REFERRAL,
        given=True,
        method=method,
        expires_on=expires_on,
        organizations={**named, **organizations},
    )
    return answer_permission(session, actor, person, answer)


def withdraw_permission(
    session: Session,
    actor: Actor,
    person: Person,
    kind: PermissionKind,
    *,
    method: PermissionMethod = PermissionMethod.WRITTEN,
) -> Permission:
    """Take a permission back from today on. What was shared while it held stays shared, and on record."""
    return answer_permission(session, actor, person, Answer(kind=kind, given=False, method=method))


def hold_answers(session: Session, *person_ids: UUID) -> None:
    """Let nobody answer anew until this transaction ends: what is sent now is sent by what holds now.

    Taken before the lock of anything that hangs on the people, as a new answer takes them; of several in one order.
    """
    held = select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id)
    session.execute(held.with_for_update(key_share=True))


def _fits(answer: Answer) -> None:
    if answer.method in DECIDED_BY_OTHERS and not answer.note.strip():
        raise InvalidInput("Say who decided for them, and why.")
    tells = answer.kind is PermissionKind.TELL_REFERRER
    if answer.level is not None and not tells:
        raise InvalidInput("Only what the GP is told has a level.")
    if tells and answer.given and answer.level is None:
        raise InvalidInput("Choose how much the GP is told.")
    if answer.organizations and answer.kind is not PermissionKind.SHARE_REFERRAL:
        raise InvalidInput("Only sharing a referral names organisations.")
    if answer.kind is PermissionKind.SHARE_REFERRAL and answer.given and not answer.organizations:
        raise InvalidInput("Name at least one organisation that the referral may go to.")


def _next_version(session: Session, person_id: UUID, kind: PermissionKind) -> int:
    """The number after the last; the person's row is locked, so that two answers at once get two numbers."""
    hold_answers(session, person_id)
    last = select(func.max(Permission.version)).where(Permission.person_id == person_id, Permission.kind == kind)
    return (session.scalar(last) or 0) + 1
