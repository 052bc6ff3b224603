"""The state machine of a referral: who may move it from where to where, and what each move must leave on record.

Where work had begun is said by `WORK_BEGAN`; the FHIR status of a referral is in `rules.standards`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.referrals.codes import ENDED, ClosureOutcome, Destination, Move, Party, Status
from app.referrals.reasons import reason_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known and given when somebody makes a move. Only what the move needs has to be filled."""

    by: Party
    reason: str | None = None
    comment: str = ""
    # Sending
    permission_in_force: bool = False
    override_reason: str = ""
    snapshot_taken: bool = False
    due_by: datetime | None = None
    # Triage
    opened_by: str = ""
    question: str = ""
    answer: str = ""
    next_step: str = ""
    person_told_how: str = ""
    person_told_at: datetime | None = None
    target: str = ""
    target_permission: bool = False
    coordinator: str = ""
    # The waiting list
    added_on: date | None = None
    waiting_list: str = ""
    priority_rule: str = ""
    next_check_on: date | None = None
    # The work
    first_contact_at: datetime | None = None
    review_by: date | None = None
    goals: int = 0
    goal_outcomes: tuple[ClosureOutcome, ...] = ()
    destination: Destination | None = None
    discharge_pack_ready: bool = False
    open_appointments: int = 0
    open_actions: int = 0
    unrecorded_appointments: int = 0
    missed_last_appointment: bool = False
    risk_decision: str = ""
    work_began: bool = False
    within_reopening_time: bool = False
    # The person took back that the receiver sees it.
    taken_back: bool = False


class Need(StrEnum):
    """What a move must have or leave on record."""

    PERMISSION_OR_OVERRIDE = "permission-or-override"
    SNAPSHOT = "snapshot"
    DUE_BY = "due-by"
    NAMED_OPENER = "named-opener"
    QUESTION = "question"
    ANSWER = "answer"
    REASON = "reason"
    REASON_COMMENT = "reason-comment"
    NEXT_STEP = "next-step"
    PERSON_TOLD = "person-told"
    TARGET = "target"
    FRESH_PERMISSION = "fresh-permission"
    COORDINATOR = "coordinator"
    ADDED_ON = "added-on"
    WAITING_LIST = "waiting-list"
    PRIORITY_RULE = "priority-rule"
    NEXT_CHECK = "next-check"
    FIRST_CONTACT = "first-contact"
    REVIEW_BY = "review-by"
    OUTCOME_PER_GOAL = "outcome-per-goal"
    DESTINATION = "destination"
    DISCHARGE_PACK = "discharge-pack"
    NOTHING_OPEN = "nothing-open"
    ATTENDANCE_RECORDED = "attendance-recorded"
    RISK_DECISION = "risk-decision"
    WITHIN_REOPENING_TIME = "within-reopening-time"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table: from where, to where, moved by whom, with what on record."""

    move: Move
    sources: frozenset[Status]
    target: Status
    by: frozenset[Party]
    needs: frozenset[Need]


class Refusal(StrEnum):
    """Why a move cannot be made at all, whatever is on record."""

    NOT_FROM_HERE = "not-from-here"
    NOT_BY_THEM = "not-by-them"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where the move leads; or why it cannot be made, or what is missing on record."""

    to: Status | None = None
    refusal: Refusal | None = None
    missing: frozenset[Need] = frozenset()

    @property
    def allowed(self) -> bool:
        """Whether the move may be made."""
        return self.to is not None


def _row(move: Move, sources: frozenset[Status], target: Status, by: frozenset[Party], *needs: Need) -> Transition:
    return Transition(move, sources, target, by, frozenset(needs))


_S, _P, _N = Status, Party, Need
_SENDERS = frozenset({_P.REFERRER, _P.PERSON})
_RECEIVER = frozenset({_P.RECEIVER})
_WORKER = frozenset({_P.WORKER})
_WORKER_OR_MANAGER = frozenset({_P.WORKER, _P.MANAGER})
_IN_TRIAGE = frozenset({_S.SENT, _S.INFO_REQUESTED})
_AWAITING_WORK = frozenset({_S.ACCEPTED, _S.WAITING})
WORK_BEGAN = frozenset({_S.ACTIVE, _S.PAUSED})
_REFUSING = (_N.REASON, _N.REASON_COMMENT, _N.NEXT_STEP, _N.PERSON_TOLD)

