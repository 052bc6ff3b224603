"""Mail as a mail server gets it."""

from __future__ import annotations

import email
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.notifications.bounces import read_bounce
from app.notifications.carriers.mime import as_email
from app.notifications.carriers.parcel import BadAddress
from app.notifications.carriers.smtp import SmtpCarrier, SmtpServer
from app.notifications.cli import messages_group
from app.notifications.codes import MessageState, Outcome
from app.notifications.models import Message
from app.notifications.operations import CalendarPart, Draft, send
from app.notifications.post import Post
from tests.databases import free_port
from tests.integration.notifications.conftest import Bench, Put, words
from tests.mail_sink import MailSink, mail_sink

ICS = (
    "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:one@example.org\r\nSUMMARY:Café at the Lantern\r\n"
    'ORGANIZER:mailto:no-reply@localhost\r\nATTENDEE;CN="a:b":mailto:ann@example.org\r\nEND:VEVENT\r\n'
    "END:VCALENDAR\r\n"
)


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with mail_sink() as running:
        yield running


@pytest.fixture
def smtp(sink: MailSink) -> Iterator[SmtpCarrier]:
    carrier = SmtpCarrier(SmtpServer(host="127.0.0.1", port=sink.port))
    yield carrier
    carrier.close()


def test_a_mail_with_an_invitation(bench: Bench, session: Session, sink: MailSink, smtp: SmtpCarrier) -> None:
    draft = Draft(
        words=words(text="Dydd da, £5"),
        dedupe_key="invited",
        recipient="ann@example.org",
        reply_to="desk@example.org",
        calendar=CalendarPart(method="request", text=ICS),
    )
    message = session.get_one(Message, send(session, draft))
    session.commit()
    bench.run(smtp)
    (mail,) = sink.mails
    assert sink.recipients == [["ann@example.org"]]
    assert mail["To"] == "ann@example.org"
    assert mail["From"] == "Waymark <no-reply@localhost>"
    assert mail["Reply-To"] == "desk@example.org"
    assert mail["Message-ID"] == f"<{message.id}@localhost>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "en"
    assert mail.get_content_type() == "multipart/mixed"
    alternative, attachment = mail.iter_parts()
    text, html, calendar = alternative.iter_parts()  # type: ignore[attr-defined]
    assert text.get_content().strip() == "Dydd da, £5"
    assert html.get_content_type() == "text/html"
    assert (calendar.get_content_type(), calendar.get_param("method")) == ("text/calendar", "REQUEST")
    assert calendar["Content-Transfer-Encoding"] == "base64"
    assert calendar.get_content().replace("\r\n", "\n") == ICS.replace("\r\n", "\n")
    assert attachment.get_filename() == "invite.ics"
    assert attachment.get_content() == ICS.encode()


HEADERS = {
    *("from", "to", "subject", "date", "message-id", "auto-submitted", "x-auto-response-suppress", "mime-version"),
    *("content-type", "content-language", "x-peer", "x-mailfrom", "x-rcptto"),
}
MARKS = ("\r\n", "\n", "\r", "\r\n\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\x00\r\n")
INJECTIONS = [
    *(f"Note{mark}Bcc: evil@example.org" for mark in MARKS),
    "=?utf-8?q?Note=0D=0ABcc:_evil@example.org?=",
    "Nöte =?utf-8?b?DQpCY2M6IGV2aWxAZXhhbXBsZS5vcmc=?=",
    "x" * 3_000 + "\r\nBcc: evil@example.org",
    "Nöte\r\nBcc: evil@example.org",
    "\r\n.\r\nMAIL FROM:<evil@example.org>",
]


@pytest.mark.parametrize("subject", INJECTIONS)
def test_no_subject_adds_a_header_or_a_recipient(
    bench: Bench, session: Session, sink: MailSink, smtp: SmtpCarrier, subject: str
) -> None:
    draft = Draft(words=words(subject=subject, text=subject), dedupe_key="x", recipient="ann@example.org")
    send(session, draft)
    session.commit()
    assert bench.run(smtp) == 1
    (mail,) = sink.mails
    assert sink.recipients == [["ann@example.org"]]
    assert mail["Bcc"] is None
    assert mail.get_all("To") == ["ann@example.org"]
    assert "\n" not in mail["Subject"]
    assert {name.lower() for name in mail} <= HEADERS


EVIL = (
    "ann@example.org\r\nBcc: evil@example.org",
    "ann@example.org\nBcc: evil@example.org",
    "=?utf-8?q?Ann=0D=0ABcc:_evil@example.org?= <ann@example.org>",
)


@pytest.mark.parametrize("field", ["recipient", "reply_to", "subject", "message_id", "language", "sender"])
@pytest.mark.parametrize("evil", EVIL)
def test_even_a_row_written_past_the_rules_adds_no_header(bench: Bench, put: Put, field: str, evil: str) -> None:
    parcel = Post(bench.app.extensions["waymark_settings"]).parcel(put())
    try:
        written = as_email(replace(parcel, **{field: evil})).as_bytes()  # type: ignore[arg-type]
    except (ValueError, BadAddress):
        return
    assert email.message_from_bytes(written)["Bcc"] is None


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("550 5.1.1 no such user", MessageState.BOUNCED),
        ("450 4.2.1 try later", MessageState.QUEUED),
    ],
)
def test_refused_recipients(
    bench: Bench, put: Put, session: Session, sink: MailSink, smtp: SmtpCarrier, answer: str, state: MessageState
) -> None:
    sink.answers["ann@example.org"] = answer
    bad, good = put(), put(to="bob@example.org")
    bench.run(smtp)
    session.refresh(bad)
    session.refresh(good)
    assert (bad.state, good.state) == (state, MessageState.SENT)


