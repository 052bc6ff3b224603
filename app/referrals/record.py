"""What referrals keep of a person: for the record's timeline, a copy of everything, merging and erasing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.models import MemberOrganization
from app.core.actor import Actor, ActorKind
from app.notifications import operations as outbox
from app.notifications.about import About
from app.people.labels import LEVELS
from app.people.models import Person
from app.people.parts import ExportItem, RecordAction, RecordPart, TimelineEntry, register
from app.referrals import words
from app.referrals.codes import ENDED, DangerCall, Occasion, Recipient, Status
from app.referrals.models import (
    Appointment,
    ChecklistItem,
    ContactAttempt,
    MessagePreview,
    PlanItem,
    Referral,
    ReferralEvent,
    ReferralGoal,
    ReferralNote,
    ReferralTask,
    Telling,
)
from app.referrals.operations.due import set_due
from app.referrals.operations.previews import call_off
from app.referrals.operations.tasks import settle_all
from app.referrals.parties import REFERRING
from app.referrals.pathway_texts import in_words
from app.referrals.queries import referrals as queries
from app.referrals.queries.pathways import names_for
from app.referrals.queries.times import definition_for
from app.referrals.queries.ways import words_to_person
from app.referrals.scope import visible_to
from app.referrals.snapshots import words_of
from app.web.filters import moment

# What is written down beside a move.
_SAID = ("question", "answer", "next_step", "risk_decision")
# Words about the person, by table; codes, times and counts stay.
_WORDS: tuple[tuple[Any, dict[str, Any]], ...] = (
    (ContactAttempt, {"note": ""}),
    (Appointment, {"place": "", "attendance_reason": ""}),
    (ReferralGoal, {"words": "", "outcome_note": ""}),
    (PlanItem, {"words": ""}),
    (ReferralNote, {"text": ""}),
    (ChecklistItem, {"not_needed": ""}),
    (Telling, {"parts": {}}),
    (MessagePreview, {"wish": ""}),
    (ReferralTask, {"note": ""}),
    (ReferralEvent, {"comment": "", "by_name": "", "details": {}}),
)
_TOLD = {
    Occasion.END: lazy_gettext("%(name)s: how it ended was told"),
    Occasion.MISSED: lazy_gettext("%(name)s: missed appointments were told"),
}
_EXPORTED = {
    Occasion.END: lazy_gettext("Told how it ended: %(who)s"),
    Occasion.MISSED: lazy_gettext("Told of missed appointments: %(who)s"),
}
_OWN_WORDS: dict[str, Any] = {
    "danger": DangerCall.NO_DANGER,
    "what_would_help": "",
    "risk_words": "",
    "answers": {},
    "eligibility": {},
    "snapshot": None,
    "agreement": {},
    "override_reason": "",
    "next_step": "",
    "closing_summary": "",
    "closing_detail": "",
}


def timeline(session: Session, actor: Actor, person_id: UUID) -> Iterable[TimelineEntry]:
    """When somebody was referred and what became of it; who was told, by the name of the place, and how much."""
    rows = [row for row in _of(session, actor, person_id) if row.sent_at is not None]
    to_oneself = actor.kind is ActorKind.PERSON
    names = _names(session, rows, to_oneself=to_oneself)
    yield from _tellings(session, rows, names)
    yield from _words_to_them(session, {row.id: names[row.pathway_id] for row in rows}, to_oneself=to_oneself)
    for row in rows:
        if row.sent_at is None:
            continue
        place = row.receiver_organization.name if row.receiver_organization else row.pathway.name
        url = f"/desk/referrals/{row.id}" if actor.is_staff else ""
        yield TimelineEntry(
            at=row.sent_at, words=str(_("Referred: %(name)s", name=names[row.pathway_id])), told_to=place, url=url
        )
        if row.ended_at is not None:
            yield TimelineEntry(
                at=row.ended_at,
                words=str(_("%(name)s: ended", name=names[row.pathway_id])),
                detail=str(words.STATUS[row.status]),
                url=url,
            )


def _names(session: Session, rows: list[Referral], *, to_oneself: bool) -> dict[UUID, str]:
    """What the pathways are called for whoever reads; for the person in their own language, too."""
    names = names_for(session, [row.pathway for row in rows], of_oneself=to_oneself)
    return {each: in_words(name) for each, name in names.items()} if to_oneself else names


def _tellings(session: Session, rows: list[Referral], names: Mapping[UUID, str]) -> Iterable[TimelineEntry]:
    """Who was told how it ended."""
    told = (
        select(Telling, MemberOrganization.name)
        .outerjoin(MemberOrganization, MemberOrganization.id == Telling.organization_id)
        .where(
            Telling.referral_id.in_([row.id for row in rows]),
            Telling.issued_at.is_not(None),
            (Telling.recipient != Recipient.PERSON) | Telling.way.is_not(None),
        )
        .order_by(Telling.issued_at, Telling.id)
    )
    for telling, place in session.execute(told).unique():
        yield _told_entry(telling, place or "", {"name": names[telling.referral.pathway_id]})


def _told_entry(telling: Telling, place: str, name: Mapping[str, str]) -> TimelineEntry:
    if telling.forbidden_noted_at is not None:
        unread = str(_("%(name)s: the word back was taken back before anybody had read it"))
        return TimelineEntry(at=telling.forbidden_noted_at, words=unread % name, detail=place)
    return TimelineEntry(
        at=telling.issued_at or telling.created_at,
        words=str(_TOLD[telling.occasion]) % name,
        detail=_how_told(telling),
        told_to=place or ("" if telling.recipient is Recipient.PERSON else telling.referral.person.gp_name),
    )


def _how_told(telling: Telling) -> str:
    if telling.forbidden_noted_at is not None:
        return str(_("Taken back before anybody had read it"))
    return " · ".join([str(LEVELS[telling.level]), words.way_words(telling.way)])


def _words_to_them(session: Session, names: dict[UUID, str], *, to_oneself: bool) -> Iterable[TimelineEntry]:
    """What went to the person, and by which way; `names` is what the referrals are called."""
    written = _("They wrote to you") if to_oneself else _("Word to the person")
    tried = _("They tried to reach you") if to_oneself else _("The team tried to reach them")
    for went in words_to_person(session, names):
        label = f"{names[went.referral_id]}: {tried if went.result else written}"
        yield TimelineEntry(at=went.at, words=label, detail=words.went_words(went))


def export(session: Session, person_id: UUID) -> Iterable[ExportItem]:
    """What was written about the person, by whomever; notes and reasons are read before they go out."""
    rows = list(session.scalars(_rows(person_id)).unique())
    names = _names(session, rows, to_oneself=True)
    for row in rows:
        heading = f"{names[row.pathway_id]}, {row.reference}"
        asked = {question.key: question for question in definition_for(session, row).questions}
        answers = [
            (asked[key].label, words_of(asked[key], str(text))) if key in asked else (key, str(text))
            for key, text in row.answers.items()
        ]
        yield ExportItem(
            heading=heading,
            at=row.sent_at or row.created_at,
            lines=[
                (str(_("What would help")), row.what_would_help),
                *answers,
                *_heard(row),
                (str(_("Where it stands")), str(words.STATUS[row.status])),
                *_work(session, row.id),
                (str(_("Summary")), row.closing_summary),
                (str(_("What happens next")), row.next_step),
                *[(str(_("What you asked to change")), wish) for wish in _wishes(session, row.id)],
            ],
        )
        if lines := [(label, text) for label, text in _written(session, row) if text]:
            yield ExportItem(heading=heading, lines=lines, needs_review=True)


def _heard(row: Referral) -> Iterable[tuple[str, str]]:
    """That the team was asked to read it first, where the person's own words sounded like danger."""
    if row.danger is DangerCall.IN_WORDS:
        yield str(_("Marked for the team")), str(_("What you wrote may speak of danger"))


