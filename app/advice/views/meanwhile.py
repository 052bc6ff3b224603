"""What others wrote while a contact was being typed, or the same adviser in another window: shown, never lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from flask import request
from sqlalchemy.orm import Session
from wtforms import StringField

from app.accounts.current import current_actor
from app.advice import queries
from app.advice.forms import ContactForm
from app.advice.models import AdviceContact, AdviceDraft
from app.advice.operations.contacts import open_contact
from app.advice.views.beginning import Origins
from app.core.actor import Actor
from app.core.errors import NotFound
from app.web.blueprint import afterwards
from app.web.database import db


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """Contacts that came to be since: the correction of the one that is corrected, those that went on with another.

    `origins` are those to go on with: what was corrected meanwhile is corrected from the newest on.
    """

    origins: Origins
    corrected: AdviceContact | None = None
    followed: tuple[AdviceContact, ...] = ()

    @classmethod
    def of(cls, origins: Origins) -> Meanwhile:
        """As it stands now. What the actor may not see, or what is gone, is left for whoever logs to stumble on."""
        try:
            corrects, follows = _visible(origins["corrects"]), _visible(origins["follows"])
        except NotFound:
            return cls(origins)
        found = cls(origins)
        if corrects is not None and (newest := queries.newest_of(db.session(), corrects)) is not corrects:
            found = replace(found, origins=Origins({**origins.ids, "corrects": newest.id}), corrected=newest)
        if follows is not None and corrects is None:
            found = replace(found, followed=tuple(queries.followed_by(db.session(), follows)))
        return found

    @property
    def seen(self) -> str:
        """What a page says back of it: the latest that went on."""
        return str(self.followed[0].id) if self.followed else ""

    def is_news(self, seen: str) -> bool:
        """Whether there is something that whoever sends the form has not had before them."""
        return self.corrected is not None or seen != self.seen

    def put_on_record(self) -> None:
        """Who is shown a contact has looked at it, also on a page that was refused and keeps nothing else."""
        for contact in (*self.followed, *([self.corrected] if self.corrected else [])):
            look = partial(_look_at, current_actor(), contact.id)
            if request.method == "GET":
                look(db.session())
            else:
                afterwards(look)


@dataclass(frozen=True, slots=True)
class OtherWindow:
    """The draft as another window left it: where it says something else, by the names of the form."""

    draft: AdviceDraft
    says: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, form: ContactForm, draft_id: UUID | None) -> OtherWindow | None:
        """None where there is no such draft, or not any more."""
        if draft_id is None:
            return None
        try:
            other = queries.draft(db.session(), current_actor(), draft_id)
        except NotFound:
            return None
        return cls(other, tuple(_differences(form, other)))


def _differences(form: ContactForm, other: AdviceDraft) -> Iterator[tuple[str, str]]:
    for field in form:
        there = "".join(other.fields.get(field.name, ())[:1])
        if isinstance(field, StringField) and there and there != (field.data or ""):
            yield str(field.label.text), there


def _look_at(actor: Actor, contact_id: UUID, session: Session) -> None:
    open_contact(session, actor, contact_id)


def _visible(contact_id: UUID | None) -> AdviceContact | None:
    return queries.contact(db.session(), current_actor(), contact_id) if contact_id else None
