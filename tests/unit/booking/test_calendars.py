"""Calendar files, read back by the library and by a reader of our own, in several time zones."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from app.booking import calendars
from app.booking.calendar_values import BookedSession, CalendarWords, Occasion, Organiser, link, uid
from app.booking.rules.wall_time import instant_of
from app.core.errors import InvalidInput
from tests.unit.booking.plain_calendar import Component, instant, read

KEY = UUID("6f1c3a52-88f7-4c7e-9a0e-0b8f6f0e7a11")
WORDS = CalendarWords(discreet_title="Appointment", join="Join online:", page="Details and changes:")
US = Organiser("Waymark", "no-reply@example.org")
MADE = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
TODAY = date(2026, 10, 20)
LONDON = ZoneInfo("Europe/London")


@pytest.fixture(params=["UTC", "Europe/London", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"])
def _machine(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield
    os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
    time.tzset()


def booked(**changes: object) -> BookedSession:
    values: dict[str, object] = {
        "uid": uid("booking", KEY, "example.org"),
        "title": "Walking, talking; tea",
        "starts_at": datetime(2026, 10, 22, 9, tzinfo=UTC),
        "ends_at": datetime(2026, 10, 22, 11, tzinfo=UTC),
        "created_at": MADE,
        "changed_at": MADE,
        "page": "https://example.org/me/1",
        "place": "The Hall, 1 High Street, Leeds",
        "about": "Bring a coat.\nWe meet inside.",
    }
    return BookedSession(**{**values, **changes})  # type: ignore[arg-type]


def public(session: BookedSession) -> Occasion:
    values = {field.name: getattr(session, field.name) for field in fields(Occasion)}
    return Occasion(**{**values, "uid": session.uid.replace("booking-", "session-")})


def made(method: str, session: BookedSession) -> bytes:
    if method == "REQUEST":
        return calendars.request(session, US, WORDS, recipient="ann@example.org")
    if method == "CANCEL":
        return calendars.cancellation(session, US, WORDS, recipient="ann@example.org")
    if method == "FILE":
        return calendars.personal_file([session], US, WORDS)
    if method == "FEED":
        return calendars.subscription_feed([session], US, WORDS, name="Mine", today=TODAY)
    return calendars.prospectus_feed([public(session)], US, name="What is on", today=TODAY)


KINDS = ["FILE", "REQUEST", "CANCEL", "FEED", "PROSPECTUS"]


def event_of(content: bytes) -> Component:
    (event,) = read(content).named("VEVENT")
    return event


# RFC 5546, sections 3.2.1, 3.2.2 and 3.2.5, narrowed by what we send; RFC 5545, section 3.6.1.
ONCE = ["UID", "DTSTAMP", "DTSTART", "DTEND", "ORGANIZER", "SUMMARY", "SEQUENCE", "STATUS", "CREATED", "LAST-MODIFIED"]
NEVER = ["REQUEST-STATUS", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "DURATION", "CONTACT", "COMMENT", "ATTACH"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_counts_of_properties_per_method(kind: str) -> None:
    session = booked(join="https://meet.example.org/x", alarm=timedelta(hours=2))
    calendar = read(made(kind, session))
    assert calendar.name == "VCALENDAR"
    assert [calendar.count(name) for name in ("PRODID", "VERSION", "CALSCALE", "METHOD")] == [1, 1, 1, 1]
    assert calendar.one("METHOD").value == (kind if kind in {"REQUEST", "CANCEL"} else "PUBLISH")
    assert calendar.lines.index(calendar.one("VERSION")) < 4
    assert [part.name for part in calendar.parts] == ["VTIMEZONE", "VEVENT"]
    (event,) = calendar.named("VEVENT")
    assert {name: event.count(name) for name in ONCE} == dict.fromkeys(ONCE, 1)
    assert {name: event.count(name) for name in NEVER} == dict.fromkeys(NEVER, 0)
    assert event.count("ATTENDEE") == (kind in {"REQUEST", "CANCEL"})
    assert event.one("STATUS").value == ("CANCELLED" if kind == "CANCEL" else "CONFIRMED")
    assert len(event.named("VALARM")) == (kind in {"FILE", "REQUEST"})
    assert event.count("CONFERENCE") == (kind in {"FILE", "REQUEST", "FEED"})
    assert event.one("CLASS").value == ("PUBLIC" if kind == "PROSPECTUS" else "PRIVATE")
    feed = kind in {"FEED", "PROSPECTUS"}
    for name in ("NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"):
        assert calendar.count(name) == feed
    assert max(event.count(line.name) for line in event.lines) == 1


def test_the_attendee_is_the_recipient_and_the_organiser_an_address() -> None:
    event = event_of(made("REQUEST", booked()))
    assert event.one("ATTENDEE").value == "mailto:ann@example.org"
    assert event.one("ATTENDEE").parameters["RSVP"] == "FALSE"
    assert event.one("ORGANIZER").value == "mailto:no-reply@example.org"
    assert event.one("ORGANIZER").parameters == {"CN": "Waymark"}
    with pytest.raises(InvalidInput):
        calendars.request(booked(), US, WORDS, recipient="ann@example.org\r\nATTENDEE:mailto:b@example.org")
    with pytest.raises(InvalidInput):
        Organiser("Waymark", "nobody")


def test_a_change_keeps_the_uid_and_raises_the_sequence() -> None:
    before, after = event_of(made("REQUEST", booked())), event_of(made("CANCEL", booked(sequence=3)))
    assert before.one("UID").value == after.one("UID").value == f"booking-{KEY}@example.org"
    assert [before.one("SEQUENCE").value, after.one("SEQUENCE").value] == ["0", "3"]


def test_a_cancelled_session_is_not_announced() -> None:
    with pytest.raises(ValueError, match="cancellation"):
        made("REQUEST", booked(cancelled_at=MADE))


def test_six_sessions_are_six_events_in_order() -> None:
    sessions = [
        booked(
            uid=uid("booking", uuid4(), "example.org"),
            starts_at=datetime(2026, 10, 8, 9, tzinfo=UTC) + timedelta(weeks=week),
            ends_at=datetime(2026, 10, 8, 10, tzinfo=UTC) + timedelta(weeks=week),
        )
        for week in range(6)
    ]
    content = calendars.personal_file(sessions[::-1], US, WORDS)
    assert [event.one("UID").value for event in read(content).named("VEVENT")] == [one.uid for one in sessions]
    with pytest.raises(ValueError, match="once"):
        calendars.personal_file([sessions[0], sessions[0]], US, WORDS)


WALLS = [
    datetime(2026, 3, 28, 10),
    datetime(2026, 3, 29, 0, 30),
    datetime(2026, 3, 29, 2),
    datetime(2026, 3, 29, 10),
    datetime(2026, 7, 1, 10),
    datetime(2026, 10, 22, 10),
    datetime(2026, 10, 24, 23, 30),
    datetime(2026, 10, 25, 0, 59),
    datetime(2026, 10, 25, 1),
    datetime(2026, 10, 25, 1, 30),
    datetime(2026, 10, 25, 2),
    datetime(2026, 10, 26, 10),
    datetime(2027, 1, 5, 10),
]


@pytest.mark.usefixtures("_machine")
@pytest.mark.parametrize("wall", WALLS, ids=str)
@pytest.mark.parametrize("second", [False, True])
def test_two_readers_find_the_same_instant_wherever_the_machine_stands(wall: datetime, second: bool) -> None:
    starts_at = instant_of(wall, second=second)
    for minutes in (20, 60, 150):
        ends_at = starts_at + timedelta(minutes=minutes)
        content = made("FILE", booked(starts_at=starts_at, ends_at=ends_at))
        ours = read(content)
        (event,) = ours.named("VEVENT")
        assert instant(ours, event.one("DTSTART")) == starts_at
        assert instant(ours, event.one("DTEND")) == ends_at
        (theirs,) = Calendar.from_ical(content).walk("VEVENT")
        assert theirs["DTSTART"].dt.astimezone(UTC) == starts_at
        assert theirs["DTEND"].dt.astimezone(UTC) == ends_at


@settings(deadline=None)
@given(st.datetimes(datetime(1997, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)), st.integers(1, 3000))
def test_any_instant_comes_back(starts_at: datetime, minutes: int) -> None:
    starts_at = starts_at.replace(microsecond=0)
    session = booked(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes))
    calendar = read(made("FILE", session))
    (event,) = calendar.named("VEVENT")
    assert instant(calendar, event.one("DTSTART")) == session.starts_at
    assert instant(calendar, event.one("DTEND")) == session.ends_at


def test_ten_o_clock_before_the_change_is_nine_in_utc() -> None:
    line = event_of(made("FILE", booked(starts_at=datetime(2026, 10, 22, 9, tzinfo=UTC)))).one("DTSTART")
    assert (line.parameters, line.value) == ({"TZID": "Europe/London"}, "20261022T100000")


def test_the_hour_that_comes_twice_is_written_in_utc() -> None:
    starts_at = instant_of(datetime(2026, 10, 25, 1, 30), second=True)
    event = event_of(made("FILE", booked(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))))
    assert [event.one(name).value for name in ("DTSTART", "DTEND")] == ["20261025T013000Z", "20261025T033000Z"]


def test_the_zone_block_is_ours_to_the_letter() -> None:
    block = (
        b"BEGIN:VTIMEZONE\r\nTZID:Europe/London\r\n"
        b"BEGIN:DAYLIGHT\r\nDTSTART:19810329T010000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n"
        b"TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nTZNAME:BST\r\nEND:DAYLIGHT\r\n"
        b"BEGIN:STANDARD\r\nDTSTART:19961027T020000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n"
        b"TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\nTZNAME:GMT\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    for kind in KINDS:
        zone = b"".join(made(kind, booked()).partition(b"BEGIN:VTIMEZONE")[1:]).partition(b"BEGIN:VEVENT")[0]
        assert zone == block


@pytest.mark.usefixtures("_machine")
@pytest.mark.parametrize("kind", KINDS)
def test_the_same_values_give_the_same_bytes(kind: str) -> None:
    assert made(kind, booked()) == made(kind, booked())
    event = event_of(made(kind, booked(changed_at=datetime(2026, 9, 2, 9, tzinfo=LONDON))))
    assert event.one("DTSTAMP").value == event.one("LAST-MODIFIED").value == "20260902T080000Z"
    assert event.one("CREATED").value == "20260901T083000Z"


HOSTILE = [
    "a\r\nATTENDEE:mailto:evil@example.org",
    "a\nEND:VEVENT\nBEGIN:VEVENT",
    "a\rX-EVIL:1",
    "a\u2028X-EVIL:1",
    "a\u0085X-EVIL:1",
    "a\x0bX-EVIL:1\x00\x07\x1b[31m\x7f",
    "a\\nX-EVIL:1",
    'a";X-EVIL=1:b',
    "a;X-EVIL=1,b:c",
    "\ud800\udfff",
    "a\u202eb\u2066c",
    "ö" * 300,
    "👩‍👩‍👧" * 60,
    " lead and trail\t",
    "\ufeffBEGIN:VCALENDAR",
    "^n^'",
    "\\",
    "\\;\\,\\\\n",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("kind", KINDS)
def test_words_cannot_become_properties(kind: str, text: str) -> None:
    session = booked(title=text or "x", place=text, about=text, discreet=False, alarm=timedelta(hours=1))
    organiser = Organiser(text, "no-reply@example.org")
    words = CalendarWords(discreet_title=text, join=text, page=text)
    plain = {line.name for line in event_of(made(kind, booked())).lines}
    contents = {
        "FILE": lambda: calendars.personal_file([session], organiser, words),
        "REQUEST": lambda: calendars.request(session, organiser, words, recipient="ann@example.org"),
        "CANCEL": lambda: calendars.cancellation(session, organiser, words, recipient="ann@example.org"),
        "FEED": lambda: calendars.subscription_feed([session], organiser, words, name=text, today=TODAY),
        "PROSPECTUS": lambda: calendars.prospectus_feed([public(session)], organiser, name=text, today=TODAY),
    }
    calendar = read(contents[kind]())
    (event,) = calendar.named("VEVENT")
    assert {line.name for line in event.lines} <= plain
    assert set(event.one("ORGANIZER").parameters) <= {"CN"}
    assert len(Calendar.from_ical(contents[kind]()).walk("VEVENT")) == 1
    assert not set("\u202e\u2066") & set(event.text("SUMMARY"))


def test_words_come_back_as_they_were() -> None:
    session = booked(title="Tea; cake, \\n and “more”", about="One.\n\nTwo, three; four\\five", discreet=False)
    event = event_of(made("PROSPECTUS", session))
    assert event.text("SUMMARY") == session.title
    assert event.text("DESCRIPTION") == session.about
    assert event.text("LOCATION") == session.place


@pytest.mark.parametrize("letter", ["a", "ö", "€", "🙂"])
def test_lines_are_folded_where_they_must_be_and_come_back_whole(letter: str) -> None:
    for length in range(55, 85):
        title = "x" * (length % 4) + letter * (length // len(letter.encode()))
        content = calendars.prospectus_feed(
            [public(booked(title=title, discreet=False))], US, name="What is on", today=TODAY
        )
        assert max(map(len, content.split(b"\r\n"))) <= 75
        assert event_of(content).text("SUMMARY") == title


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "https://",
        "https://a b",
        "https://a\r\nX:1",
        'https://a"',
        "ftp://example.org",
        "//example.org",
        "https://exämple.org",
        "",
    ],
)
def test_what_is_not_a_web_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput):
        link(address)
    with pytest.raises(InvalidInput):
        booked(page=address)
    with pytest.raises(InvalidInput):
        booked(join=address)


@pytest.mark.parametrize(
    "changes",
    [
        {"uid": "1@example.org"},
        {"uid": f"booking-{UUID(int=1)}@example.org"},
        {"ends_at": datetime(2026, 10, 22, 9, tzinfo=UTC)},
        {"starts_at": datetime(2026, 10, 22, 9)},
        {"sequence": -1},
        {"alarm": timedelta()},
    ],
)
def test_what_no_calendar_can_say_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        booked(**changes)


def test_a_guessable_key_makes_no_uid() -> None:
    with pytest.raises(ValueError, match="random"):
        uid("booking", UUID(int=7), "example.org")


@pytest.mark.parametrize(
    ("title", "choice", "shown"),
    [
        ("Walking group", None, "Walking group"),
        ("Living with anxiety", None, "Appointment"),
        ("Living with anxiety", False, "Living with anxiety"),
        ("Walking group", True, "Appointment"),
        ("MENTAL-HEALTH first steps", None, "Appointment"),
        ("Gardening for the mindful", None, "Appointment"),
    ],
)
def test_titles_that_tell_are_hidden_unless_wanted(title: str, choice: bool | None, shown: str) -> None:
    session = booked(title=title, about=f"About {title}", discreet=choice, alarm=timedelta(hours=1))
    for kind in ("FILE", "REQUEST", "CANCEL", "FEED"):
        content = made(kind, session)
        assert event_of(content).text("SUMMARY") == shown
        if shown == "Appointment":
            assert title.encode() not in content.replace(b"\r\n ", b"")


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("Recovery College, 1 High Street, Leeds LS1 1AA", "1 High Street, Leeds LS1 1AA"),
        ("The Hall, 1 Hospital Road, Leeds", "The Hall, 1 Hospital Road, Leeds"),
    ],
)
def test_a_hidden_place_keeps_its_street(place: str, shown: str) -> None:
    assert event_of(made("FILE", booked(discreet=True, place=place))).text("LOCATION") == shown


def test_a_hidden_session_does_not_name_a_telling_organiser() -> None:
    organiser = Organiser("Lantern Recovery College", "no-reply@example.org")
    for discreet, parameters in ((True, {}), (False, {"CN": "Lantern Recovery College"})):
        event = event_of(calendars.personal_file([booked(discreet=discreet)], organiser, WORDS))
        assert event.one("ORGANIZER").parameters == parameters


def test_the_link_to_join_stands_only_where_it_is_told() -> None:
    session = booked(join="https://meet.example.org/secret?a=1,2;b")
    assert b"meet.example.org" not in made("FILE", booked())
    for kind in ("PROSPECTUS", "CANCEL"):
        assert b"meet.example.org" not in made(kind, session)
    event = event_of(made("FILE", session))
    assert event.one("CONFERENCE").value == session.join
    assert f"Join online: {session.join}" in event.text("DESCRIPTION")
    assert "secret" not in repr(session)


def test_alarms_are_displayed_before_the_start() -> None:
    (alarm,) = event_of(made("FILE", booked(alarm=timedelta(days=1), discreet=True))).named("VALARM")
    assert {line.name: line.value for line in alarm.lines} == {
        "ACTION": "DISPLAY",
        "DESCRIPTION": "Appointment",
        "TRIGGER": "-P1D",
    }


def test_public_and_personal_uids_are_never_mixed() -> None:
    with pytest.raises(ValueError, match="another file"):
        calendars.prospectus_feed([booked()], US, name="x", today=TODAY)
    with pytest.raises(ValueError, match="another file"):
        calendars.personal_file([booked(uid=uid("session", KEY, "example.org"))], US, WORDS)


@pytest.mark.parametrize(
    ("starts_at", "cancelled_at", "shown"),
    [
        (datetime(2026, 9, 19, 9, tzinfo=UTC), None, False),
        (datetime(2026, 9, 20, 9, tzinfo=UTC), None, True),
        (datetime(2027, 10, 19, 9, tzinfo=UTC), None, True),
        (datetime(2027, 10, 20, 9, tzinfo=UTC), None, False),
        (datetime(2026, 11, 1, 9, tzinfo=UTC), datetime(2026, 9, 20, 9, tzinfo=UTC), True),
        (datetime(2026, 11, 1, 9, tzinfo=UTC), datetime(2026, 9, 18, 9, tzinfo=UTC), False),
    ],
)
def test_what_a_feed_shows(starts_at: datetime, cancelled_at: datetime | None, shown: bool) -> None:
    session = booked(starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), cancelled_at=cancelled_at)
    for kind in ("FEED", "PROSPECTUS"):
        assert len(read(made(kind, session)).named("VEVENT")) == shown


def test_a_feed_says_its_name_and_how_often_to_come() -> None:
    content = made("FEED", booked())
    calendar = read(content)
    assert calendar.text("NAME") == calendar.text("X-WR-CALNAME") == "Mine"
    assert (calendar.one("REFRESH-INTERVAL").parameters, calendar.one("REFRESH-INTERVAL").value) == (
        {"VALUE": "DURATION"},
        "PT6H",
    )
    assert calendar.one("X-PUBLISHED-TTL").value == "PT6H"
    assert len(calendars.etag(content)) == 32
    assert calendars.etag(content) != calendars.etag(made("FEED", booked(sequence=1)))


def test_two_thousand_events_are_written_fast_and_more_are_capped() -> None:
    first = datetime(2026, 10, 20, 0, tzinfo=UTC)
    sessions = [
        replace(
            booked(uid=uid("booking", uuid4(), "example.org")),
            starts_at=first + timedelta(hours=hour),
            ends_at=first + timedelta(hours=hour + 1),
        )
        for hour in range(-100, 2100)
    ]
    began = time.process_time()
    content = calendars.subscription_feed(sessions, US, WORDS, name="Mine", today=TODAY)
    assert time.process_time() - began < 6  # about 1 s; this only catches what grows with the square
    assert content.count(b"BEGIN:VEVENT") == calendars.MOST_EVENTS
    assert sessions[101].uid.encode() in content.replace(b"\r\n ", b"")
