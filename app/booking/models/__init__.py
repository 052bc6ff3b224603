"""What is run, what has places, and who has one."""

from __future__ import annotations

from app.booking.models.bookings import Attendee, Booking, BookingEvent, CalendarFeed
from app.booking.models.invitations import RunInvitation
from app.booking.models.plans import LearningPlan, PlanGoal, PlanReview, PlanStep
from app.booking.models.pools import Pool
from app.booking.models.programme import (
    BookableSession,
    Course,
    Facilitator,
    Room,
    Run,
    SessionFacilitator,
    Term,
)
from app.booking.models.registers import AbsenceCall, AccessNeed, AttendanceRecord

__all__ = [
    "AbsenceCall",
    "AccessNeed",
    "AttendanceRecord",
    "Attendee",
    "BookableSession",
    "Booking",
    "BookingEvent",
    "CalendarFeed",
    "Course",
    "Facilitator",
    "LearningPlan",
    "PlanGoal",
    "PlanReview",
    "PlanStep",
    "Pool",
    "Room",
    "Run",
    "RunInvitation",
    "SessionFacilitator",
    "Term",
]
