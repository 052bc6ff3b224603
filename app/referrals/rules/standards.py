"""What a referral is called elsewhere: FHIR Task and Appointment, BSeR."""

from __future__ import annotations

from app.referrals.codes import Attendance, BserStatus, Status, TaskStatus

# SDOHCC STU3. "on-hold" means that work had begun: who waits for it to begin is accepted.
_TASKS: dict[Status, TaskStatus] = {
    Status.DRAFT: TaskStatus.DRAFT,
    Status.SENT: TaskStatus.REQUESTED,
    Status.INFO_REQUESTED: TaskStatus.REQUESTED,
    Status.REJECTED: TaskStatus.REJECTED,
    Status.REDIRECTED: TaskStatus.REJECTED,
    Status.ACCEPTED: TaskStatus.ACCEPTED,
    Status.WAITING: TaskStatus.ACCEPTED,
    Status.ACTIVE: TaskStatus.IN_PROGRESS,
    Status.PAUSED: TaskStatus.ON_HOLD,
    Status.COMPLETED: TaskStatus.COMPLETED,
    Status.WITHDRAWN: TaskStatus.CANCELLED,
    Status.ERROR: TaskStatus.ENTERED_IN_ERROR,
}
_BSER: dict[Status, BserStatus] = {
    Status.SENT: BserStatus.CREATED,
    Status.INFO_REQUESTED: BserStatus.CREATED,
    Status.REJECTED: BserStatus.DECLINED,
    Status.REDIRECTED: BserStatus.DECLINED,
    Status.ACCEPTED: BserStatus.ACCEPTED,
    Status.WAITING: BserStatus.ACCEPTED,
    Status.COMPLETED: BserStatus.COMPLETED,
    Status.ENDED_EARLY: BserStatus.CANCELLED,
    Status.WITHDRAWN: BserStatus.CANCELLED,
}
_BSER_OF_APPOINTMENT: dict[Attendance, BserStatus] = {
    Attendance.SEEN_ON_TIME: BserStatus.EVENT_COMPLETED,
    Attendance.LATE_BUT_SEEN: BserStatus.EVENT_COMPLETED,
    Attendance.LATE_NOT_SEEN: BserStatus.EVENT_UNATTENDED,
    Attendance.DID_NOT_ATTEND: BserStatus.EVENT_UNATTENDED,
    Attendance.CANCELLED_BY_PERSON: BserStatus.EVENT_CANCELLED,
    Attendance.CANCELLED_BY_PROVIDER: BserStatus.EVENT_CANCELLED,
    Attendance.FUTURE: BserStatus.EVENT_SCHEDULED,
}
# FHIR R4 Appointment.status; what is not known has none.
APPOINTMENT_STATUS: dict[Attendance, str | None] = {
    Attendance.SEEN_ON_TIME: "fulfilled",
    Attendance.LATE_BUT_SEEN: "fulfilled",
    Attendance.LATE_NOT_SEEN: "noshow",
    Attendance.DID_NOT_ATTEND: "noshow",
    Attendance.CANCELLED_BY_PERSON: "cancelled",
    Attendance.CANCELLED_BY_PROVIDER: "cancelled",
    Attendance.FUTURE: "booked",
    Attendance.UNKNOWN: None,
}


def task_status(state: Status, *, work_began: bool) -> TaskStatus:
    """The FHIR Task.status; what ended early failed if work had begun and was cancelled if not."""
    if state is Status.ENDED_EARLY:
        return TaskStatus.FAILED if work_began else TaskStatus.CANCELLED
    return _TASKS[state]


def bser_status(state: Status, last_appointment: Attendance | None = None) -> BserStatus | None:
    """The BSeR business status; during the work that of the last appointment; None where BSeR has none."""
    if state in {Status.ACTIVE, Status.PAUSED}:
        return _BSER_OF_APPOINTMENT.get(last_appointment) if last_appointment else BserStatus.ACCEPTED
    return _BSER.get(state)
