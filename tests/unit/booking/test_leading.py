"""Who leads a date, and for whom cover is still wanted."""

from __future__ import annotations

from uuid import UUID

from app.booking.codes import LeadState
from app.booking.rules.leading import Lead, who_comes, without_cover

ANA, BO, CY = (UUID(int=number) for number in (1, 2, 3))
COMES, ASKED, CANNOT = LeadState.COMES, LeadState.ASKED, LeadState.CANNOT_COME


def test_who_is_only_asked_covers_nobody() -> None:
    leads = [Lead(person=ANA, state=CANNOT), Lead(person=BO, state=ASKED, covers=ANA)]
    assert without_cover(leads) == {ANA}
    assert who_comes(leads) == set()


def test_who_said_yes_covers_one_and_not_another() -> None:
    leads = [
        Lead(person=ANA, state=CANNOT),
        Lead(person=BO, state=CANNOT),
        Lead(person=CY, state=COMES, covers=ANA),
    ]
    assert without_cover(leads) == {BO}
    assert who_comes(leads) == {CY}
