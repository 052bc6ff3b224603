"""The codes of advice work. The lists are Waymark's own; where a standard has the same thing, its name is used."""

from __future__ import annotations

from enum import StrEnum


class ClientKind(StrEnum):
    """Who the contact was with, as far as it is known."""

    NAMED = "named"
    NUMBERED = "numbered"
    ANONYMOUS = "anonymous"
    THIRD_PARTY = "third-party"


class Channel(StrEnum):
    """How the contact took place; "not recorded" is for those that were written down later."""

    PHONE = "phone"
    AT_SERVICE = "at-service"
    AT_SURGERY = "at-surgery"
    AT_HOME = "at-home"
    VIDEO = "video"
    EMAIL = "email"
    WEB_FORM = "web-form"
    WEBCHAT = "webchat"
    SMS = "sms"
    LETTER = "letter"
    GROUP = "group"
    OTHER = "other"
    NOT_RECORDED = "not-recorded"


class Direction(StrEnum):
    """Who got in touch."""

    IN = "in"
    OUT = "out"


class Result(StrEnum):
    """Whether the client was reached."""

    REACHED = "reached"
    NO_ANSWER = "no-answer"
    MESSAGE_LEFT = "message-left"
    WRONG_NUMBER = "wrong-number"


class Level(StrEnum):
    """How far the help went: the two standards of the Advice Quality Standard, and what comes before and after."""

    SIGNPOSTING = "signposting"
    INFORMATION = "information"
    ADVICE = "advice"
    CASEWORK = "casework"
    REPRESENTATION = "representation"


class Place(StrEnum):
    """Where the adviser was."""

    OFFICE = "office"
    SURGERY = "surgery"
    HUB = "hub"
    GROUP = "group"
    HOME = "home"
    OTHER = "other"


class Format(StrEnum):
    """In what form the advice was given."""

    VERBAL = "verbal"
    WRITTEN = "written"
    AUDIO_VISUAL = "audio-visual"
    EASY_READ = "easy-read"
    LARGE_PRINT = "large-print"


class Emergency(StrEnum):
    """What cannot wait until tomorrow."""

    NO_FOOD = "no-food"
    NO_HEAT = "no-heat"
    HOMELESS_TONIGHT = "homeless-tonight"
    VIOLENCE = "violence"


class DateKind(StrEnum):
    """What happens on a key date. The first two are reckoned from the date of a letter."""

    RECONSIDERATION = "reconsideration"
    APPEAL = "appeal"
    COURT = "court"
    EVICTION = "eviction"
    BAILIFF = "bailiff"
    TRIBUNAL = "tribunal"
    BENEFIT_DEADLINE = "benefit-deadline"
    SUPPLY_CUT_OFF = "supply-cut-off"
    FOOD_RUNS_OUT = "food-runs-out"


class StepBy(StrEnum):
    """Who takes the next step."""

    ADVISER = "adviser"
    CLIENT = "client"
    BOTH = "both"


class ConflictState(StrEnum):
    """Where the question of a conflict of interest stands. A check only ever says "none" or "possible"."""

    NOT_RUN = "not-run"
    NONE = "none"
    POSSIBLE = "possible"
    MANAGED = "managed"
    CANNOT_ACT = "cannot-act"


class CaseState(StrEnum):
    """Whether work goes on."""

    OPEN = "open"
    CLOSED = "closed"


class Closure(StrEnum):
    """Why a case was closed."""

    COMPLETE = "complete"
    OUTCOME_ACHIEVED = "outcome-achieved"
    WITHDREW = "withdrew"
    NO_FURTHER_CONTACT = "no-further-contact"
    REFERRED_ON = "referred-on"
    OUT_OF_SCOPE = "out-of-scope"
    CONFLICT = "conflict"
    DIED = "died"


class MoneyKind(StrEnum):
    """What sort of difference in money."""

    GAIN = "gain"
    ONE_OFF = "one-off"
    GRANT = "grant"
    WRITTEN_OFF = "written-off"
    RESCHEDULED = "rescheduled"
    PAYMENT_REDUCED = "payment-reduced"
    COST_AVOIDED = "cost-avoided"


class Frequency(StrEnum):
    """How often the amount comes."""

    ONCE = "once"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    YEARLY = "yearly"


class MoneyStatus(StrEnum):
    """How sure the money is. Amounts of different statuses are never added up."""

    EXPECTED = "expected"
    CLAIMED = "claimed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class ResultKind(StrEnum):
    """What else the work may achieve."""

    HOMELESSNESS_PREVENTED = "homelessness-prevented"
    HOMELESSNESS_RELIEVED = "homelessness-relieved"
    TENANCY_SUSTAINED = "tenancy-sustained"
    NEW_TENANCY = "new-tenancy"
    REPAIRS_DONE = "repairs-done"
    EVICTION_STOPPED = "eviction-stopped"
    DECISION_OVERTURNED = "decision-overturned"
    DEBT_SOLUTION = "debt-solution"
    ENFORCEMENT_STOPPED = "enforcement-stopped"
    HEATING_RESTORED = "heating-restored"
    CARE_ASSESSMENT = "care-assessment"
    CARERS_ASSESSMENT = "carers-assessment"
    UNDERSTANDS_OPTIONS = "understands-options"
    COPES_BETTER = "copes-better"


class Achieved(StrEnum):
    """How far a result was reached; counted as 1, a half and nothing."""

    FULLY = "fully"
    PARTLY = "partly"
    NOT = "not"


class ReviewQuestion(StrEnum):
    """What a supervisor asks of a file.

    After Citizens Advice's checklist of an interview and the early look for conflicts of the Scottish National
    Standards; the wording is Waymark's.
    """

    EMERGENCIES = "emergencies"
    DATES = "dates"
    CONFLICT = "conflict"
    ADVICE = "advice"
    OPTIONS = "options"
    SOURCES = "sources"
    NEXT_STEPS = "next-steps"
    SERVICES = "services"
    RECORD = "record"


class ReviewAnswer(StrEnum):
    """How a file does on a question; counted as 1, a half and nothing, and left out where it does not apply."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_ASKED = "not-asked"


class DocumentKind(StrEnum):
    """What a document is, by its content; no other kinds are taken."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    DOCX = "docx"
    ODT = "odt"
    TEXT = "text"


class ScanState(StrEnum):
    """Whether a document was looked at for viruses: "not checked" where this Waymark has nothing to look with."""

    NOT_CHECKED = "not-checked"
    WAITING = "waiting"
    CLEAN = "clean"
    INFECTED = "infected"


class SessionKind(StrEnum):
    """A time at which advice can be had without an appointment: by coming, or by calling."""

    DROP_IN = "drop-in"
    TELEPHONE = "telephone"


class QueueState(StrEnum):
    """Where somebody who came to an open session is: waits, is with an adviser, was seen, or went.

    `NOT_SAID`: nobody said what became of them before the day was over.
    """

    WAITING = "waiting"
    CALLED = "called"
    SEEN = "seen"
    LEFT = "left"
    NOT_SAID = "not-said"


class CallResult(StrEnum):
    """How a call on a telephone shift went."""

    ANSWERED = "answered"
    NOT_REACHED = "not-reached"
    ENGAGED = "engaged"
    CALL_BACK = "call-back"
