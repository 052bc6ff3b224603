"""The codes of referrals: FHIR's where it has them, NHS wording for attendance, Waymark's where neither has any."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """The fixed status of a referral; the stages within it are each pathway's own."""

    DRAFT = "draft"
    SENT = "sent"
    INFO_REQUESTED = "info_requested"
    REJECTED = "rejected"
    REDIRECTED = "redirected"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    ENDED_EARLY = "ended_early"
    WITHDRAWN = "withdrawn"
    ERROR = "error"


ENDED = frozenset(
    {Status.REJECTED, Status.REDIRECTED, Status.COMPLETED, Status.ENDED_EARLY, Status.WITHDRAWN, Status.ERROR}
)
OPEN = frozenset(Status) - ENDED


class Move(StrEnum):
    """What somebody can do to a referral that changes where it stands."""

    SEND = "send"
    ACKNOWLEDGE = "acknowledge"
    ASK = "ask"
    ANSWER = "answer"
    REJECT = "reject"
    REDIRECT = "redirect"
    ACCEPT = "accept"
    ADD_TO_WAITING_LIST = "add_to_waiting_list"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    COMPLETE = "complete"
    END_EARLY = "end_early"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    MARK_ERROR = "mark_error"


class Party(StrEnum):
    """As what somebody acts on a referral. There is none for a machine: every move is a person's."""

    PERSON = "person"
    REFERRER = "referrer"
    RECEIVER = "receiver"
    WORKER = "worker"
    MANAGER = "manager"


class TaskStatus(StrEnum):
    """FHIR R4 Task.status."""

    DRAFT = "draft"
    REQUESTED = "requested"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    READY = "ready"
    CANCELLED = "cancelled"
    IN_PROGRESS = "in-progress"
    ON_HOLD = "on-hold"
    FAILED = "failed"
    COMPLETED = "completed"
    ENTERED_IN_ERROR = "entered-in-error"


class BserStatus(StrEnum):
    """The business status of a referral in HL7 BSeR 2.0.0-ballot."""

    CREATED = "2.0"
    ACCEPTED = "3.0"
    DECLINED = "4.0"
    EVENT_SCHEDULED = "5.1.1"
    EVENT_UNATTENDED = "5.1.2"
    EVENT_CANCELLED = "5.1.3"
    EVENT_COMPLETED = "5.1.4"
    CANCELLATION_REQUESTED = "5.2"
    CANCELLED = "6.0"
    COMPLETED = "7.0"


class Attendance(StrEnum):
    """What became of an appointment, by the NHS codes of attendance (seen at second hand)."""

    SEEN_ON_TIME = "5"
    LATE_BUT_SEEN = "6"
    LATE_NOT_SEEN = "7"
    CANCELLED_BY_PERSON = "2"
    DID_NOT_ATTEND = "3"
    CANCELLED_BY_PROVIDER = "4"
    FUTURE = "0"
    UNKNOWN = "9"


class Priority(StrEnum):
    """FHIR R4 request priority, the codes that a referral here can have.

    `stat` is left out: who is in danger now is telephoned for, not referred.
    """

    ROUTINE = "routine"
    URGENT = "urgent"
    ASAP = "asap"


class Destination(StrEnum):
    """Where a person goes on to when a referral ends (our own list: the national one is for inpatients)."""

    GP_ONLY = "gp-only"
    SECONDARY_CARE = "secondary-care"
    VOLUNTARY_SERVICE = "voluntary-service"
    EMPLOYMENT = "employment"
    EDUCATION = "education"
    VOLUNTEERING = "volunteering"
    SELF_MANAGEMENT = "self-management"
    MAINSTREAM_ACTIVITY = "mainstream-activity"
    SOCIAL_CARE = "social-care"
    HOSPITAL = "hospital"
    PRISON = "prison"
    MOVED = "moved"
    DIED = "died"
    UNKNOWN = "unknown"


class ClosureOutcome(StrEnum):
    """What became of a goal; "not known" is an answer, an empty box is none."""

    ACHIEVED = "achieved"
    PARTLY = "partly"
    NOT_ACHIEVED = "not-achieved"
    NOT_KNOWN = "not-known"


class Source(StrEnum):
    """Who referred: finer than the national list, to which `NATIONAL_SOURCES` leads."""

    GP = "gp"
    LINK_WORKER = "link-worker"
    HEALTH_VISITOR = "health-visitor"
    OTHER_PRIMARY_CARE = "other-primary-care"
    SELF = "self"
    CARER = "carer"
    SOCIAL_SERVICES = "social-services"
    EDUCATION = "education"
    EMPLOYER = "employer"
    POLICE = "police"
    COURTS = "courts"
    PROBATION = "probation"
    PRISON = "prison"
    COURT_LIAISON = "court-liaison"
    VOLUNTARY_SECTOR = "voluntary-sector"
    HOUSING_PROVIDER = "housing-provider"
    VOLUNTARY_DAY_CENTRE = "voluntary-day-centre"
    COUNCIL_DAY_CENTRE = "council-day-centre"
    OTHER_SPECIALTY = "other-specialty"
    EMERGENCY_DEPARTMENT = "emergency-department"
    COMMUNITY_MENTAL_HEALTH_TEAM = "community-mental-health-team"
    ASSERTIVE_OUTREACH_TEAM = "assertive-outreach-team"
    NURSING_HOME = "nursing-home"
    ASYLUM_SERVICE = "asylum-service"
    OUT_OF_AREA = "out-of-area"
    DRUG_TEAM = "drug-team"
    OTHER = "other"


