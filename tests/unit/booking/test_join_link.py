"""The link to join an online session stands in pages and letters to be pressed: nothing but a web address is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.booking.codes import BookingState
from app.booking.entries import join_link
from app.booking.models import AttendanceRecord, BookableSession, Booking, Room
from app.core import clock


@pytest.mark.parametrize(
    ("kept", "told"),
    [("https://meet.example/room", "https://meet.example/room"), ("javascript:alert(1)", None), ("", None)],
)
def test_only_a_web_address_is_told(kept: str, told: str | None) -> None:
    starts_at = clock.now() + timedelta(hours=1)
    one = BookableSession(starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), room=Room(join_link=kept))
    assert join_link(AttendanceRecord(booking=Booking(state=BookingState.BOOKED), session=one)) == told
