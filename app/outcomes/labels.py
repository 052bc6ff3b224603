"""The codes of outcomes in words."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.notifications.codes import Channel
from app.outcomes.codes import (
    AlertAction,
    AlertKind,
    AlertOutcome,
    AlertState,
    ChosenBy,
    CloseReason,
    EndReason,
    FormState,
    Mode,
    OccasionState,
)
from app.outcomes.rules.batches import RowProblem
from app.outcomes.rules.change import Direction
from app.outcomes.rules.invitations import Stop
from app.outcomes.rules.jobs import JobKept
from app.outcomes.rules.pairs import PairReason
from app.outcomes.rules.reopening import StaysEnded
from app.outcomes.rules.schedules import Wrong

CHOSEN_BY: dict[ChosenBy, LazyString] = {
    ChosenBy.PERSON: _("They chose it themselves"),
    ChosenBy.JOINT: _("We chose it together"),
    ChosenBy.WORKER: _("I chose it"),
}
WHO_CHOSE: dict[ChosenBy, LazyString] = {
    ChosenBy.PERSON: _("chosen by the person"),
    ChosenBy.JOINT: _("chosen together"),
    ChosenBy.WORKER: _("chosen by the worker"),
}
# What a measure is about, in the words of somebody who chooses for themselves.
ABOUT: dict[str, LazyString] = {
    "phq-9": _("Low mood, sleep and energy"),
    "gad-7": _("Worry and nerves"),
    "ons4": _("How good life feels, and how anxious"),
    "ucla-3": _("Being left out, or missing company"),
    "ons-loneliness": _("How often I feel lonely"),
    "goals": _("Goals of my own"),
    "wemwbs": _("Feeling well, the long form"),
    "swemwbs": _("Feeling well, the short form"),
    "reqol-10": _("How good my life is"),
    "core-10": _("How I have been this last week"),
    "dialog": _("My life, and the help I get"),
    "wsas": _("How I manage work, home and company"),
}
MODES: dict[Mode, LazyString] = {
    Mode.PAPER: _("On paper"),
    Mode.PHONE: _("Read out by phone"),
    Mode.IN_PERSON: _("In person"),
    Mode.LINK: _("By their link"),
    Mode.TABLET: _("On a tablet here"),
    Mode.IMPORT: _("From a file"),
}
ENTERED_MODES = (Mode.PAPER, Mode.PHONE, Mode.IN_PERSON)
STATES: dict[OccasionState, LazyString] = {
    OccasionState.PLANNED: _("Planned"),
    OccasionState.OPEN: _("Due, not asked yet"),
    OccasionState.SENT: _("Asked, no answer yet"),
    OccasionState.PART_ANSWERED: _("Part answered"),
    OccasionState.DONE: _("Answered"),
    OccasionState.CLOSED_UNANSWERED: _("Ended without an answer"),
    OccasionState.VOID: _("Taken out"),
}
KINDS: dict[str, LazyString] = {
    "baseline": _("At the start"),
    "review": _("Review"),
    "end": _("At the end"),
    "after": _("Does it last?"),
    "job kept": _("Job kept"),
    "satisfaction": _("Did it help?"),
    "once": _("Asked once"),
}
PLANS: dict[str, LazyString] = {
    "support": _("While support lasts"),
    "after-close": _("When support ends, and after"),
    "course-completed": _("When a course is completed, and after"),
    "group-attended": _("After six times in a group"),
    "job-kept": _("Job kept"),
    "once": _("Asked once"),
}
# What each counts from, after "counted from".
ANCHORS: dict[str, LazyString] = {
    "support": _("the first contact that they came to"),
    "after-close": _("the day on which support ends"),
    "course-completed": _("the last session of the course"),
    "group-attended": _("the sixth time in the group"),
    "job-kept": _("the first day of the job"),
}
WRONG_SCHEDULE: dict[Wrong, LazyString] = {
    Wrong.NOTHING: _("Enter the months of at least one follow-up"),
    Wrong.TOO_LATE: _("Enter months from 0 to 60"),
    Wrong.TOO_OFTEN: _("Enter 12 times or fewer"),
    Wrong.OVERLAP: _("One runs into the next: enter fewer days, or months that are further apart"),
    Wrong.FIRST_DAY: _("Enter reminders from day 1 on: the first message goes on the day itself"),
    Wrong.CALL_TOO_SOON: _("Enter a day for the call that is later than the last reminder"),
    Wrong.END_TOO_SOON: _("Enter a day for the end that is later than the call"),
}
CLOSE_REASONS: dict[CloseReason, LazyString] = {
    CloseReason.DECLINED: _("They did not want to"),
    CloseReason.NOT_REACHED: _("Not reached"),
    CloseReason.MOVED: _("Moved away"),
    CloseReason.UNWELL: _("Too unwell"),
    CloseReason.DIED: _("Died"),
}
STAYS_ENDED: dict[StaysEnded, LazyString] = {
    StaysEnded.DIED: _("They have died, so nobody is asked."),
    StaysEnded.PLAN_ENDED: _("The follow-ups that this belongs to have ended."),
    StaysEnded.OVER: _(
        "The time in which an answer counts is over. You can still enter a form, or ask once from their page."
    ),
}
END_REASONS: dict[EndReason, LazyString] = {
    EndReason.FINISHED: _("It is finished"),
    EndReason.ASKED_TO_STOP: _("They asked to stop"),
    EndReason.MISTAKE: _("It was begun by mistake"),
    EndReason.MOVED: _("Moved away"),
    EndReason.DIED: _("Died"),
}
FORM_STATES: dict[FormState, LazyString] = {
    FormState.DRAFT: _("Begun"),
    FormState.COMPLETE: _("Complete"),
    FormState.INCOMPLETE: _("Not complete"),
}
ALERT_STATES: dict[AlertState, LazyString] = {
    AlertState.RAISED: _("Waiting"),
    AlertState.ESCALATED: _("Passed on, still waiting"),
    AlertState.ACKNOWLEDGED: _("Somebody is looking after it"),
    AlertState.CLOSED: _("Closed"),
}
ALERT_KINDS: dict[AlertKind, LazyString] = {
    AlertKind.ANSWERED: _("An answer needs a look today"),
    AlertKind.UNKNOWN: _("A question was left out and must be asked"),
}
ALERT_ACTIONS: dict[AlertAction, LazyString] = {
    AlertAction.RAISED: _("Raised"),
    AlertAction.ACKNOWLEDGED: _("Taken on"),
    AlertAction.ESCALATED: _("Passed on: nobody had taken it on in time"),
    AlertAction.CLOSED: _("Closed"),
}
ALERT_OUTCOMES: dict[AlertOutcome, LazyString] = {
    AlertOutcome.SPOKE: _("I spoke with them"),
    AlertOutcome.CARE: _("Brought to urgent care"),
    AlertOutcome.HANDED_OVER: _("Handed over to their care team"),
    AlertOutcome.NOT_REACHED: _("Tried, and not reached"),
    AlertOutcome.MISTAKE: _("Answered by mistake"),
}
DIRECTIONS: dict[Direction, LazyString] = {
    Direction.BETTER: _("better"),
    Direction.WORSE: _("worse"),
    Direction.SAME: _("the same"),
    Direction.MIXED: _("mixed"),
}
JOBS: dict[JobKept, LazyString] = {
    JobKept.YES: _("Kept"),
    JobKept.NO: _("Not kept"),
    JobKept.NOT_YET_DUE: _("Not due yet"),
    JobKept.UNKNOWN: _("Due, and nobody has confirmed it"),
}
PAIR_REASONS: dict[PairReason, LazyString] = {
    PairReason.NO_CONTACT: _("no contact yet"),
    PairReason.ONE_CONTACT: _("only one contact"),
    PairReason.NO_FIRST: _("nothing complete yet"),
    PairReason.NO_LAST: _("nothing complete since the second contact"),
    PairReason.ONE_POINT: _("only one complete form so far"),
    PairReason.OTHER_SCALE: _("the two are not on the same scale"),
    PairReason.ESTIMATED: _("a score is estimated"),
    PairReason.NOT_CHOSEN_BY_PERSON: _("the person did not choose it"),
    PairReason.NOT_THE_PERSONS: _("the person does not answer it themselves"),
}
STOPS: dict[Stop, LazyString] = {
    Stop.ANSWERED: _("It is answered."),
    Stop.DO_NOT_CONTACT: _("They do not want to be contacted."),
    Stop.OPTED_OUT: _("They have not said that we may get in touch later, or have taken it back."),
    Stop.DIED: _("They have died."),
    Stop.SAFEGUARDING: _("The follow-ups are on hold."),
    Stop.WRONG_NUMBER: _("Somebody else is reached at their number or address. Put it right in their record."),
    Stop.ALERT_OPEN: _("Somebody must look at an answer first."),
    Stop.NOTHING_TO_ASK: _("What is left to ask cannot be shown: a licence has ended, or nobody is on duty."),
}
BETTER: dict[str, LazyString] = {"higher": _("Higher is better."), "lower": _("Lower is better.")}
CHANNELS: dict[Channel | None, LazyString] = {
    Channel.SMS: _("By text"),
    Channel.EMAIL: _("By email"),
    None: _("Without a message"),
}
STAGES: dict[str, LazyString] = {
    "asked": _("Asked"),
    "opened": _("Opened the link"),
    "started": _("Began to answer"),
    "finished": _("Finished"),
}
ROW_PROBLEMS: dict[RowProblem, LazyString] = {
    RowProblem.NO_BIRTH: _("Enter the date of birth, like 23/11/1984"),
    RowProblem.NO_PERSON: _("Nobody of that name or number, born on that day, is on your records"),
    RowProblem.SEVERAL: _("Several people fit: enter the NHS number"),
    RowProblem.REFUSED: _("They have said that nothing may be written down"),
    RowProblem.NO_MEASURE: _("There is no measure of that name"),
    RowProblem.NOT_USABLE: _("This measure cannot be used here: see Measures and duty"),
    RowProblem.NO_DAY: _("Enter the day it was answered, like 23/11/2026"),
    RowProblem.DAY_TO_COME: _("The day it was answered is still to come"),
    RowProblem.WRONG_ANSWER: _("This is not one of the answers"),
    RowProblem.NO_ANSWERS: _("There are no answers in this row"),
    RowProblem.OTHER_ANSWERS: _("A form of that day has other answers: put that form right instead"),
}