TRANSITIONS: dict[Move, Transition] = {
    row.move: row
    for row in (
        _row(
            Move.SEND,
            frozenset({_S.DRAFT}),
            _S.SENT,
            _SENDERS,
            *(_N.PERMISSION_OR_OVERRIDE, _N.SNAPSHOT, _N.DUE_BY),
        ),
        _row(Move.ACKNOWLEDGE, frozenset({_S.SENT}), _S.SENT, _RECEIVER, _N.NAMED_OPENER),
        _row(Move.ASK, frozenset({_S.SENT}), _S.INFO_REQUESTED, _RECEIVER, _N.QUESTION),
        _row(Move.ANSWER, frozenset({_S.INFO_REQUESTED}), _S.SENT, _SENDERS, _N.ANSWER),
        _row(Move.REJECT, _IN_TRIAGE, _S.REJECTED, _RECEIVER, *_REFUSING),
        _row(
            Move.REDIRECT,
            _IN_TRIAGE,
            _S.REDIRECTED,
            _RECEIVER,
            *(_N.REASON, _N.REASON_COMMENT, _N.TARGET, _N.FRESH_PERMISSION),
        ),
        _row(Move.ACCEPT, _IN_TRIAGE, _S.ACCEPTED, _RECEIVER, _N.COORDINATOR),
        _row(
            Move.ADD_TO_WAITING_LIST,
            frozenset({_S.ACCEPTED}),
            _S.WAITING,
            _RECEIVER,
            *(_N.ADDED_ON, _N.WAITING_LIST, _N.PRIORITY_RULE, _N.NEXT_CHECK),
        ),
        _row(Move.START, _AWAITING_WORK, _S.ACTIVE, _WORKER, _N.FIRST_CONTACT),
        _row(Move.PAUSE, frozenset({_S.ACTIVE}), _S.PAUSED, _WORKER, _N.REASON, _N.REASON_COMMENT, _N.REVIEW_BY),
        _row(Move.RESUME, frozenset({_S.PAUSED}), _S.ACTIVE, _WORKER),
        _row(
            Move.COMPLETE,
            frozenset({_S.ACTIVE}),
            _S.COMPLETED,
            _WORKER,
            *(_N.OUTCOME_PER_GOAL, _N.DESTINATION, _N.DISCHARGE_PACK, _N.NOTHING_OPEN, _N.ATTENDANCE_RECORDED),
        ),
        _row(
            Move.END_EARLY,
            _AWAITING_WORK | WORK_BEGAN,
            _S.ENDED_EARLY,
            _WORKER_OR_MANAGER,
            *(_N.REASON, _N.REASON_COMMENT, _N.RISK_DECISION, _N.DESTINATION, _N.NOTHING_OPEN, _N.ATTENDANCE_RECORDED),
        ),
        _row(
            Move.WITHDRAW,
            frozenset({_S.DRAFT}) | _IN_TRIAGE | _AWAITING_WORK,
            _S.WITHDRAWN,
            _SENDERS,
            *(_N.REASON, _N.REASON_COMMENT),
        ),
        _row(
            Move.REOPEN,
            frozenset({_S.COMPLETED, _S.ENDED_EARLY}),
            _S.ACTIVE,
            _WORKER_OR_MANAGER,
            *(_N.COMMENT, _N.WITHIN_REOPENING_TIME),
        ),
        _row(
            Move.MARK_ERROR,
            frozenset(Status) - {_S.ERROR},
            _S.ERROR,
            frozenset({_P.MANAGER}),
            _N.COMMENT,
        ),
    )
}


def next_state(state: Status, move: Move, facts: Facts) -> Verdict:
    """Where a move leads from a state with what is known; a refusal or what is missing where it leads nowhere."""
    row = TRANSITIONS[move]
    if not _leads_from(row, state, taken_back=facts.taken_back):
        return Verdict(refusal=Refusal.NOT_FROM_HERE)
    if facts.by not in row.by:
        return Verdict(refusal=Refusal.NOT_BY_THEM)
    missing = frozenset(need for need in row.needs if not _MET[need](move, facts))
    if missing:
        return Verdict(missing=missing)
    return Verdict(to=_target(row, facts))


