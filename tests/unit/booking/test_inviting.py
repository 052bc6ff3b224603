"""How long an invitation stands and whom it admits; until when places are kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.booking.codes import KeptFor
from app.booking.rules.inviting import Invitation, admits, stands
from app.booking.rules.keeping import circle_of, is_open_to_all

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
OPEN = {"most_people": 2, "used_by": 1, "expires_at": NOW + timedelta(days=1)}


@pytest.mark.parametrize(
    ("changes", "is_open", "lets_in"),
    [
        ({}, True, True),
        ({"used_by": 2}, True, False),
        ({"used_by": 2, "used_by_them": True}, True, True),
        ({"expires_at": NOW}, False, False),
        ({"revoked": True, "used_by_them": True}, False, False),
    ],
)
def test_an_invitation_admits_so_many_people_for_a_while(
    changes: dict[str, object], is_open: bool, lets_in: bool
) -> None:
    one = Invitation(**(OPEN | changes))  # type: ignore[arg-type]
    assert (stands(one, NOW), admits(one, NOW)) == (is_open, lets_in)


def test_kept_places_are_for_everyone_on_their_day_and_at_the_latest_when_no_offer_can_be_made() -> None:
    day, starts_at = date(2026, 12, 1), datetime(2026, 12, 10, 13, 30, tzinfo=UTC)
    midnight = datetime(2026, 12, 1, tzinfo=UTC)
    assert not is_open_to_all(day, starts_at, midnight - timedelta(seconds=1))
    assert is_open_to_all(day, starts_at, midnight)
    assert not is_open_to_all(date(2026, 12, 20), starts_at, starts_at - timedelta(hours=25))
    assert is_open_to_all(date(2026, 12, 20), starts_at, starts_at - timedelta(hours=24))
    assert circle_of(referred=True, carer=False) == {KeptFor.REFERRED}
