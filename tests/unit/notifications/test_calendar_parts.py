"""What calendar parts may go by mail, and how they stand in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import cast
from uuid import uuid4

import pytest

from app.booking import calendars
from app.booking.calendar_values import BookedSession, CalendarWords, Organiser, uid
from app.core.errors import InvalidInput
from app.notifications.calendar_parts import checked
from app.notifications.carriers.mime import as_email
from app.notifications.carriers.parcel import Parcel
from app.notifications.codes import Channel

ANN = "ann@example.org"
NOON = datetime(2026, 10, 22, 12, tzinfo=UTC)
WORDS = CalendarWords(discreet_title="Appointment", join="Join online:", page="Details:")
US = Organiser('Way; "mark": ATTENDEE', "no-reply@example.org")
SESSION = BookedSession(
    uid=uid("booking", uuid4(), "example.org"),
    title="Café" * 30,
    starts_at=NOON,
    ends_at=NOON + timedelta(hours=1),
    created_at=NOON,
    changed_at=NOON,
    page="https://example.org/me/1",
)
FILES = {
    "REQUEST": calendars.request(SESSION, US, WORDS, recipient=ANN).decode(),
    "CANCEL": calendars.cancellation(SESSION, US, WORDS, recipient=ANN).decode(),
    "PUBLISH": calendars.personal_file([SESSION], US, WORDS).decode(),
}


@pytest.mark.parametrize("method", FILES)
def test_what_booking_writes_may_go_and_stays_as_it_is(method: str) -> None:
    assert checked(method.lower(), FILES[method], recipient=ANN) == FILES[method]
    assert checked(method, FILES[method].replace("\r\n", "\n"), recipient=ANN) == FILES[method]


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("METHOD:", "X-METHOD:"),
        ("METHOD:REQUEST", "METHOD:request"),
        ("METHOD:CANCEL", "METHOD:REQUEST"),
        ("METHOD:REQUEST", "METHOD:CANCEL"),
        (f"mailto:{ANN}", "mailto:bob@example.org"),
        ("ATTENDEE;", "X-ATTENDEE;"),
        ("ORGANIZER;", "X-ORGANIZER;"),
        ("UID:", "X-UID:"),
        ("END:VEVENT", "ATTENDEE:mailto:bob@example.org\r\nEND:VEVENT"),
        ("END:VCALENDAR", "BEGIN:VEVENT\r\nUID:two\r\nEND:VEVENT\r\nEND:VCALENDAR"),
    ],
)
def test_what_disagrees_with_itself_does_not_go(method: str, old: str, new: str) -> None:
    text = FILES[method].replace("\r\n ", "")
    if old in text:
        with pytest.raises(InvalidInput):
            checked(method, text.replace(old, new), recipient=ANN)


def test_a_published_file_invites_nobody() -> None:
    text = FILES["PUBLISH"].replace("END:VEVENT", "ATTENDEE:mailto:ann@example.org\r\nEND:VEVENT")
    with pytest.raises(InvalidInput):
        checked("PUBLISH", text, recipient=ANN)


@pytest.mark.parametrize("method", FILES)
def test_the_mail_says_the_method_of_its_part(method: str) -> None:
    parcel = Parcel(
        id=uuid4(),
        kind="trial",
        channel=Channel.EMAIL,
        sender="Waymark <no-reply@example.org>",
        recipient=ANN,
        message_id="<1@example.org>",
        language="en",
        subject="Your place",
        text="Hello",
        html="<p>Hello</p>",
        calendar=FILES[method],
        calendar_method=method,
        reply_to=None,
        made_at=NOON,
        date=NOON,
        is_repeat=False,
    )
    mail = cast("EmailMessage", message_from_bytes(as_email(parcel).as_bytes(), policy=SMTP))
    assert mail.get_content_type() == "multipart/mixed"
    alternative, attachment = mail.iter_parts()
    assert alternative.get_content_type() == "multipart/alternative"
    parts = list(cast("EmailMessage", alternative).iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html", "text/calendar"]
    calendar = parts[2]
    assert (calendar.get_param("method"), calendar.get_param("charset")) == (method, "utf-8")
    assert calendar["Content-Transfer-Encoding"] == attachment["Content-Transfer-Encoding"] == "base64"
    assert calendar.get_payload(decode=True) == attachment.get_payload(decode=True) == FILES[method].encode()
    assert attachment.get_filename() == "invite.ics"
    assert f"\r\nMETHOD:{method}\r\n" in FILES[method]
