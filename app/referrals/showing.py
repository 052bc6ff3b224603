"""A referral as one viewer may see it: what is not for them is not loaded at all.

Pages, files and messages take this and never the referral itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.errors import NotFound
from app.directory.dangers import dangers_in
from app.people.codes import SharingLevel
from app.people.queries import permission_versions
from app.people.rules.permissions import telling_level
from app.referrals.codes import ENDED, ClockKind, Move, Party, Recipient, Status
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
    Telling,
)
from app.referrals.operations import letters
from app.referrals.parties import moves_of, parties_of, viewer_of
from app.referrals.pathways.definition import Definition
from app.referrals.queries import referrals as queries
from app.referrals.queries.previews import preview_of
from app.referrals.queries.times import definition_for, loop_closed_at, tellings, tellings_of_missed, times_of
from app.referrals.queries.ways import Went, words_to_person
from app.referrals.rules.clocks import Clock
from app.referrals.rules.returning import is_within_reopening_time
from app.referrals.rules.timing import clocks
from app.referrals.rules.visibility import Field, Relation, Sight, View, Viewer, may_see
from app.referrals.snapshots import person_part, snapshot_of

# What the two ends write to each other passes whatever else may be told.
_BETWEEN_BOTH = frozenset({"question", "answer", "target"})
_ONLY_FOR_TEAM = frozenset({"risk_decision", "shown", "agreement"})


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the history as the viewer may read it."""

    move: Move
    at: datetime
    who: str
    party: Party
    status: Status
    reason: str
    comment: str
    details: dict[str, str]


@dataclass(slots=True)
class Seen:
    """What one viewer sees of one referral."""

    id: Any
    reference: str
    version: int
    status: Status
    stage: str
    reason: str
    viewer: Viewer
    parties: frozenset[Party]
    fields: dict[Field, View]
    level: SharingLevel
    # As it was called when they were sent, and what it is called since where that is another name.
    pathway: str
    called_since: str
    referrer: str
    referrer_place: str
    receiver: str
    coordinator: str
    priority: str
    sent_at: datetime | None
    ended_at: datetime | None
    due_at: datetime | None
    due_clock: ClockKind | None
    told: Definition
    moves: tuple[Move, ...]
    name: str = ""
    steps: list[Step] = field(default_factory=list)
    sent: dict[str, Any] | None = None
    contact_safety: dict[str, Any] | None = None
    appointments: list[Appointment] = field(default_factory=list)
    went: list[Went] = field(default_factory=list)
    contacts: list[ContactAttempt] = field(default_factory=list)
    goals: list[ReferralGoal] = field(default_factory=list)
    plan: list[PlanItem] = field(default_factory=list)
    checklist: list[ChecklistItem] = field(default_factory=list)
    notes: list[ReferralNote] = field(default_factory=list)
    tellings: list[Telling] = field(default_factory=list)
    missed_words: list[Telling] = field(default_factory=list)
    to_send: frozenset[Any] = frozenset()
    preview: MessagePreview | None = None
    wish_in_danger: bool = False
    comes_by: datetime | None = None
    clocks: dict[ClockKind, Clock] = field(default_factory=dict)
    loop_closed_at: datetime | None = None
    waiting_since: date | None = None
    next_check_on: date | None = None
    review_by: date | None = None
    danger: str = ""
    override_reason: str = ""
    is_re_referral: bool = False
    is_erased: bool = False
    is_taken_back: bool = False

    def sees(self, name: str) -> bool:
        """Whether anything of a kind of data is shown."""
        return self.fields[Field(name)].sight in {Sight.SUMMARY, Sight.FULL}

    def writes(self, name: str) -> bool:
        """Whether the viewer may write there."""
        return self.fields[Field(name)].may_write

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.status in ENDED

    @property
    def is_own_request(self) -> bool:
        """Whether the person asked for help themselves, so that there is no referrer."""
        return not self.referrer_place


def seen_by(session: Session, actor: Actor, referral: Referral) -> Seen:
    """The referral as far as the actor may see it. NotFound for a stranger."""
    viewer = viewer_of(actor, referral)
    if viewer is None:
        raise NotFound("referral")
    told = definition_for(session, referral)
    closed_at = loop_closed_at(session, referral)
    level = telling_level(permission_versions(session, referral.person_id), clock.today())
    relation = Relation(
        connected=True,
        own=viewer in {Viewer.REFERRER, Viewer.WORKER, Viewer.PERSON},
        open=_is_open(session, referral, told, closed_at),
        level=level,
    )
    shown = Seen(
        id=referral.id,
        reference=referral.reference,
        version=referral.version,
        status=referral.status,
        stage=told.stage_label(referral.stage) if referral.stage else "",
        reason=referral.reason,
        viewer=viewer,
        parties=parties_of(actor, referral),
        fields={each: may_see(viewer, relation, each) for each in Field},
        level=level,
        pathway=told.name,
        called_since="" if told.name == referral.pathway.name else referral.pathway.name,
        referrer=referral.referrer.name if referral.referrer else "",
        referrer_place=referral.referrer_organization.name if referral.referrer_organization else "",
        receiver=referral.receiver_organization.name if referral.receiver_organization else referral.pathway.name,
        coordinator=referral.coordinator_name,
        priority=referral.priority.value,
        sent_at=referral.sent_at,
        ended_at=referral.ended_at,
        due_at=referral.due_at,
        due_clock=referral.due_clock,
        told=told,
        moves=_moves(actor, referral),
        loop_closed_at=closed_at,
        waiting_since=referral.waiting_since,
        next_check_on=referral.next_check_on,
        review_by=referral.review_by,
        is_re_referral=referral.re_referral_of_id is not None,
        is_erased=referral.person.erased_at is not None,
        is_taken_back=referral.hidden_at is not None and referral.status not in ENDED,
    )
    _fill(session, actor, referral, shown)
    return shown


