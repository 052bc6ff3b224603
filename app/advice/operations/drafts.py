"""Drafts: what was typed so far, kept on the server until the contact is logged or the draft thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.advice import queries
from app.advice.details import worker_of
from app.advice.models import AdviceDraft
from app.advice.rules.timing import seconds_more
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput
from app.core.text import clean, shorten

# Far more than a contact holds, and less than a form may weigh: what is too long for its field is kept as well.
MOST_CHARACTERS = 600_000
TITLE = 80


def save_draft(
    session: Session,
    actor: Actor,
    draft: AdviceDraft | None,
    fields: Mapping[str, list[str]],
    *,
    opened: datetime,
    person_id: UUID | None = None,
    title: str = "",
) -> AdviceDraft:
    """Keep a form as it was typed; a new draft where there is none yet. InvalidInput where it is endless."""
    kept = {name: [clean(value) for value in values] for name, values in fields.items() if any(values)}
    if sum(len(value) for values in kept.values() for value in values) > MOST_CHARACTERS:
        raise InvalidInput("That is more than a contact can hold. Use fewer words, or log two contacts.")
    now, worker = clock.now(), worker_of(actor)
    if draft is None:
        draft = AdviceDraft(organization_id=worker.organization_id, user_id=worker.user_id, saved_at=opened)
        draft.active_seconds, draft.version = 0, 0
        session.add(draft)
    draft.active_seconds += seconds_more(draft.saved_at, now)
    draft.fields, draft.person_id, draft.saved_at = kept, person_id, now
    draft.title = shorten(title, TITLE)
    draft.version += 1
    session.flush()
    return draft


def draft_kept_as(session: Session, actor: Actor, key: UUID, *, opened: datetime) -> AdviceDraft:
    """The draft of what a browser kept under a key until there was a network; an empty one when it first comes."""
    if (known := queries.draft_kept_as(session, actor, key)) is not None:
        return known
    worker = worker_of(actor)
    made = AdviceDraft(organization_id=worker.organization_id, user_id=worker.user_id, saved_at=opened, kept_as=key)
    made.active_seconds, made.version = 0, 0
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:  # the same, sent twice at the same time
        known = queries.draft_kept_as(session, actor, key)
        if known is None:
            raise
        return known
    return made


def is_parted(draft: AdviceDraft, *, version: int | None, form_key: UUID) -> bool:
    """Whether another page saved the draft after this one read it; a page that does not say what it read did not."""
    return version is not None and draft.version != version and draft.form_key != form_key


def throw_away(session: Session, draft: AdviceDraft) -> None:
    """Delete a draft for good."""
    session.delete(draft)
    session.flush()
