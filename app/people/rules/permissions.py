"""What a person permits on a date: five switches, each with its history, the latest version of which counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.people.codes import MessagePart, PermissionKind, PermissionMethod, PermissionState, SharingLevel


@dataclass(frozen=True, slots=True)
class PermissionVersion:
    """One answer of the person: given or not, from when, until when; never changed, only followed by another.

    `organizations` names whom a referral may be shared with; `level` says how much the GP and referrer are told.
    """

    kind: PermissionKind
    version: int
    given: bool
    starts_on: date
    method: PermissionMethod
    taken_by: str
    expires_on: date | None = None
    level: SharingLevel | None = None
    organizations: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one permission stands on a date, and the version that says so."""

    state: PermissionState
    version: PermissionVersion | None = None

    @property
    def in_force(self) -> bool:
        """Whether it is given, begun and not over."""
        return self.state is PermissionState.IN_FORCE


def standing(history: Iterable[PermissionVersion], kind: PermissionKind, day: date) -> Standing:
    """Where the permission stands: the latest version begun by that day decides, whatever came before it.

    An expired version does not bring an older one back. It still holds on the day it expires.
    """
    begun = sorted(
        (each for each in history if each.kind is kind and each.starts_on <= day), key=lambda each: each.version
    )
    if not begun:
        return Standing(PermissionState.NOT_ASKED)
    latest = begun[-1]
    if not latest.given:
        was_given = any(each.given for each in begun)
        return Standing(PermissionState.WITHDRAWN if was_given else PermissionState.REFUSED, latest)
    if latest.expires_on is not None and day > latest.expires_on:
        return Standing(PermissionState.EXPIRED, latest)
    return Standing(PermissionState.IN_FORCE, latest)


def may_share_referral(
    history: Iterable[PermissionVersion], organization: str, day: date, *, for_safety: bool = False
) -> bool:
    """Whether a referral may newly go to that organisation.

    Sharing for somebody's safety does not wait for a permission; who does it records why.
    """
    now = standing(history, PermissionKind.SHARE_REFERRAL, day)
    return for_safety or (now.in_force and now.version is not None and organization in now.version.organizations)


def telling_level(history: Iterable[PermissionVersion], day: date) -> SharingLevel:
    """How much the GP and the referrer may be told on that day; nothing where the person has not said."""
    now = standing(history, PermissionKind.TELL_REFERRER, day)
    if not now.in_force or now.version is None:
        return SharingLevel.NONE
    return now.version.level or SharingLevel.NONE


_ADDED: dict[SharingLevel, frozenset[MessagePart]] = {
    SharingLevel.NONE: frozenset(),
    # Nothing here holds words that somebody wrote.
    SharingLevel.CODES: frozenset(
        {
            MessagePart.STATUS,
            MessagePart.DATES,
            MessagePart.REASON_CODE,
            MessagePart.RECORD_CODES,
            MessagePart.DESTINATION,
        }
    ),
    SharingLevel.SUMMARY: frozenset(
        {
            MessagePart.APPOINTMENTS,
            MessagePart.OUTCOME_SCORES,
            MessagePart.RISK_CHANGED,
            MessagePart.SUMMARY_WORDS,
            MessagePart.NEXT_STEPS,
        }
    ),
    SharingLevel.FULL: frozenset({MessagePart.MONEY, MessagePart.FULL_WORDS}),
}
FREE_TEXT = frozenset({MessagePart.SUMMARY_WORDS, MessagePart.NEXT_STEPS, MessagePart.FULL_WORDS})


def parts_shown(level: SharingLevel) -> frozenset[MessagePart]:
    """What a message at that level may be made of: all that the levels below allow, and its own."""
    return frozenset[MessagePart]().union(*(parts for each, parts in _ADDED.items() if level.reaches(each)))
