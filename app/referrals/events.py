"""What referrals tell the features around them, in the transaction in which it happens."""

from __future__ import annotations

from dataclasses import dataclass

from app.referrals.models import Appointment, MessagePreview, Referral, ReferralEvent, ReferralTask, Telling


@dataclass(frozen=True, slots=True)
class ReferralMoved:
    """Somebody moved a referral; the event says from where to where and why."""

    referral: Referral
    event: ReferralEvent


@dataclass(frozen=True, slots=True)
class AppointmentRecorded:
    """Somebody said what became of an appointment."""

    referral: Referral
    appointment: Appointment


@dataclass(frozen=True, slots=True)
class MessageIssued:
    """One of those who are to hear how a referral ended was told; `late`, after the person had it to read first."""

    telling: Telling
    late: bool = False


@dataclass(frozen=True, slots=True)
class PreviewOffered:
    """There is something for the person to read before others do."""

    preview: MessagePreview


@dataclass(frozen=True, slots=True)
class TaskRaised:
    """A named person has something to look at."""

    task: ReferralTask


@dataclass(frozen=True, slots=True)
class LinkWanted:
    """A group without an account is to have its link once more: it is lost, came back, or a day it chose has come.

    `key` says what it is sent for, once; without one it is sent once an hour at most.
    """

    referral: Referral
    key: str = ""
