"""The time for which a record is kept begins anew whenever the person is met or spoken to, by whichever team."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.advice.codes import Result
from app.core import clock
from app.people.codes import ContactChannel
from app.people.rules.retention import years_after
from app.referrals.codes import AppointmentKind, Attendance, Reached
from app.referrals.operations import work
from tests.advice import a_contact
from tests.integration.referrals.test_nobody_gets_lost import accepted, at_work
from tests.referrals import a_cast

BEGUN = datetime(2024, 3, 4, 12, tzinfo=clock.LONDON)


@pytest.fixture
def cast(session):
    """A record that was begun two years ago."""
    with clock.moved_to(BEGUN):
        made = a_cast(session)
    assert made.person.last_seen_on == BEGUN.date()
    return made


def is_seen(cast, day) -> bool:
    person = cast.person
    return (person.last_seen_on, person.review_on) == (day, years_after(day, 20))


@pytest.mark.parametrize(("result", "seen"), [(Reached.REACHED, True), (Reached.NO_ANSWER, False)])
def test_by_a_team_that_reaches_them(session, cast, result, seen):
    row = accepted(session, cast)
    attempt = work.Attempt(channel=ContactChannel.PHONE, result=result)
    work.log_contact(session, cast.worker, row, attempt, version=row.version)
    assert is_seen(cast, clock.today() if seen else BEGUN.date())


@pytest.mark.parametrize(("came", "seen"), [(Attendance.LATE_BUT_SEEN, True), (Attendance.DID_NOT_ATTEND, False)])
def test_at_an_appointment(session, cast, came, seen):
    with clock.moved_to(BEGUN):
        row = at_work(session, cast)
        meeting = work.Meeting(kind=next(iter(AppointmentKind)), starts_at=clock.now() + timedelta(days=30))
        booked = work.book(session, cast.worker, row, meeting, version=row.version)
    work.record_attendance(session, cast.worker, row, booked.id, attendance=came, version=row.version)
    assert is_seen(cast, (BEGUN + timedelta(days=30)).date() if seen else BEGUN.date())


@pytest.mark.parametrize(("result", "seen"), [(Result.REACHED, True), (Result.NO_ANSWER, False)])
def test_by_an_adviser(session, cast, result, seen):
    yesterday = clock.today() - timedelta(days=1)
    a_contact(session, cast.gp, person_id=cast.person.id, result=result, happened_on=yesterday)
    assert is_seen(cast, yesterday if seen else BEGUN.date())
