"""Permissions on a date, what each level shows, and whether it is safe to reach somebody."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from itertools import pairwise

import pytest

from app.people.codes import (
    ContactChannel,
    MessagePart,
    PermissionKind,
    PermissionMethod,
    PermissionState,
    SharingLevel,
)
from app.people.rules.contact import ContactRefusal, ContactSafety, SafeTime, may_contact, next_safe_time
from app.people.rules.permissions import (
    FREE_TEXT,
    PermissionVersion,
    may_share_referral,
    parts_shown,
    standing,
    telling_level,
)

SHARE, TELL = PermissionKind.SHARE_REFERRAL, PermissionKind.TELL_REFERRER


def version(
    number: int, starts: str, *, given: bool = True, expires: str | None = None, **more: object
) -> PermissionVersion:
    return PermissionVersion(
        kind=more.pop("kind", SHARE),  # type: ignore[arg-type]
        version=number,
        given=given,
        starts_on=date.fromisoformat(starts),
        expires_on=date.fromisoformat(expires) if expires else None,
        method=PermissionMethod.VERBAL,
        taken_by="a worker",
        **more,  # type: ignore[arg-type]
    )


FIRST = version(1, "2026-01-01", organizations=frozenset({"north", "south"}))
NARROWED = version(2, "2026-02-01", expires="2026-02-28", organizations=frozenset({"north"}))
WITHDRAWN = version(3, "2026-03-10", given=False)
HISTORY = [WITHDRAWN, FIRST, NARROWED]


@pytest.mark.parametrize(
    ("day", "state", "north", "south"),
    [
        ("2025-12-31", PermissionState.NOT_ASKED, False, False),
        ("2026-01-01", PermissionState.IN_FORCE, True, True),
        ("2026-02-01", PermissionState.IN_FORCE, True, False),
        ("2026-02-28", PermissionState.IN_FORCE, True, False),
        ("2026-03-01", PermissionState.EXPIRED, False, False),  # the older, wider one does not come back
        ("2026-03-10", PermissionState.WITHDRAWN, False, False),
    ],
)
def test_the_latest_version_counts(day: str, state: PermissionState, north: bool, south: bool) -> None:
    on = date.fromisoformat(day)
    assert standing(HISTORY, SHARE, on).state is state
    assert may_share_referral(HISTORY, "north", on) is north
    assert may_share_referral(HISTORY, "south", on) is south
    assert may_share_referral(HISTORY, "south", on, for_safety=True)


def test_refused_is_not_withdrawn() -> None:
    assert standing([version(1, "2026-01-01", given=False)], SHARE, date(2026, 1, 1)).state is PermissionState.REFUSED


def test_the_switches_are_separate() -> None:
    assert not standing(HISTORY, PermissionKind.RECORD, date(2026, 1, 1)).in_force
    assert telling_level(HISTORY, date(2026, 1, 1)) is SharingLevel.NONE


def test_nothing_is_told_until_a_level_is_chosen() -> None:
    chosen = [
        version(1, "2026-01-01", kind=TELL),
        version(2, "2026-02-01", kind=TELL, level=SharingLevel.FULL),
        version(3, "2026-03-01", kind=TELL, level=SharingLevel.CODES),
    ]
    days = (date(2026, 1, 5), date(2026, 2, 5), date(2026, 3, 5))
    assert [telling_level(chosen, day) for day in days] == [SharingLevel.NONE, SharingLevel.FULL, SharingLevel.CODES]


def test_each_level_shows_all_that_the_lower_show() -> None:
    shown = [parts_shown(level) for level in SharingLevel]
    assert shown[0] == frozenset()
    assert all(low < high for low, high in pairwise(shown))
    assert shown[-1] == frozenset(MessagePart)
    assert not parts_shown(SharingLevel.CODES) & FREE_TEXT
    assert MessagePart.MONEY not in parts_shown(SharingLevel.SUMMARY)


MORNINGS = SafeTime(frozenset({0, 2}), time(9, 30), time(12))
SAFETY = ContactSafety(
    safe_channels=frozenset({ContactChannel.PHONE, ContactChannel.LETTER}),
    safe_times=(MORNINGS,),
    voicemail_allowed=True,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("channel", "when", "refusal"),
    [
        (ContactChannel.PHONE, "2026-01-05T09:30", None),  # a Monday
        (ContactChannel.PHONE, "2026-01-05T09:29", ContactRefusal.NOT_NOW),
        (ContactChannel.PHONE, "2026-01-05T12:00", ContactRefusal.NOT_NOW),
        (ContactChannel.PHONE, "2026-01-06T10:00", ContactRefusal.NOT_NOW),
        (ContactChannel.PHONE, "2026-07-06T08:30", None),  # 09:30 in London in summer
        (ContactChannel.LETTER, "2026-01-06T10:00", None),
        (ContactChannel.SMS, "2026-01-05T10:00", ContactRefusal.CHANNEL_NOT_SAFE),
    ],
)
def test_reaching_somebody(channel: ContactChannel, when: str, refusal: ContactRefusal | None) -> None:
    verdict = may_contact(SAFETY, channel, at(when))
    assert verdict.refusal is refusal
    assert verdict.may_leave_message is (refusal is None and channel is ContactChannel.PHONE)


def test_do_not_contact_stands_above_everything() -> None:
    safety = ContactSafety(frozenset(ContactChannel), do_not_contact=True, voicemail_allowed=True)
    for channel in ContactChannel:
        assert may_contact(safety, channel, at("2026-01-05T10:00")).refusal is ContactRefusal.DO_NOT_CONTACT


def test_by_default_no_way_is_safe_and_no_message_is_left() -> None:
    for channel in ContactChannel:
        assert not may_contact(ContactSafety(), channel, at("2026-01-05T10:00")).allowed
    quiet = ContactSafety(frozenset({ContactChannel.PHONE}))
    assert not may_contact(quiet, ContactChannel.PHONE, at("2026-01-05T10:00")).may_leave_message


@pytest.mark.parametrize(
    ("after", "begins"),
    [
        ("2026-01-05T09:30", "2026-01-07T09:30"),
        ("2026-01-05T08:00", "2026-01-05T09:30"),
        ("2026-03-27T12:00", "2026-03-30T08:30"),  # summer time began on the Sunday between
        ("2026-10-23T12:00", "2026-10-26T09:30"),
    ],
)
def test_when_it_is_safe_again(after: str, begins: str) -> None:
    assert next_safe_time([MORNINGS], at(after)) == at(begins)
    assert may_contact(SAFETY, ContactChannel.PHONE, at(begins)).allowed


def test_a_stretch_that_never_comes() -> None:
    assert next_safe_time([SafeTime(frozenset(), time(9), time(12))], at("2026-01-05T09:30")) is None
