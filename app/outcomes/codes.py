"""The codes of outcomes."""

from __future__ import annotations

from enum import StrEnum


class OccasionState(StrEnum):
    """Where an occasion stands."""

    PLANNED = "planned"
    OPEN = "open"
    SENT = "sent"
    PART_ANSWERED = "part-answered"
    DONE = "done"
    CLOSED_UNANSWERED = "closed-unanswered"
    VOID = "void"


# An occasion in one of these waits for nothing more.
SETTLED = frozenset({OccasionState.DONE, OccasionState.CLOSED_UNANSWERED, OccasionState.VOID})


class CloseReason(StrEnum):
    """Why an occasion ended without an answer."""

    DECLINED = "declined"
    NOT_REACHED = "not reached"
    MOVED = "moved"
    UNWELL = "unwell"
    DIED = "died"


class ChosenBy(StrEnum):
    """Who chose the measure."""

    PERSON = "person"
    WORKER = "worker"
    JOINT = "joint"


class AlertState(StrEnum):
    """Where an alert stands. It is never graded: a person looks at each."""

    RAISED = "raised"
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class AlertKind(StrEnum):
    """Why there is an alert: an answer that somebody must look at, or a question left out, which must be asked."""

    ANSWERED = "answered"
    UNKNOWN = "unknown"


class AlertAction(StrEnum):
    """What happened to an alert."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    ESCALATED = "escalated"
    CLOSED = "closed"


class AlertOutcome(StrEnum):
    """What came of looking at it. None of them grades a risk."""

    SPOKE = "spoke with them"
    CARE = "brought to urgent care"
    HANDED_OVER = "handed over to their care team"
    NOT_REACHED = "tried and not reached"
    MISTAKE = "answered by mistake"


class Mode(StrEnum):
    """How a form was answered."""

    LINK = "link"
    TABLET = "tablet"
    IN_PERSON = "in-person"
    PHONE = "phone"
    PAPER = "paper"
    IMPORT = "import"


class FormState(StrEnum):
    """Where a form stands; scores exist from `complete` or `incomplete` on."""

    DRAFT = "draft"
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"


class AnswerKind(StrEnum):
    """What somebody did with a question."""

    GIVEN = "given"
    DECLINED = "declined"
    NOT_APPLICABLE = "not-applicable"


class EndReason(StrEnum):
    """Why a plan of follow-ups ended."""

    FINISHED = "finished"
    ASKED_TO_STOP = "asked to stop"
    MISTAKE = "begun by mistake"
    MOVED = "moved"
    DIED = "died"
