"""A form of a contact as it came in: which page sent it, and what became of its draft meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from flask import request

from app.accounts.current import current_actor
from app.advice import queries
from app.advice.forms import as_uuid
from app.advice.models import AdviceContact, AdviceDraft
from app.advice.operations.contacts import key_of_form
from app.advice.operations.drafts import draft_kept_as, is_parted
from app.advice.rules.timing import opened_at
from app.advice.views.beginning import Origins
from app.core import clock
from app.core.errors import NotFound
from app.web.database import db


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it came in: its draft, where there is one, since when it was open, and which page it was.

    `parted` is the draft that it began with, where another window saved that one meanwhile; `is_gone` says that another
    window logged it or threw it away.
    """

    draft: AdviceDraft | None
    opened: datetime
    origins: Origins
    form_key: UUID
    parted: AdviceDraft | None = None
    is_gone: bool = False

    def logged_before(self) -> AdviceContact | None:
        """The contact that this very page was logged as."""
        actor = current_actor()
        return queries.logged_with(db.session(), actor, key_of_form(actor, self.form_key))


def the_sent_form() -> Sent:
    """The form that this request sends."""
    session, actor = db.session(), current_actor()
    opened = opened_at(request.form.get("opened", ""), clock.now())
    sent = Sent(None, opened, Origins.of(request.form), as_uuid(request.form.get("form_key")) or uuid4())
    own = _own_draft()
    if own is not None and not is_parted(own, version=_version(), form_key=sent.form_key):
        return replace(sent, draft=own)
    if (key := as_uuid(request.form.get("kept_as"))) is not None:
        return replace(sent, draft=draft_kept_as(session, actor, key, opened=opened))
    mine = queries.draft_of_form(session, actor, sent.form_key)
    is_gone = bool(as_uuid(request.form.get("draft"))) and own is None and sent.logged_before() is None
    return replace(sent, draft=mine, parted=own, is_gone=is_gone)


def _own_draft() -> AdviceDraft | None:
    """The draft that the page began with, held; None where there is none, or not any more."""
    draft_id = as_uuid(request.form.get("draft"))
    try:
        return queries.draft(db.session(), current_actor(), draft_id, held=True) if draft_id else None
    except NotFound:
        return None


def _version() -> int | None:
    """The version of the draft that the page says it read; one that never was for rubbish."""
    text = request.form.get("version", "")
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