@pytest.mark.parametrize(
    ("answer", "state"), [("554 5.7.1 spam", MessageState.FAILED), ("451 4.3.0 busy", MessageState.QUEUED)]
)
def test_refused_mail(
    bench: Bench, put: Put, session: Session, sink: MailSink, smtp: SmtpCarrier, answer: str, state: MessageState
) -> None:
    sink.answer_to_data = answer
    message = put()
    bench.run(smtp)
    session.refresh(message)
    assert message.state is state


def test_a_server_that_is_away_is_tried_again_later(bench: Bench, put: Put, session: Session) -> None:
    message = put()
    bench.run(SmtpCarrier(SmtpServer(host="127.0.0.1", port=free_port())))
    session.refresh(message)
    assert (message.state, message.attempts) == (MessageState.QUEUED, 1)
    assert message.not_before > clock.now()


def test_a_connection_that_was_cut_is_made_again(
    bench: Bench, put: Put, session: Session, sink: MailSink, smtp: SmtpCarrier
) -> None:
    worker = bench.worker(smtp)
    first, second = put().id, put().id
    session.rollback()
    assert worker.send_next()
    assert smtp._open is not None
    assert smtp._open.sock is not None
    smtp._open.sock.close()
    assert worker.send_next()
    smtp.close()
    states = session.scalars(select(Message.state).where(Message.id.in_([first, second])).order_by(Message.id)).all()
    assert states == [MessageState.SENT] * 2


def test_a_server_address_is_read() -> None:
    def read(text: str) -> SmtpServer:
        return SmtpServer.from_address(urlsplit(text))

    plain = read("smtp://mail.example")
    assert (plain.port, plain.starttls, plain.tls, plain.user) == (25, False, False, "")
    full = read("smtp://ann%40example.org:p%3Aw@mail.example:2525")
    assert (full.user, full.password, full.port, full.starttls) == ("ann@example.org", "p:w", 2525, True)
    assert "p:w" not in repr(full)
    assert not read("smtp://ann:pw@127.0.0.1").starttls
    assert not read("smtp://ann:pw@mail.example?starttls=0").starttls
    assert read("smtp://mail.example?starttls=1").port == 587
    assert (read("smtps://ann:pw@mail.example").port, read("smtps://mail.example").tls) == (465, True)


def returned(message_id: str, *, action: str = "failed", status: str = "5.1.1", whole: bool = True) -> bytes:
    kind = "message/rfc822" if whole else "text/rfc822-headers"
    lines = [
        "From: MAILER-DAEMON@mail.example",
        "To: no-reply@localhost",
        "Subject: Undelivered Mail Returned to Sender",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="xx"',
        "",
        "--xx",
        "Content-Type: text/plain",
        "",
        "I am sorry.",
        "--xx",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mail.example",
        "",
        "Final-Recipient: rfc822; ann@example.org",
        f"Action: {action}",
        f"Status: {status}",
        "",
        "--xx",
        f"Content-Type: {kind}",
        "",
        "From: no-reply@localhost",
        f"Message-ID: {message_id}",
        "Subject: Note",
        "",
        *(["Hello"] if whole else []),
        "--xx--",
        "",
    ]
    return "\r\n".join(lines).encode()


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize(
    ("action", "status", "outcome"),
    [
        ("failed", "5.1.1", Outcome.BOUNCED),
        ("failed", "5.1.10", Outcome.BOUNCED),
        ("failed", "5.2.1", Outcome.BOUNCED),
        ("failed", "5.2.2", Outcome.FAILED),
        ("failed", "4.4.7", Outcome.FAILED),
        ("delivered", "2.0.0", Outcome.DELIVERED),
        ("delayed", "4.4.7", None),
        ("failed", "nonsense", None),
    ],
)
def test_returned_mail_is_read(*, action: str, status: str, outcome: Outcome | None, whole: bool) -> None:
    message_id = uuid4()
    told = read_bounce(returned(f"<{message_id}@localhost>", action=action, status=status, whole=whole))
    assert (told.outcome if told else None) == outcome
    assert told is None or told.message_id == message_id


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"Subject: hi\n\nhello", returned("<someone@else>")])
def test_other_mail_says_nothing(raw: bytes) -> None:
    assert read_bounce(raw) is None


def test_a_bounce_is_recorded_by_the_command(bench: Bench, put: Put, session: Session) -> None:
    message = put()
    bench.run()
    session.refresh(message)
    raw = returned(str(message.mail_id))
    session.rollback()
    runner = bench.app.test_cli_runner()
    bench.app.cli.add_command(messages_group)
    result = runner.invoke(args=["messages", "bounce"], input=raw)
    assert result.exit_code == 0, result.output
    session.refresh(message)
    assert (message.state, message.reason) == (MessageState.BOUNCED, "5.1.1")