def moves_open_to(state: Status, by: Party, *, taken_back: bool = False) -> tuple[Move, ...]:
    """What somebody in that part can do from that state, in the order of the table."""
    rows = TRANSITIONS.values()
    return tuple(row.move for row in rows if by in row.by and _leads_from(row, state, taken_back=taken_back))


def is_over(state: Status) -> bool:
    """Whether the referral has ended, though its loop may still be open."""
    return state in ENDED


def counts(state: Status) -> bool:
    """Whether a figure may count it: what was entered in error never was."""
    return state is not Status.ERROR


def _leads_from(row: Transition, state: Status, *, taken_back: bool) -> bool:
    """As the table says; and work that the receiver may see no longer is theirs to end no longer: a sender does."""
    return state in row.sources or (taken_back and row.move is Move.WITHDRAW and state in WORK_BEGAN)


def _target(row: Transition, facts: Facts) -> Status:
    # What ended before any work began goes back to the point before work.
    return Status.ACCEPTED if row.move is Move.REOPEN and not facts.work_began else row.target


def _has_reason(move: Move, facts: Facts) -> bool:
    reason = reason_for(move, facts.reason)
    return reason is not None and facts.by in reason.usable_by


def _has_reason_comment(move: Move, facts: Facts) -> bool:
    reason = reason_for(move, facts.reason)
    return reason is None or not reason.comment_required or _said(facts.comment)


def _risk_was_weighed(move: Move, facts: Facts) -> bool:
    reason = reason_for(move, facts.reason)
    after_absence = facts.missed_last_appointment or (reason is not None and reason.follows_non_attendance)
    return not after_absence or _said(facts.risk_decision)


def _said(text: str) -> bool:
    return bool(text.strip())


_MET: dict[Need, Callable[[Move, Facts], bool]] = {
    Need.PERMISSION_OR_OVERRIDE: lambda _, facts: facts.permission_in_force or _said(facts.override_reason),
    Need.SNAPSHOT: lambda _, facts: facts.snapshot_taken,
    Need.DUE_BY: lambda _, facts: facts.due_by is not None,
    Need.NAMED_OPENER: lambda _, facts: _said(facts.opened_by),
    Need.QUESTION: lambda _, facts: _said(facts.question),
    Need.ANSWER: lambda _, facts: _said(facts.answer),
    Need.REASON: _has_reason,
    Need.REASON_COMMENT: _has_reason_comment,
    Need.NEXT_STEP: lambda _, facts: _said(facts.next_step),
    Need.PERSON_TOLD: lambda _, facts: _said(facts.person_told_how) and facts.person_told_at is not None,
    Need.TARGET: lambda _, facts: _said(facts.target),
    Need.FRESH_PERMISSION: lambda _, facts: facts.target_permission,
    Need.COORDINATOR: lambda _, facts: _said(facts.coordinator),
    Need.ADDED_ON: lambda _, facts: facts.added_on is not None,
    Need.WAITING_LIST: lambda _, facts: _said(facts.waiting_list),
    Need.PRIORITY_RULE: lambda _, facts: _said(facts.priority_rule),
    Need.NEXT_CHECK: lambda _, facts: facts.next_check_on is not None,
    Need.FIRST_CONTACT: lambda _, facts: facts.first_contact_at is not None,
    Need.REVIEW_BY: lambda _, facts: facts.review_by is not None,
    Need.OUTCOME_PER_GOAL: lambda _, facts: len(facts.goal_outcomes) == facts.goals > 0,
    Need.DESTINATION: lambda _, facts: facts.destination is not None,
    Need.DISCHARGE_PACK: lambda _, facts: facts.discharge_pack_ready,
    Need.NOTHING_OPEN: lambda _, facts: facts.open_appointments == 0 and facts.open_actions == 0,
    Need.ATTENDANCE_RECORDED: lambda _, facts: facts.unrecorded_appointments == 0,
    Need.RISK_DECISION: _risk_was_weighed,
    Need.WITHIN_REOPENING_TIME: lambda _, facts: facts.within_reopening_time,
    Need.COMMENT: lambda _, facts: _said(facts.comment),
}
