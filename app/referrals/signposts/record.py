"""What signposts keep of a person: for the record's timeline, a copy of everything, merging and erasing."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.core.actor import Actor, ActorKind
from app.notifications import operations as outbox
from app.notifications.about import About
from app.people.access import may_write
from app.people.models import Person
from app.people.parts import ExportItem, RecordAction, RecordPart, TimelineEntry, register
from app.referrals.signposts.access import is_own, may_signpost
from app.referrals.signposts.models import Signpost
from app.referrals.signposts.rules import PURPOSE


def timeline(session: Session, actor: Actor, person_id: UUID) -> Iterable[TimelineEntry]:
    """When they were given a list, and of what."""
    statement = _of(person_id)
    if actor.kind is not ActorKind.PERSON:
        statement = statement.where(is_own(actor))
    for row in session.scalars(statement):
        yield TimelineEntry(
            at=row.created_at,
            words=_("Given a list"),
            detail=", ".join(line.name for line in row.lines),
            url=f"/desk/signposts/{row.id}" if actor.is_staff else "",
        )


def export(session: Session, person_id: UUID) -> Iterable[ExportItem]:
    """The lists with the words that went with them, and what the person said afterwards."""
    for row in session.scalars(_of(person_id)):
        lines = [
            (line.name, _words(line.what_to_say, line.what_to_bring, line.what_happens_next)) for line in row.lines
        ]
        answers = [
            (line.name, ", ".join(code.value for code in (line.contacted, line.helped, line.hindrance) if code))
            for line in row.lines
            if line.answered_at
        ]
        yield ExportItem(
            heading=_("List %(reference)s", reference=row.reference), at=row.created_at, lines=lines + answers
        )


def erase(session: Session, actor: Actor, person_id: UUID) -> int:  # noqa: ARG001 - whoever erases is on record already
    """Wipe the words; that services were given, and whether they helped, stays to be counted."""
    wiped = 0
    for row in session.scalars(_of(person_id)):
        row.person_id, row.remind_to = None, None
        row.settle()
        for line in row.lines:
            line.what_to_say = line.what_to_bring = line.what_happens_next = ""
        outbox.erase(session, About(type=PURPOSE, id=row.id))
        wiped += 1
    session.flush()
    return wiped


def actions(actor: Actor, person: Person) -> Iterable[RecordAction]:
    """Pick services for them."""
    if may_signpost(actor) and may_write(actor):
        yield RecordAction(label=str(_("Signpost")), url=f"/desk/signposts/new?person={person.id}", order=15)


def _of(person_id: UUID) -> Select[Signpost]:
    return select(Signpost).where(Signpost.person_id == person_id).order_by(Signpost.created_at, Signpost.id)


def _words(*told: str) -> str:
    return " · ".join(words for words in told if words)


register(
    RecordPart(
        name="signposts",
        columns=(Signpost.person_id,),
        timeline=timeline,
        export=export,
        erase=erase,
        actions=actions,
    )
)
