"""Contacts, their parts and the drafts of new ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.advice.codes import Channel, Level
from app.advice.issue_tree import issue_tree
from app.advice.models import AdviceContact, AdviceDraft, AdviceIssue, KeyDate, NextStep
from app.advice.scope import within
from app.core.actor import Actor
from app.core.errors import NotFound
from app.web.pagination import Page

PAGE = 25
# Nobody goes through more pages; days find what came before.
MOST_COUNTED = 2000
FOLLOWERS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which contacts are asked for; what is None is not asked for. `issue` takes in what is below it."""

    adviser_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    channel: Channel | None = None
    level: Level | None = None
    issue: str | None = None


def contact(session: Session, actor: Actor, contact_id: UUID) -> AdviceContact:
    """One that the actor may see, with its client, case and issues. NotFound for any other."""
    found = session.scalars(
        select(AdviceContact)
        .where(AdviceContact.id == contact_id, within(actor, AdviceContact.organization_id))
        .options(
            joinedload(AdviceContact.person),
            joinedload(AdviceContact.adviser),
            joinedload(AdviceContact.case),
            selectinload(AdviceContact.issues),
        )
        .order_by(AdviceContact.id)
    ).one_or_none()
    if found is None:
        raise NotFound("advice contact")
    return found


def contacts(session: Session, actor: Actor, wanted: Wanted, number: int = 1) -> tuple[list[AdviceContact], Page]:
    """Contacts, latest first, a page at a time.

    Not more are counted than somebody would go through: to count 30,000 takes as long as all else on the page.
    """
    # A page is found soonest by going through the latest, a count by beginning with what is asked for.
    latest = conditions_of(actor, replace(wanted, issue=None))
    if wanted.issue:
        about = (AdviceIssue.contact_id == AdviceContact.id, AdviceIssue.code.in_(_codes(wanted.issue)))
        latest.append(exists().where(*about))
    counted = select(AdviceContact.id).where(*conditions_of(actor, wanted)).limit(MOST_COUNTED + 1).subquery()
    total = session.scalar(select(func.count()).select_from(counted)) or 0
    listed = min(total, MOST_COUNTED)
    page = Page(min(number, Page(1, PAGE, listed).count), PAGE, listed, goes_on=total > MOST_COUNTED)
    rows = session.scalars(
        select(AdviceContact)
        .where(*latest)
        .options(
            joinedload(AdviceContact.person), joinedload(AdviceContact.adviser), selectinload(AdviceContact.issues)
        )
        .order_by(AdviceContact.happened_on.desc(), AdviceContact.id.desc())
        .limit(PAGE)
        .offset(page.offset)
    )
    return list(rows), page


def conditions_of(actor: Actor, wanted: Wanted) -> list[ColumnElement[bool]]:
    """What a contact must be, the actor's organisation first; one that was corrected is none any more."""
    found = [within(actor, AdviceContact.organization_id), AdviceContact.replaced_at.is_(None)]
    if wanted.adviser_id is not None:
        found.append(AdviceContact.adviser_id == wanted.adviser_id)
    if wanted.since is not None:
        found.append(AdviceContact.happened_on >= wanted.since)
    if wanted.until is not None:
        found.append(AdviceContact.happened_on <= wanted.until)
    if wanted.channel is not None:
        found.append(AdviceContact.channel == wanted.channel)
    if wanted.level is not None:
        found.append(AdviceContact.level == wanted.level)
    if wanted.issue:
        about = select(AdviceIssue.contact_id).where(AdviceIssue.code.in_(_codes(wanted.issue)))
        found.append(AdviceContact.id.in_(about))
    return found


def _codes(code: str) -> list[str]:
    """An issue and what is below it: by name, since the index serves a beginning not in every collation."""
    return [code, *(issue.code for issue in issue_tree().below(code))]


def contacts_of_person(session: Session, actor: Actor, person_id: UUID, *, limit: int = 50) -> list[AdviceContact]:
    """What the actor's organisation did for a person, latest first."""
    return list(session.scalars(_of_person(actor, person_id).limit(limit)))


def _of_person(actor: Actor, person_id: UUID) -> Select[AdviceContact]:
    return (
        select(AdviceContact)
        .where(
            AdviceContact.person_id == person_id,
            within(actor, AdviceContact.organization_id),
            AdviceContact.replaced_at.is_(None),
        )
        .options(selectinload(AdviceContact.issues), joinedload(AdviceContact.adviser))
        .order_by(AdviceContact.happened_on.desc(), AdviceContact.id.desc())
    )


