"""The codes of courses, groups and booking, stored by value."""

from __future__ import annotations

from enum import StrEnum


class BookingState(StrEnum):
    """Where a booking stands."""

    DRAFT = "draft"
    REQUESTED = "requested"
    HELD = "held"
    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    DECLINED = "declined"
    LAPSED = "lapsed"
    DECLINED_OFFER = "declined_offer"
    OFFER_LAPSED = "offer_lapsed"
    WITHDRAWN = "withdrawn"
    CANCELLED_BY_PERSON = "cancelled_by_person"
    CANCELLED_BY_SERVICE = "cancelled_by_service"
    RUN_CANCELLED = "run_cancelled"
    TRANSFERRED = "transferred"
    RELEASED = "released"
    COMPLETED = "completed"


# These use up places of the pool.
PLACE_STATES = frozenset({BookingState.HELD, BookingState.OFFERED, BookingState.BOOKED})
# A person has at most one of these in a pool.
ACTIVE_STATES = PLACE_STATES | {BookingState.WAITING}
# Whoever is in one of these has no place yet, and is in the order of a list.
IN_LINE = frozenset({BookingState.WAITING, BookingState.OFFERED})
OPEN_STATES = ACTIVE_STATES | {BookingState.DRAFT, BookingState.REQUESTED}
# No way leads out of these but to take back that something was completed: who comes again gets a new booking that
# points to the old.
TERMINAL_STATES = frozenset(BookingState) - OPEN_STATES


class BookingAction(StrEnum):
    """What can happen to a booking."""

    SUBMIT = "submit"
    BOOK = "book"
    JOIN_WAITING_LIST = "join_waiting_list"
    DECLINE = "decline"
    LAPSE = "lapse"
    OFFER = "offer"
    ACCEPT_OFFER = "accept_offer"
    DECLINE_OFFER = "decline_offer"
    LAPSE_OFFER = "lapse_offer"
    WITHDRAW = "withdraw"
    CANCEL_BY_PERSON = "cancel_by_person"
    CANCEL_BY_SERVICE = "cancel_by_service"
    CANCEL_RUN = "cancel_run"
    TRANSFER = "transfer"
    RELEASE = "release"
    COMPLETE = "complete"
    UNDO_COMPLETE = "undo_complete"


class Party(StrEnum):
    """Who acts on a booking."""

    PERSON = "person"
    WORKER = "worker"
    SYSTEM = "system"


class Attendance(StrEnum):
    """Whether a person came to a session."""

    EXPECTED = "expected"
    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    ABSENT_TOLD_US = "absent_told_us"
    DID_NOT_ATTEND = "did_not_attend"
    SESSION_CANCELLED = "session_cancelled"
    NOT_RECORDED = "not_recorded"


CAME = frozenset({Attendance.PRESENT, Attendance.LATE, Attendance.LEFT_EARLY})


class SessionState(StrEnum):
    """Where a session stands; `full` is never stored but follows from the places."""

    PLANNED = "planned"
    OPEN = "open"
    FULL = "full"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    MOVED = "moved"


class WhoMayBook(StrEnum):
    """For whom a pool is open."""

    ANYONE = "anyone"
    AREA = "area"
    REFERRED = "referred"
    INVITED = "invited"


# A place here must be asked for: nobody moves into it by themselves.
NOT_FOR_ALL = frozenset({WhoMayBook.REFERRED, WhoMayBook.INVITED})


class PoolKind(StrEnum):
    """What the places are places in."""

    RUN = "run"
    SESSION = "session"
    DROP_IN = "drop_in"
    RESERVED = "reserved"


class LeadState(StrEnum):
    """Whether somebody who leads a session comes."""

    COMES = "comes"
    ASKED = "asked"
    CANNOT_COME = "cannot_come"


class KeptFor(StrEnum):
    """For whom places are kept until a date."""

    CARERS = "carers"
    REFERRED = "referred"


class PoolStatus(StrEnum):
    """Whether places are given out."""

    OPEN = "open"
    CLOSED = "closed"


class Bar(StrEnum):
    """Why somebody cannot book here now."""

    NOT_OPEN_YET = "not_open_yet"
    CLOSED = "closed"
    STARTED = "started"
    CANCELLED = "cancelled"
    ALREADY_HERE = "already_here"
    AREA_UNKNOWN = "area_unknown"
    OUTSIDE_AREA = "outside_area"
    NEEDS_REFERRAL = "needs_referral"
    NEEDS_INVITATION = "needs_invitation"
    AGE_UNKNOWN = "age_unknown"
    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"
    LIMIT_REACHED = "limit_reached"
    TOO_MANY_TOGETHER = "too_many_together"


class ReminderKind(StrEnum):
    """How long before a session a reminder goes."""

    WEEK = "7d"
    DAY = "1d"


class FacilitatorKind(StrEnum):
    """Who leads a session."""

    PEER = "peer"
    PRACTITIONER = "practitioner"
    SHADOW = "shadow"


class ClashKind(StrEnum):
    """What two sessions cannot both have."""

    ROOM = "room"
    FACILITATOR = "facilitator"


class PathStage(StrEnum):
    """How far somebody is on the way to helping as a peer trainer, in the order of the way."""

    INTERESTED = "interested"
    TALKED = "talked"
    TRAINED = "trained"
    SHADOWING = "shadowing"
    PEER_TRAINER = "peer_trainer"


class NeedKind(StrEnum):
    """What somebody needs so that they can come and take part."""

    STEP_FREE = "step_free"
    HEARING_LOOP = "hearing_loop"
    BSL = "bsl"
    INTERPRETER = "interpreter"
    LARGE_PRINT = "large_print"
    COMPANION = "companion"
    OTHER = "other"


class Availability(StrEnum):
    """What the public is told of places."""

    PLACES = "places"
    FEW = "few"
    WAITING_LIST = "waiting_list"
    FULL = "full"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    DROP_IN = "drop_in"
    CANCELLED = "cancelled"


BOOKABLE = frozenset({Availability.PLACES, Availability.FEW, Availability.WAITING_LIST})
