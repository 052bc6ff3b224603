"""The codes of a referral that a person reads of themselves too, in words: translated, as those for staff are not."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.referrals.codes import ClosureOutcome, Destination, Status

Labels = Mapping[StrEnum, LazyString]

STATUS: Labels = {
    Status.DRAFT: _("Draft"),
    Status.SENT: _("Sent"),
    Status.INFO_REQUESTED: _("Question asked"),
    Status.REJECTED: _("Not taken on"),
    Status.REDIRECTED: _("Passed on"),
    Status.ACCEPTED: _("Accepted"),
    Status.WAITING: _("On the waiting list"),
    Status.ACTIVE: _("Being helped"),
    Status.PAUSED: _("Paused"),
    Status.COMPLETED: _("Completed"),
    Status.ENDED_EARLY: _("Ended early"),
    Status.WITHDRAWN: _("Withdrawn"),
    Status.ERROR: _("Entered in error"),
}
REASON: Mapping[str, LazyString] = {
    "not-eligible-age": _("The person is too young or too old for it"),
    "not-eligible-area-or-gp": _("The person lives, or has a GP, outside the area"),
    "not-eligible-need-or-threshold": _("It is not for this kind or level of need"),
    "list-closed": _("It is full and the list is closed"),
    "wait-too-long": _("The wait would be too long"),
    "assessment-needed-first": _("An assessment is needed first"),
    "risk-cannot-be-met-here": _("The risk cannot be met safely here"),
    "insufficient-information": _("Too little is known"),
    "duplicate-or-mistaken": _("It was sent twice or by mistake"),
    "already-receiving": _("The person is helped by us already"),
    "better-service-exists": _("Another service would help better"),
    "no-valid-permission": _("The person did not agree"),
    "service-closed": _("The service has closed"),
    "declined-at-first-call": _("The person did not want it when we rang"),
    "declined-at-first-contact": _("The person did not want it when we first spoke"),
    "could-not-be-contacted": _("We could not reach the person"),
    "did-not-engage": _("The person stopped coming"),
    "needs-met-elsewhere": _("The person was helped in another way"),
    "moved": _("The person moved away"),
    "work-caring-or-illness": _("Work, caring or illness"),
    "hospital": _("In hospital"),
    "custody": _("In custody"),
    "died": _("The person died"),
    "completed-early": _("Everything was done sooner"),
    "transferred": _("Somebody else took over"),
    "persons-request": _("The person asked for it"),
    "away": _("The person is away"),
    "worker-absence": _("The worker is away"),
    "awaiting-third-party": _("Waiting for somebody else"),
    "not-now": _("Not now"),
    "prefers-self-help": _("Prefers to help themselves"),
    "stigma-or-worry": _("Worried what others think"),
    "cost-or-travel": _("Cost or travel"),
    "already-helped": _("Helped already"),
    "access-need-not-met": _("An access need was not met"),
    "other": _("Another reason"),
}
DESTINATION: Labels = {
    Destination.GP_ONLY: _("Their GP only"),
    Destination.SECONDARY_CARE: _("Mental health team or hospital outpatients"),
    Destination.VOLUNTARY_SERVICE: _("Another voluntary service"),
    Destination.EMPLOYMENT: _("Paid work"),
    Destination.EDUCATION: _("Education or training"),
    Destination.VOLUNTEERING: _("Volunteering"),
    Destination.SELF_MANAGEMENT: _("Looking after themselves, or a peer group"),
    Destination.MAINSTREAM_ACTIVITY: _("An ordinary activity, such as a club"),
    Destination.SOCIAL_CARE: _("Social care"),
    Destination.HOSPITAL: _("Hospital"),
    Destination.PRISON: _("Prison"),
    Destination.MOVED: _("Moved away"),
    Destination.DIED: _("Died"),
    Destination.UNKNOWN: _("Not known"),
}
OUTCOME: Labels = {
    ClosureOutcome.ACHIEVED: _("Reached"),
    ClosureOutcome.PARTLY: _("Partly reached"),
    ClosureOutcome.NOT_ACHIEVED: _("Not reached"),
    ClosureOutcome.NOT_KNOWN: _("Not known"),
}
