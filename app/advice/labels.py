"""The codes of advice in words."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.advice.codes import (
    Achieved,
    CallResult,
    CaseState,
    Channel,
    ClientKind,
    Closure,
    ConflictState,
    DateKind,
    Direction,
    DocumentKind,
    Emergency,
    Format,
    Frequency,
    Level,
    MoneyKind,
    MoneyStatus,
    Place,
    QueueState,
    Result,
    ResultKind,
    ReviewAnswer,
    ReviewQuestion,
    ScanState,
    SessionKind,
    StepBy,
)

CLIENT_KINDS: dict[ClientKind, LazyString] = {
    ClientKind.NAMED: _("By name"),
    ClientKind.NUMBERED: _("By a number"),
    ClientKind.ANONYMOUS: _("No name"),
    ClientKind.THIRD_PARTY: _("Somebody else, about them"),
}
CHANNELS: dict[Channel, LazyString] = {
    Channel.PHONE: _("Phone"),
    Channel.AT_SERVICE: _("Face to face, at the service"),
    Channel.AT_SURGERY: _("Face to face, at the surgery"),
    Channel.AT_HOME: _("Face to face, at home"),
    Channel.VIDEO: _("Video"),
    Channel.EMAIL: _("Email"),
    Channel.WEB_FORM: _("Web form"),
    Channel.WEBCHAT: _("Webchat"),
    Channel.SMS: _("Text message"),
    Channel.LETTER: _("Letter"),
    Channel.GROUP: _("Group session"),
    Channel.OTHER: _("Other"),
    Channel.NOT_RECORDED: _("Not recorded"),
}
DIRECTIONS: dict[Direction, LazyString] = {
    Direction.IN: _("They got in touch"),
    Direction.OUT: _("We got in touch"),
}
RESULTS: dict[Result, LazyString] = {
    Result.REACHED: _("We spoke"),
    Result.NO_ANSWER: _("No answer"),
    Result.MESSAGE_LEFT: _("Message left"),
    Result.WRONG_NUMBER: _("Wrong number"),
}
LEVELS: dict[Level, LazyString] = {
    Level.SIGNPOSTING: _("Signposting"),
    Level.INFORMATION: _("Information"),
    Level.ADVICE: _("Advice"),
    Level.CASEWORK: _("Casework"),
    Level.REPRESENTATION: _("Representation"),
}
PLACES: dict[Place, LazyString] = {
    Place.OFFICE: _("Our office"),
    Place.SURGERY: _("GP surgery"),
    Place.HUB: _("Hub"),
    Place.GROUP: _("Group"),
    Place.HOME: _("Their home"),
    Place.OTHER: _("Somewhere else"),
}
FORMATS: dict[Format, LazyString] = {
    Format.VERBAL: _("Spoken"),
    Format.WRITTEN: _("Written"),
    Format.AUDIO_VISUAL: _("Audio or video"),
    Format.EASY_READ: _("Easy read"),
    Format.LARGE_PRINT: _("Large print"),
}
EMERGENCIES: dict[Emergency, LazyString] = {
    Emergency.NO_FOOD: _("No food"),
    Emergency.NO_HEAT: _("No heat or power"),
    Emergency.HOMELESS_TONIGHT: _("Nowhere to sleep tonight"),
    Emergency.VIOLENCE: _("Violence, or fear of it"),
}
DATE_KINDS: dict[DateKind, LazyString] = {
    DateKind.RECONSIDERATION: _("Ask for a mandatory reconsideration"),
    DateKind.APPEAL: _("Appeal to the tribunal"),
    DateKind.COURT: _("Court hearing"),
    DateKind.EVICTION: _("Eviction"),
    DateKind.BAILIFF: _("Bailiffs"),
    DateKind.TRIBUNAL: _("Tribunal hearing"),
    DateKind.BENEFIT_DEADLINE: _("Another benefit deadline"),
    DateKind.SUPPLY_CUT_OFF: _("Gas, power or water cut off"),
    DateKind.FOOD_RUNS_OUT: _("Food runs out"),
}
# What is typed into the form: for the first two the date on a letter.
DATE_QUESTIONS: dict[DateKind, LazyString] = {
    DateKind.RECONSIDERATION: _("Decision letter, dated (a month to ask for a reconsideration)"),
    DateKind.APPEAL: _("Reconsideration notice, dated (a month to appeal)"),
} | {kind: words for kind, words in DATE_KINDS.items() if kind not in {DateKind.RECONSIDERATION, DateKind.APPEAL}}
STEP_BY: dict[StepBy, LazyString] = {
    StepBy.ADVISER: _("Us"),
    StepBy.CLIENT: _("Them"),
    StepBy.BOTH: _("Both"),
}
CONFLICTS: dict[ConflictState, LazyString] = {
    ConflictState.NOT_RUN: _("Not checked"),
    ConflictState.NONE: _("None found"),
    ConflictState.POSSIBLE: _("Possible conflict: ask a supervisor"),
    ConflictState.MANAGED: _("Managed"),
    ConflictState.CANNOT_ACT: _("We cannot act"),
}
CASE_STATES: dict[CaseState, LazyString] = {CaseState.OPEN: _("Open"), CaseState.CLOSED: _("Closed")}
CLOSURES: dict[Closure, LazyString] = {
    Closure.COMPLETE: _("The work is complete"),
    Closure.OUTCOME_ACHIEVED: _("The outcome was achieved"),
    Closure.WITHDREW: _("They withdrew"),
    Closure.NO_FURTHER_CONTACT: _("No further contact"),
    Closure.REFERRED_ON: _("Referred on"),
    Closure.OUT_OF_SCOPE: _("Not something we do"),
    Closure.CONFLICT: _("Conflict of interest"),
    Closure.DIED: _("They died"),
}
MONEY_KINDS: dict[MoneyKind, LazyString] = {
    MoneyKind.GAIN: _("More income"),
    MoneyKind.ONE_OFF: _("One payment, or arrears paid"),
    MoneyKind.GRANT: _("Grant"),
    MoneyKind.WRITTEN_OFF: _("Debt written off"),
    MoneyKind.RESCHEDULED: _("Debt rescheduled"),
    MoneyKind.PAYMENT_REDUCED: _("Payments reduced"),
    MoneyKind.COST_AVOIDED: _("Cost avoided"),
}
FREQUENCIES: dict[Frequency, LazyString] = {
    Frequency.ONCE: _("Once"),
    Frequency.WEEKLY: _("Every week"),
    Frequency.MONTHLY: _("Every month"),
    Frequency.YEARLY: _("Every year"),
}
MONEY_STATUSES: dict[MoneyStatus, LazyString] = {
    MoneyStatus.EXPECTED: _("Expected"),
    MoneyStatus.CLAIMED: _("Claimed"),
    MoneyStatus.CONFIRMED: _("Confirmed"),
    MoneyStatus.REFUSED: _("Refused"),
}
RESULT_KINDS: dict[ResultKind, LazyString] = {
    ResultKind.HOMELESSNESS_PREVENTED: _("Homelessness prevented"),
    ResultKind.HOMELESSNESS_RELIEVED: _("Homelessness ended"),
    ResultKind.TENANCY_SUSTAINED: _("Tenancy kept"),
    ResultKind.NEW_TENANCY: _("New tenancy"),
    ResultKind.REPAIRS_DONE: _("Repairs done"),
    ResultKind.EVICTION_STOPPED: _("Eviction stopped"),
    ResultKind.DECISION_OVERTURNED: _("Decision overturned"),
    ResultKind.DEBT_SOLUTION: _("Debt solution in place"),
    ResultKind.ENFORCEMENT_STOPPED: _("Enforcement stopped"),
    ResultKind.HEATING_RESTORED: _("Heating or power back on"),
    ResultKind.CARE_ASSESSMENT: _("Care assessment"),
    ResultKind.CARERS_ASSESSMENT: _("Carer’s assessment"),
    ResultKind.UNDERSTANDS_OPTIONS: _("Understands the options"),
    ResultKind.COPES_BETTER: _("Copes better"),
}
ACHIEVED: dict[Achieved, LazyString] = {
    Achieved.FULLY: _("Achieved"),
    Achieved.PARTLY: _("Partly"),
    Achieved.NOT: _("Not achieved"),
}
REVIEW_QUESTIONS: dict[ReviewQuestion, LazyString] = {
    ReviewQuestion.EMERGENCIES: _("Were emergencies asked about, and dealt with first?"),
    ReviewQuestion.DATES: _("Were the dates that must not be missed found and kept?"),
    ReviewQuestion.CONFLICT: _("Was a conflict of interest looked for in time?"),
    ReviewQuestion.ADVICE: _("Was the advice right and complete?"),
    ReviewQuestion.OPTIONS: _("Could the client choose, knowing what each way means?"),
    ReviewQuestion.SOURCES: _("Does the file say where the advice is from?"),
    ReviewQuestion.NEXT_STEPS: _("Is it clear who does what next, and by when?"),
    ReviewQuestion.SERVICES: _("Can the services they were sent to really help?"),
    ReviewQuestion.RECORD: _("Could somebody else go on from this file?"),
}
REVIEW_ANSWERS: dict[ReviewAnswer, LazyString] = {
    ReviewAnswer.YES: _("Yes"),
    ReviewAnswer.PARTLY: _("Partly"),
    ReviewAnswer.NO: _("No"),
    ReviewAnswer.NOT_ASKED: _("Does not apply"),
}
DOCUMENT_KINDS: dict[DocumentKind, LazyString] = {
    DocumentKind.PDF: _("PDF"),
    DocumentKind.JPEG: _("Picture (JPEG)"),
    DocumentKind.PNG: _("Picture (PNG)"),
    DocumentKind.DOCX: _("Word document"),
    DocumentKind.ODT: _("OpenDocument text"),
    DocumentKind.TEXT: _("Plain text"),
}
SCAN_STATES: dict[ScanState, LazyString] = {
    ScanState.NOT_CHECKED: _("Not checked for viruses"),
    ScanState.WAITING: _("Being checked for viruses"),
    ScanState.CLEAN: _("No virus found"),
    ScanState.INFECTED: _("A virus was found: the file is deleted"),
}
SESSION_KINDS: dict[SessionKind, LazyString] = {
    SessionKind.DROP_IN: _("Open session: people come"),
    SessionKind.TELEPHONE: _("Telephone shift: people call"),
}
QUEUE_STATES: dict[QueueState, LazyString] = {
    QueueState.WAITING: _("Waiting"),
    QueueState.CALLED: _("With an adviser"),
    QueueState.SEEN: _("Seen"),
    QueueState.LEFT: _("Left"),
    QueueState.NOT_SAID: _("Not said"),
}
CALL_RESULTS: dict[CallResult, LazyString] = {
    CallResult.ANSWERED: _("Answered"),
    CallResult.NOT_REACHED: _("Not reached"),
    CallResult.ENGAGED: _("Engaged"),
    CallResult.CALL_BACK: _("To call back"),
}
SESSION_SHORT: dict[SessionKind, LazyString] = {
    SessionKind.DROP_IN: _("Open session"),
    SessionKind.TELEPHONE: _("Telephone shift"),
}