def _work(session: Session, referral_id: UUID) -> Iterable[tuple[str, str]]:
    """What was agreed and done with the person, and who was told by which way."""
    for went in words_to_person(session, [referral_id]):
        yield moment(went.at), words.went_words(went)
    for meeting in queries.appointments(session, referral_id):
        yield moment(meeting.starts_at), f"{words.APPOINTMENT[meeting.kind]}: {words.ATTENDANCE[meeting.attendance]}"
    for goal in queries.goals(session, referral_id):
        yield str(_("Goal")), " · ".join([goal.words, *([str(words.OUTCOME[goal.outcome])] if goal.outcome else [])])
    for item in queries.plan(session, referral_id):
        yield str(_("Step of the plan")), item.words
    told = select(Telling).where(Telling.referral_id == referral_id, Telling.issued_at.is_not(None))
    for telling in session.scalars(told.order_by(Telling.issued_at, Telling.id)).unique():
        yield str(_EXPORTED[telling.occasion]) % {"who": words.RECIPIENT[telling.recipient]}, _how_told(telling)


def _written(session: Session, row: Referral) -> Iterable[tuple[str, str]]:
    """Words of staff, which somebody reads before they go out."""
    yield str(_("To keep everybody safe")), row.risk_words
    yield str(_("More")), row.closing_detail
    for note in queries.notes(session, row.id, only_shared=False):
        yield note.author.name if note.author else "", note.text
    for contact in queries.contacts(session, row.id):
        yield moment(contact.at), contact.note
    for meeting in queries.appointments(session, row.id):
        yield moment(meeting.starts_at), meeting.attendance_reason
    for event in queries.events(session, row.id):
        for text in (event.comment, *(event.details.get(name, "") for name in _SAID)):
            yield f"{moment(event.created_at)} {event.by_name}", str(text or "")