# Source of referral for mental health services, seen at second hand. None: no single code is known to be the right one.
NATIONAL_SOURCES: dict[Source, str | None] = {
    Source.GP: "A1",
    Source.LINK_WORKER: "A3",
    Source.HEALTH_VISITOR: "A2",
    Source.OTHER_PRIMARY_CARE: "A3",
    Source.SELF: "B1",
    Source.CARER: "B2",
    Source.SOCIAL_SERVICES: "C1",
    Source.EDUCATION: "C2",
    Source.EMPLOYER: "D1",
    Source.POLICE: "E1",
    Source.COURTS: "E2",
    Source.PROBATION: "E3",
    Source.PRISON: "E4",
    Source.COURT_LIAISON: "E5",
    Source.VOLUNTARY_SECTOR: "G4",
    Source.HOUSING_PROVIDER: None,
    Source.VOLUNTARY_DAY_CENTRE: "G4",
    Source.COUNCIL_DAY_CENTRE: "C1",
    Source.OTHER_SPECIALTY: "H1",
    Source.EMERGENCY_DEPARTMENT: "H2",
    Source.COMMUNITY_MENTAL_HEALTH_TEAM: "J1",
    Source.ASSERTIVE_OUTREACH_TEAM: "J1",
    Source.NURSING_HOME: "M5",
    Source.ASYLUM_SERVICE: "M1",
    Source.OUT_OF_AREA: "M3",
    Source.DRUG_TEAM: "M4",
    Source.OTHER: "M5",
}


class Nation(StrEnum):
    """Whose bank holidays count."""

    ENGLAND_AND_WALES = "england-and-wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"


class Told(StrEnum):
    """How somebody was told something."""

    PHONE = "phone"
    FACE_TO_FACE = "face-to-face"
    LETTER = "letter"
    MESSAGE = "message"
    THROUGH_REFERRER = "through-referrer"


class Reached(StrEnum):
    """What came of an attempt to reach a person; only the first is a two-way contact."""

    REACHED = "reached"
    NO_ANSWER = "no-answer"
    MESSAGE_LEFT = "message-left"
    WRONG_NUMBER = "wrong-number"


class AppointmentKind(StrEnum):
    """What an appointment is for; plain on purpose, for it can stand in a message."""

    FIRST_MEETING = "first-meeting"
    ASSESSMENT = "assessment"
    SESSION = "session"
    VISIT = "visit"
    REVIEW = "review"


class DoneBy(StrEnum):
    """Who does a step of the plan."""

    ME = "me"
    TOGETHER = "together"
    STAFF = "staff"
    SOMEONE_ELSE = "someone-else"


class TaskKind(StrEnum):
    """What has to be looked at by a person, because software alone would let it lie."""

    NOTICE_BOUNCED = "notice-bounced"
    NOTICE_STOPPED = "notice-stopped"
    NOT_OPENED = "not-opened"
    COORDINATOR_LEFT = "coordinator-left"
    REFERRER_LEFT = "referrer-left"
    RECEIVER_GONE = "receiver-gone"
    REFERRER_GONE = "referrer-gone"
    MISSED_ONCE = "missed-once"
    MISSED_TWICE = "missed-twice"
    DECIDE = "decide"
    LOOP_OPEN = "loop-open"
    PERMISSION_WITHDRAWN = "permission-withdrawn"
    CHANGE_ASKED = "change-asked"
    DANGER_IN_WISH = "danger-in-wish"
    WORD_ASKED = "word-asked"
    TELL_PRACTICE = "tell-practice"
    TELL_PERSON = "tell-person"


class Shown(StrEnum):
    """Whether the person saw the word back before it went; later is: they read it first, and then it goes."""

    LATER = "later"
    YES = "yes"
    NO = "no"
    COULD_NOT = "could-not"


class PreviewState(StrEnum):
    """What became of the word back that the person was given to read first."""

    READING = "reading"
    AGREED = "agreed"
    ONLY_THE_END = "only-the-end"
    CHANGE_ASKED = "change-asked"
    SENT_BY_WORKER = "sent-by-worker"
    NOT_ANSWERED = "not-answered"
    CALLED_OFF = "called-off"


class DangerCall(StrEnum):
    """What was said of danger, and what was done before a referral about it could be sent.

    `in-words`: nobody said that there is danger, but what the person wrote themselves sounds like it.
    """

    NO_DANGER = "no-danger"
    IN_WORDS = "in-words"
    CALLED_999 = "called-999"
    CALLED_CRISIS_TEAM = "called-crisis-team"


class ClockKind(StrEnum):
    """What is timed."""

    ACKNOWLEDGE = "acknowledge"
    INITIAL_CONTACT = "initial-contact"
    FIRST_24_HOURS = "first-24-hours"
    FIRST_7_DAYS = "first-7-days"
    DECISION = "decision"
    REVIEW = "review"
    CARERS_REVIEW = "carers-review"
    FREQUENCY = "frequency"
    WAITING_CHECK_IN = "waiting-check-in"
    LOOP = "loop"


class Occasion(StrEnum):
    """Of what somebody hears: of the end, or that appointments were missed while the work goes on."""

    END = "end"
    MISSED = "missed"


class Way(StrEnum):
    """How the word back reached somebody whom no notice of ours reaches; the last is for those who have it here."""

    LETTER = "letter"
    EMAIL = "email"
    BY_HAND = "by-hand"
    PHONE = "phone"
    HERE = "here"


class Recipient(StrEnum):
    """Who is to hear how a referral ended; with a self-referral that is the person."""

    PERSON = "person"
    REFERRER = "referrer"
    GP = "gp"