def corrected_by(session: Session, contact: AdviceContact) -> AdviceContact | None:
    """The contact that took the place of one that was found in its scope."""
    wanted = select(AdviceContact).where(AdviceContact.replaces_id == contact.id)
    loaded = wanted.options(joinedload(AdviceContact.adviser), selectinload(AdviceContact.issues))
    return session.scalars(loaded.order_by(AdviceContact.id)).one_or_none()


def newest_of(session: Session, contact: AdviceContact) -> AdviceContact:
    """A contact that was found in its scope, or the one that corrects it in the end."""
    while contact.replaced_at is not None and (after := corrected_by(session, contact)) is not None:
        contact = after
    return contact


def followed_by(session: Session, contact: AdviceContact) -> list[AdviceContact]:
    """The contacts that went on with one that was found in its scope, latest first."""
    wanted = select(AdviceContact).where(
        AdviceContact.follows_id == contact.id,
        AdviceContact.organization_id == contact.organization_id,
        AdviceContact.replaced_at.is_(None),
    )
    return list(
        session.scalars(
            wanted.options(joinedload(AdviceContact.adviser), selectinload(AdviceContact.issues))
            .order_by(AdviceContact.created_at.desc(), AdviceContact.id)
            .limit(FOLLOWERS)
        )
    )


def logged_with(session: Session, actor: Actor, key: UUID) -> AdviceContact | None:
    """The contact that a page was logged as; `key` is what contacts keep of it."""
    wanted = select(AdviceContact).where(AdviceContact.form_key == key, within(actor, AdviceContact.organization_id))
    return session.scalars(wanted.options(selectinload(AdviceContact.issues)).order_by(AdviceContact.id)).one_or_none()


def last_of(session: Session, actor: Actor) -> AdviceContact | None:
    """The contact that this adviser logged last: what the next form begins with."""
    return session.scalars(
        select(AdviceContact)
        .where(AdviceContact.adviser_id == actor.user_id, within(actor, AdviceContact.organization_id))
        .order_by(AdviceContact.happened_on.desc(), AdviceContact.created_at.desc(), AdviceContact.id)
        .limit(1)
    ).one_or_none()


def draft(session: Session, actor: Actor, draft_id: UUID, *, held: bool = False) -> AdviceDraft:
    """A draft of the actor's own. NotFound for any other. `held`: two windows that save it wait for each other."""
    wanted = (
        select(AdviceDraft)
        .where(
            AdviceDraft.id == draft_id,
            AdviceDraft.user_id == actor.user_id,
            within(actor, AdviceDraft.organization_id),
        )
        .order_by(AdviceDraft.id)
    )
    if held:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound("draft")
    return found


def draft_kept_as(session: Session, actor: Actor, key: UUID) -> AdviceDraft | None:
    """The actor's own draft that a browser kept under a key until there was a network."""
    return session.scalars(
        select(AdviceDraft)
        .where(
            AdviceDraft.kept_as == key,
            AdviceDraft.user_id == actor.user_id,
            within(actor, AdviceDraft.organization_id),
        )
        .order_by(AdviceDraft.id)
    ).one_or_none()


def draft_of_form(session: Session, actor: Actor, form_key: UUID) -> AdviceDraft | None:
    """The actor's own draft that a page saved last."""
    return session.scalars(
        select(AdviceDraft)
        .where(
            AdviceDraft.form_key == form_key,
            AdviceDraft.user_id == actor.user_id,
            within(actor, AdviceDraft.organization_id),
        )
        .order_by(AdviceDraft.saved_at.desc(), AdviceDraft.id)
        .limit(1)
    ).one_or_none()


def drafts(session: Session, actor: Actor) -> list[AdviceDraft]:
    """The actor's own drafts, latest first."""
    return list(
        session.scalars(
            select(AdviceDraft)
            .where(AdviceDraft.user_id == actor.user_id, within(actor, AdviceDraft.organization_id))
            .order_by(AdviceDraft.saved_at.desc(), AdviceDraft.id)
            .limit(100)
        )
    )


def key_date(session: Session, actor: Actor, date_id: UUID) -> KeyDate:
    """A key date that the actor may see. NotFound for any other."""
    found = session.scalars(
        select(KeyDate).where(KeyDate.id == date_id, within(actor, KeyDate.organization_id)).order_by(KeyDate.id)
    ).one_or_none()
    if found is None:
        raise NotFound("key date")
    return found


def next_step(session: Session, actor: Actor, step_id: UUID) -> NextStep:
    """A step that the actor may see. NotFound for any other."""
    found = session.scalars(
        select(NextStep).where(NextStep.id == step_id, within(actor, NextStep.organization_id)).order_by(NextStep.id)
    ).one_or_none()
    if found is None:
        raise NotFound("step")
    return found