def _wishes(session: Session, referral_id: UUID) -> list[str]:
    wanted = select(MessagePreview.wish).where(MessagePreview.referral_id == referral_id, MessagePreview.wish != "")
    return list(session.scalars(wanted.order_by(MessagePreview.number)))


def erase(session: Session, actor: Actor, person_id: UUID) -> int:  # noqa: ARG001 - whoever erases is on record already
    """Wipe every word; that there was a referral, its codes and times stay to be counted."""
    rows = session.scalars(_rows(person_id)).unique().all()
    ids = [row.id for row in rows]
    for row in rows:
        call_off(session, row)
        settle_all(session, row)
        set_due(session, row)
    wiped = 0
    for model, empty in _WORDS:
        done = session.execute(
            update(model)
            .where(model.referral_id.in_(ids))
            .values(**empty)
            .returning(model.id)
            .execution_options(synchronize_session=False)
        )
        wiped += len(done.all())
    session.execute(
        update(Referral).where(Referral.id.in_(ids)).values(**_OWN_WORDS).execution_options(synchronize_session=False)
    )
    for row_id in ids:
        outbox.erase(session, About(type="referral", id=row_id))
    session.expire_all()
    return wiped + len(ids)


def keeps(session: Session, person_id: UUID) -> str | None:
    """A referral that is under way holds the record."""
    running = select(Referral.id).where(
        Referral.person_id == person_id, Referral.status.not_in(ENDED), Referral.status != Status.DRAFT
    )
    if session.scalar(running.limit(1)) is None:
        return None
    return str(_("A referral is under way. End or withdraw it first."))


def actions(actor: Actor, person: Person) -> Iterable[RecordAction]:
    """Refer them."""
    if actor.holds(*REFERRING):
        yield RecordAction(label=str(_("Refer")), url=f"/desk/referrals/new?person={person.id}", order=20)


def _of(session: Session, actor: Actor, person_id: UUID) -> Iterable[Referral]:
    statement = _rows(person_id)
    if actor.kind is not ActorKind.PERSON:
        statement = statement.where(visible_to(actor))
    return session.scalars(statement).unique()


def _rows(person_id: UUID) -> Any:
    return select(Referral).where(Referral.person_id == person_id).order_by(Referral.created_at, Referral.id)


register(
    RecordPart(
        name="referrals",
        columns=(Referral.person_id,),
        timeline=timeline,
        export=export,
        erase=erase,
        keeps=keeps,
        actions=actions,
    )
)
