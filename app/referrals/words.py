"""The codes of referrals in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import LazyString, gettext, ngettext
from flask_babel import lazy_gettext as _

from app.core.clock import LONDON
from app.people.codes import AccessibleFormat, ContactChannel, PermissionMethod, SharingLevel
from app.people.details import read_times
from app.people.labels import CHANNELS, needs_in_words
from app.people.languages import language_name  # noqa: F401 - the pages say it as `words.language_name`
from app.people.rules.contact import SafeTime
from app.referrals import told_words
from app.referrals.codes import (
    AppointmentKind,
    Attendance,
    ClockKind,
    ClosureOutcome,
    DangerCall,
    Destination,
    DoneBy,
    Move,
    Nation,
    Party,
    PreviewState,
    Priority,
    Reached,
    Recipient,
    Source,
    Status,
    TaskKind,
    Told,
    Way,
)
from app.referrals.models import ReferralTask
from app.referrals.pathways.definition import Answer, Definition, WaitingRule
from app.referrals.queries.ways import Went
from app.referrals.rules.clocks import ClockState, Threshold, Unit
from app.referrals.rules.states import Need
from app.referrals.told_words import Labels
from app.web.filters import day as day_words
from app.web.filters import moment

STATUS, REASON = told_words.STATUS, told_words.REASON
DESTINATION, OUTCOME = told_words.DESTINATION, told_words.OUTCOME
MOVE: Labels = {
    Move.SEND: _("sent it"),
    Move.ACKNOWLEDGE: _("opened it"),
    Move.ASK: _("asked a question"),
    Move.ANSWER: _("answered"),
    Move.REJECT: _("did not take it on"),
    Move.REDIRECT: _("passed it on"),
    Move.ACCEPT: _("accepted it"),
    Move.ADD_TO_WAITING_LIST: _("put it on the waiting list"),
    Move.START: _("started the work"),
    Move.PAUSE: _("paused it"),
    Move.RESUME: _("went on with it"),
    Move.COMPLETE: _("completed it"),
    Move.END_EARLY: _("ended it early"),
    Move.WITHDRAW: _("withdrew it"),
    Move.REOPEN: _("opened it again"),
    Move.MARK_ERROR: _("marked it as entered in error"),
}
PARTY: Labels = {
    Party.PERSON: _("The person"),
    Party.REFERRER: _("The referrer"),
    Party.RECEIVER: _("The team"),
    Party.WORKER: _("The worker"),
    Party.MANAGER: _("The manager"),
}
ATTENDANCE: Labels = {
    Attendance.SEEN_ON_TIME: _("Came on time"),
    Attendance.LATE_BUT_SEEN: _("Came late and was seen"),
    Attendance.LATE_NOT_SEEN: _("Came too late to be seen"),
    Attendance.CANCELLED_BY_PERSON: _("The person cancelled"),
    Attendance.DID_NOT_ATTEND: _("Did not come and did not tell us"),
    Attendance.CANCELLED_BY_PROVIDER: _("We cancelled"),
    Attendance.FUTURE: _("To come"),
    Attendance.UNKNOWN: _("Not known"),
}
REACHED: Labels = {
    Reached.REACHED: _("Spoke with them, or they answered"),
    Reached.NO_ANSWER: _("No answer"),
    Reached.MESSAGE_LEFT: _("Left a message, or sent one"),
    Reached.WRONG_NUMBER: _("Wrong number or address"),
}
CHANNEL: Labels = {
    ContactChannel.PHONE: _("Phone"),
    ContactChannel.SMS: _("Text message"),
    ContactChannel.EMAIL: _("Email"),
    ContactChannel.LETTER: _("Letter"),
    ContactChannel.VISIT: _("Visit"),
    ContactChannel.MINICOM: _("Textphone"),
    ContactChannel.PHONE_BY_PROXY: _("Phone, through somebody else"),
    ContactChannel.SIGN_LANGUAGE: _("Sign language"),
}
APPOINTMENT: Labels = {
    AppointmentKind.FIRST_MEETING: _("First meeting"),
    AppointmentKind.ASSESSMENT: _("Assessment"),
    AppointmentKind.SESSION: _("Session"),
    AppointmentKind.VISIT: _("Visit"),
    AppointmentKind.REVIEW: _("Review"),
}
DONE_BY: Labels = {
    DoneBy.ME: _("The person"),
    DoneBy.TOGETHER: _("Together"),
    DoneBy.STAFF: _("Staff"),
    DoneBy.SOMEONE_ELSE: _("Somebody else"),
}
PRIORITY: Labels = {
    Priority.ROUTINE: _("Routine"),
    Priority.URGENT: _("Urgent: within days"),
    Priority.ASAP: _("As soon as can be: today or tomorrow"),
}
SOURCE: Labels = {
    Source.GP: _("GP"),
    Source.LINK_WORKER: _("Social prescribing link worker"),
    Source.HEALTH_VISITOR: _("Health visitor"),
    Source.OTHER_PRIMARY_CARE: _("Someone else in primary care"),
    Source.SELF: _("The person themselves"),
    Source.CARER: _("Carer"),
    Source.SOCIAL_SERVICES: _("Social services"),
    Source.EDUCATION: _("School, college or university"),
    Source.EMPLOYER: _("Employer"),
    Source.POLICE: _("Police"),
    Source.COURTS: _("Courts"),
    Source.PROBATION: _("Probation"),
    Source.PRISON: _("Prison"),
    Source.COURT_LIAISON: _("Court liaison"),
    Source.VOLUNTARY_SECTOR: _("Voluntary organisation"),
    Source.HOUSING_PROVIDER: _("Housing provider"),
    Source.VOLUNTARY_DAY_CENTRE: _("Voluntary day centre"),
    Source.COUNCIL_DAY_CENTRE: _("Council day centre"),
    Source.OTHER_SPECIALTY: _("Another hospital department"),
    Source.EMERGENCY_DEPARTMENT: _("Emergency department"),
    Source.COMMUNITY_MENTAL_HEALTH_TEAM: _("Community mental health team"),
    Source.ASSERTIVE_OUTREACH_TEAM: _("Assertive outreach team"),
    Source.NURSING_HOME: _("Nursing home"),
    Source.ASYLUM_SERVICE: _("Asylum service"),
    Source.OUT_OF_AREA: _("A service out of the area"),
    Source.DRUG_TEAM: _("Drug and alcohol team"),
    Source.OTHER: _("Someone else"),
}
CLOCK: Labels = {
    ClockKind.ACKNOWLEDGE: _("Opened by somebody"),
    ClockKind.INITIAL_CONTACT: _("First contact"),
    ClockKind.FIRST_24_HOURS: _("First checklist"),
    ClockKind.FIRST_7_DAYS: _("Second checklist"),
    ClockKind.DECISION: _("Decision"),
    ClockKind.REVIEW: _("Review"),
    ClockKind.CARERS_REVIEW: _("Carer's review"),
    ClockKind.FREQUENCY: _("Next contact"),
    ClockKind.WAITING_CHECK_IN: _("Ask whether they still wait"),
    ClockKind.LOOP: _("Word back"),
}
CLOCK_STATE: Labels = {
    ClockState.NOT_SET: _("No time set"),
    ClockState.PAUSED: _("Paused"),
    ClockState.RUNNING: _("Running"),
    ClockState.PAST: _("Overdue"),
    ClockState.MET: _("In time"),
    ClockState.MISSED: _("Late"),
}
TASK: Labels = {
    TaskKind.NOTICE_BOUNCED: _("A message about this came back. Tell them another way."),
    TaskKind.NOTICE_STOPPED: _(
        "A message to the person did not go: that way is not safe now. See in their record how they can hear of it."
    ),
    TaskKind.NOT_OPENED: _("Nobody has opened this yet. Ring the team."),
    TaskKind.COORDINATOR_LEFT: _("The worker of this person has left. Choose another one."),
    TaskKind.REFERRER_LEFT: _("Whoever sent this has left. See that somebody reads the answer."),
    TaskKind.RECEIVER_GONE: _("Nobody is left at the team who can see to this. Talk with the person about other help."),
    TaskKind.REFERRER_GONE: _("Nobody is left where this came from. Tell the person how it goes yourself."),
    TaskKind.MISSED_ONCE: _("An appointment was missed. Try to reach the person today or the next working day."),
    TaskKind.MISSED_TWICE: _("Two appointments in a row were missed. Think about what else could be wrong."),
    TaskKind.DECIDE: _("Three or more appointments in a row were missed. Decide with your manager what to do."),
    TaskKind.LOOP_OPEN: _("The word back has not gone. Send it, or say why it cannot go."),
    TaskKind.CHANGE_ASKED: _("The person asks for a change in the word back. Look at it with them."),
    TaskKind.DANGER_IN_WISH: _(
        "What the person wrote about the word back may speak of danger. Speak to them today, in a way that is safe"
        " for them."
    ),
    TaskKind.WORD_ASKED: _("The referrer asks for the word back. Send it, or ring them and say why it cannot go."),
    TaskKind.TELL_PRACTICE: _("Two appointments in a row were missed, and the GP may know. Send them the letter."),
    TaskKind.TELL_PERSON: _("It was not taken on, and the person does not know yet. Tell them, and what is offered."),
    TaskKind.PERMISSION_WITHDRAWN: _("The person no longer agrees to sharing this. Talk with them, then withdraw it."),
}
NO_LONGER_SHARED = _(
    "The person took back that your team may see this. Cancel what is planned with them because of it."
)
PREVIEW: Labels = {
    PreviewState.READING: _("The person can read it first"),
    PreviewState.AGREED: _("The person read it and agreed"),
    PreviewState.ONLY_THE_END: _("The person wants only the end to be told, without words about them"),
    PreviewState.CHANGE_ASKED: _("The person asks for a change"),
    PreviewState.SENT_BY_WORKER: _("Changed, and sent by the team"),
    PreviewState.NOT_ANSWERED: _("The person had the time to read it and did not answer"),
    PreviewState.CALLED_OFF: _("Opened again before it went"),
}
TOLD: Labels = {
    Told.PHONE: _("By phone"),
    Told.FACE_TO_FACE: _("Face to face"),
    Told.LETTER: _("By letter"),
    Told.MESSAGE: _("By text or email"),
    Told.THROUGH_REFERRER: _("The referrer tells them"),
}
RECIPIENT: Labels = {
    Recipient.PERSON: _("The person"),
    Recipient.REFERRER: _("The referrer"),
    Recipient.GP: _("The GP"),
}
WORD_BACK: Labels = {
    Recipient.PERSON: _("Word back to the person"),
    Recipient.REFERRER: _("Word back to the referrer"),
    Recipient.GP: _("Word back to the GP"),
}
NATION: Labels = {
    Nation.ENGLAND_AND_WALES: _("England and Wales"),
    Nation.SCOTLAND: _("Scotland"),
    Nation.NORTHERN_IRELAND: _("Northern Ireland"),
}
WAY: Labels = {
    Way.LETTER: _("By letter"),
    Way.EMAIL: _("By secure email"),
    Way.BY_HAND: _("It was handed over"),
    Way.PHONE: _("On the phone"),
    Way.HERE: _("They have it: we are the practice, or we read it here"),
}
LEVEL: Labels = {
    SharingLevel.NONE: _("Nothing"),
    SharingLevel.CODES: _("Only that it has ended, and how. No words about them"),
    SharingLevel.SUMMARY: _("A short summary"),
    SharingLevel.FULL: _("Everything that matters"),
}
METHOD: Labels = {
    PermissionMethod.VERBAL: _("They said so"),
    PermissionMethod.WRITTEN: _("They wrote or signed it"),
    PermissionMethod.PROXY: _("Somebody who may decide for them said so"),
    PermissionMethod.BEST_INTERESTS: _("They cannot decide, and it is in their best interests"),
}
DANGER: Labels = {
    DangerCall.NO_DANGER: _("No"),
    DangerCall.CALLED_999: _("Yes, and I have called 999"),
    DangerCall.CALLED_CRISIS_TEAM: _("Yes, and I have spoken to the crisis team"),
}
ANSWER: Labels = {
    Answer.YES: _("Yes"),
    Answer.NO: _("No"),
    Answer.NOT_SURE: _("Not sure"),
}
RULE: Labels = {
    WaitingRule.LONGEST_FIRST: _("Who waits longest comes first"),
    WaitingRule.URGENT_FIRST: _("Who needs it most urgently comes first"),
}
NEED: Labels = {
    Need.PERMISSION_OR_OVERRIDE: _("The person has not agreed to share this, and no reason stands in for it."),
    Need.SNAPSHOT: _("What is sent could not be frozen. Try again."),
    Need.DUE_BY: _("There is no time by which it is to be decided."),
    Need.NAMED_OPENER: _("Nobody is named who opened it."),
    Need.QUESTION: _("Write your question."),
    Need.ANSWER: _("Write your answer."),
    Need.REASON: _("Choose a reason."),
    Need.REASON_COMMENT: _("Say what the other reason is."),
    Need.NEXT_STEP: _("Say what the person is offered instead."),
    Need.PERSON_TOLD: _("Say how and when the person was told."),
    Need.TARGET: _("Choose where the person is passed on to."),
    Need.FRESH_PERMISSION: _("Ask the person first."),
    Need.COORDINATOR: _("Choose who looks after the person."),
    Need.ADDED_ON: _("Say since when the person waits."),
    Need.WAITING_LIST: _("Say which waiting list it is."),
    Need.PRIORITY_RULE: _("Say in what order people come off the list."),
    Need.NEXT_CHECK: _("Say when the person is asked again."),
    Need.FIRST_CONTACT: _("Write down the first contact with the person before you start."),
    Need.REVIEW_BY: _("Say on which day you look at it again."),
    Need.OUTCOME_PER_GOAL: _("There must be a goal, and each goal needs an outcome."),
    Need.DESTINATION: _("Say where the person goes on to."),
    Need.DISCHARGE_PACK: _("Write the summary for those who are told."),
    Need.NOTHING_OPEN: _("There are appointments to come, or steps of the plan that are not done. Close them first."),
    Need.ATTENDANCE_RECORDED: _("Say first what became of the past appointments."),
    Need.RISK_DECISION: _("The person did not come. Write down how you weighed the risk, and what you decided."),
    Need.WITHIN_REOPENING_TIME: _("It ended too long ago to be opened again. Write a new referral."),
    Need.COMMENT: _("Say why."),
}


def reason_words(code: str) -> str:
    """A reason in words; the code itself where an older version had it."""
    return str(REASON.get(code, code.replace("-", " ")))


def way_words(way: Way | None) -> str:
    """How the word back reached somebody; where nobody says so, a notice of ours led them to it here."""
    return str(WAY[way] if way is not None else _("Read in Waymark; the email to them said only that there is news"))


def went_words(went: Went) -> str:
    """By which way a word went to the person, and what came of an attempt."""
    how = CHANNEL[went.channel] if went.channel is not None else WAY[went.way] if went.way is not None else ""
    return f"{how}: {REACHED[went.result]}" if went.result is not None else str(how)


def threshold_told(limit: Threshold | None) -> str:
    """How long a clock may run, in words; that no time is set where none is."""
    if limit is None:
        return str(CLOCK_STATE[ClockState.NOT_SET])
    number = limit.amount
    match limit.unit:
        case Unit.HOURS:
            return str(ngettext("%(num)d hour", "%(num)d hours", number))
        case Unit.DAYS:
            return str(ngettext("%(num)d day", "%(num)d days", number))
        case Unit.WORKING_DAYS:
            return str(ngettext("%(num)d working day", "%(num)d working days", number))
        case Unit.MONTHS:
            return str(ngettext("%(num)d month", "%(num)d months", number))


def choices(labels: Labels, *, only: Any = None) -> list[tuple[str, LazyString]]:
    """Codes and labels for a field, in order; only some of them where they are given."""
    return [(code.value, label) for code, label in labels.items() if only is None or code in only]


def status_words(code: str) -> str:
    """A status in words, from what a message keeps."""
    return str(STATUS[Status(code)])


def destination_words(code: str) -> str:
    """A destination in words, from what a message keeps."""
    return str(DESTINATION[Destination(code)])


def outcome_words(code: str) -> str:
    """What became of goals in words, from what a message keeps."""
    return str(OUTCOME[ClosureOutcome(code)])


def named(codes: Collection[StrEnum], labels: Labels) -> str:
    """Some of these codes in words, in the order of all of them."""
    return "; ".join(str(label) for code, label in labels.items() if code in codes)


def ages_told(told: Definition) -> str:
    """Whom a pathway takes by age."""
    youngest, oldest = told.minimum_age, told.maximum_age
    if youngest is None and oldest is None:
        return str(gettext("Any age"))
    if oldest is None:
        return str(gettext("From %(youngest)s", youngest=youngest))
    return str(gettext("%(youngest)s to %(oldest)s", youngest=youngest or 0, oldest=oldest))


def places_told(told: Definition) -> str:
    """Whom a pathway takes by where they live, or by their practice."""
    return "; ".join([*told.areas, *told.practices]) or gettext("Everywhere")


def task_told(task: ReferralTask) -> LazyString:
    """What there is to look at, as far as it can be done at the end where the task is."""
    is_sender = task.organization_id == task.referral.referrer_organization_id
    return TASK[task.kind] if is_sender or task.kind is not TaskKind.PERMISSION_WITHDRAWN else NO_LONGER_SHARED


def stored_day(text: str) -> date:
    """The day in London of an instant that a message keeps."""
    return datetime.fromisoformat(text).astimezone(LONDON).date()


def last_moment(at: datetime) -> str:
    """By when something is due: the end of a day where the time is a midnight in London, else the very time."""
    local = at.astimezone(LONDON)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return day_words(local.date() - timedelta(days=1))
    return moment(at)


def safe_times_of(person: Mapping[str, Any]) -> tuple[SafeTime, ...]:
    """The stretches in which somebody can be reached, from what a snapshot keeps; none where any time will do."""
    return read_times(person.get("safe_times") or [])


def channel_words(code: str) -> str:
    """A way to reach somebody in words, from what a snapshot keeps."""
    return str(CHANNELS[ContactChannel(code)])


def needs_told(codes: Iterable[str]) -> list[tuple[LazyString, list[LazyString]]]:
    """What somebody needs to take in what is written and said, by group, from what a snapshot keeps."""
    return needs_in_words([AccessibleFormat(code) for code in codes])


def born_words(text: str) -> str:
    """A birth date that a snapshot keeps, as people write it."""
    return day_words(date.fromisoformat(text))


def number_words(number: str) -> str:
    """A telephone number as people in Britain write it; nothing where there is none."""
    if not number:
        return ""
    if number.startswith("+44") and len(number) == 13:
        return f"0{number[3:7]} {number[7:]}"
    return number