def _is_open(session: Session, referral: Referral, told: Definition, closed_at: datetime | None) -> bool:
    """Whether the receiver's access has not ended: they still work, may open it again, or owe the word back."""
    if referral.hidden_at is not None:
        return False
    if referral.ended_at is None or closed_at is None:
        return True
    if referral.status not in {Status.COMPLETED, Status.ENDED_EARLY}:
        return False
    may_be_opened = is_within_reopening_time(referral.ended_at, clock.now(), told.reopening_days)
    return may_be_opened and (referral.receiver_organization_id is not None or _has_word_kept_back(session, referral))


def _has_word_kept_back(session: Session, referral: Referral) -> bool:
    """Whether a group without an account, which opens nothing again, may still put its words right."""
    preview = preview_of(session, referral)
    return preview is not None and preview.is_kept_back


def _moves(actor: Actor, referral: Referral) -> tuple[Move, ...]:
    if referral.person.erased_at is not None:
        return ()
    found = {move for party in parties_of(actor, referral) for move in moves_of(referral, party)}
    if referral.acknowledged_at is not None:
        found.discard(Move.ACKNOWLEDGE)
    return tuple(move for move in Move if move in found)


def _fill(session: Session, actor: Actor, referral: Referral, shown: Seen) -> None:
    is_team = shown.viewer in {Viewer.TRIAGE, Viewer.WORKER, Viewer.MANAGER}
    if shown.is_erased:
        # That it was there, and its dates, are all that is left.
        shown.steps = [_step(each, free=False, is_team=False) for each in queries.events(session, referral.id)]
        return
    if shown.sees(Field.REFERRAL):
        shown.name = referral.person.called
        shown.sent = referral.snapshot or snapshot_of(session, referral, shown.told)
        shown.danger, shown.override_reason = referral.danger.value, referral.override_reason
    if shown.sees(Field.CONTACT_SAFETY):
        shown.contact_safety = person_part(session, referral.person)
    if shown.sees(Field.STATUS):
        free = is_team or shown.viewer is Viewer.PERSON or shown.level.reaches(SharingLevel.SUMMARY)
        shown.steps = [_step(each, free=free, is_team=is_team) for each in queries.events(session, referral.id)]
        if shown.viewer is not Viewer.PERSON:
            times = times_of(session, referral, shown.told)
            shown.clocks = clocks(times, shown.told.clocks, shown.told.nation, now=clock.now())
    if shown.sees(Field.APPOINTMENTS):
        shown.appointments = queries.appointments(session, referral.id)
        shown.contacts = queries.contacts(session, referral.id) if is_team else []
        shown.went = words_to_person(session, [referral.id], attempts=False) if is_team else []
        shown.missed_words = tellings_of_missed(session, referral) if is_team else []
        shown.to_send = frozenset(each.id for each in letters.to_send(session, actor, shown.missed_words))
    if shown.sees(Field.NOTES) and is_team:
        shown.goals = queries.goals(session, referral.id)
        shown.plan = queries.plan(session, referral.id)
        shown.checklist = queries.checklist(session, referral.id)
        shown.notes = queries.notes(session, referral.id, only_shared=False)
    elif shown.viewer is Viewer.REFERRER:
        shown.notes = queries.notes(session, referral.id, only_shared=True)
    if referral.ended_at is not None:
        _fill_word_back(session, actor, referral, shown, is_team=is_team)


def _fill_word_back(session: Session, actor: Actor, referral: Referral, shown: Seen, *, is_team: bool) -> None:
    told = tellings(session, referral)
    # Whoever answers for a message that has not gone reads it, to send it.
    to_send = letters.to_send(session, actor, told)
    shown.to_send |= {each.id for each in to_send}
    for_them = _told(actor, told, is_team=is_team) if shown.sees(Field.MESSAGE_BACK) else []
    shown.tellings = [each for each in told if each in for_them or each in to_send]
    if not shown.sees(Field.MESSAGE_BACK):
        return
    preview = preview_of(session, referral)
    if preview is not None and preview.is_open:
        shown.comes_by = preview.goes_at
    # What the person asked to change is between them and the team.
    shown.preview = preview if is_team else None
    shown.wish_in_danger = shown.preview is not None and bool(dangers_in(shown.preview.wish))


def _told(actor: Actor, rows: list[Telling], *, is_team: bool) -> list[Telling]:
    if is_team:
        return rows
    own = Recipient.PERSON if actor.kind is ActorKind.LINK else Recipient.REFERRER
    return [row for row in rows if row.recipient is own and row.issued_at is not None]


def _step(event: ReferralEvent, *, free: bool, is_team: bool) -> Step:
    hidden = frozenset() if is_team else _ONLY_FOR_TEAM
    details = {
        name: str(words)
        for name, words in event.details.items()
        if isinstance(words, str) and words and name not in hidden and (free or name in _BETWEEN_BOTH)
    }
    # What a worker writes beside a reason is a note to the team; what the sender writes is theirs.
    own_words = event.party in {Party.REFERRER, Party.PERSON}
    return Step(
        move=event.move,
        at=event.created_at,
        who=event.by_name,
        party=event.party,
        status=event.to_status,
        reason=event.reason,
        comment=event.comment if is_team or own_words else "",
        details=details,
    )
