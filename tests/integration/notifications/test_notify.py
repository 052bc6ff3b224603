"""GOV.UK Notify, spoken to by its own client over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import create_app
from app.core import clock
from app.core.errors import InvalidInput
from app.notifications.carriers.choosing import carrier_for
from app.notifications.carriers.local import ConsoleCarrier, FileCarrier
from app.notifications.carriers.notify import NotifyCarrier
from app.notifications.carriers.smtp import SmtpCarrier
from app.notifications.codes import Channel, MessageState
from app.notifications.holders import Holder
from app.notifications.models import Message
from app.notifications.sweeps import ask_for_receipts
from app.web.database import db
from tests.conftest import settings_for
from tests.integration.notifications.conftest import Bench, Put
from tests.integration.notifications.test_workers import lease
from tests.notify_stand_in import API_KEY, EMAIL_TEMPLATE, SMS_TEMPLATE, StandIn, notify_stand_in

TOKEN = "callback-token"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def notify() -> Iterator[StandIn]:
    with notify_stand_in() as running:
        yield running


@pytest.fixture
def app(database_url: str, tmp_path: Path, notify: StandIn) -> Iterator[Flask]:
    """The application with both channels over Notify."""
    application = create_app(settings_for(database_url, tmp_path, **over(notify)))
    yield application
    with application.app_context():
        for engine in db.engines.values():
            engine.dispose()


def over(notify: StandIn, **changes: object) -> dict[str, object]:
    return {
        "mail": "notify:",
        "sms": "notify:",
        "notify_url": notify.url,
        "notify_api_key": API_KEY,
        "notify_email_template": EMAIL_TEMPLATE,
        "notify_sms_template": SMS_TEMPLATE,
        "notify_callback_token": TOKEN,
    } | changes


def by_notify(app: Flask, channel: Channel) -> NotifyCarrier:
    carrier = carrier_for(channel, app.extensions["waymark_settings"])
    assert isinstance(carrier, NotifyCarrier)
    return carrier


def send_one(bench: Bench, put: Put, channel: Channel = Channel.EMAIL) -> Message:
    message = put(channel, urgent=True)
    bench.run(by_notify(bench.app, channel))
    bench.session.refresh(message)
    return message


def test_mail_and_texts(bench: Bench, put: Put, notify: StandIn) -> None:
    mail, sms = send_one(bench, put), send_one(bench, put, Channel.SMS)
    told = [(one["to"], one["values"], one["reference"], one["id"]) for one in notify.sent]
    assert told == [
        ("ann@example.org", {"subject": "Note", "body": "Hello"}, str(mail.id), mail.provider_reference),
        ("+447700900123", {"body": "Hello"}, str(sms.id), sms.provider_reference),
    ]
    assert (mail.state, mail.provider) == (MessageState.SENT, "notify")


@pytest.mark.parametrize(
    ("status", "words", "state"),
    [
        (400, "email_address Not a valid email address", MessageState.BOUNCED),
        (400, "Missing personalisation: body", MessageState.QUEUED),
        (403, "Invalid token", MessageState.QUEUED),
        (429, "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds", MessageState.QUEUED),
        (500, "Internal server error", MessageState.QUEUED),
        (503, "Unavailable", MessageState.QUEUED),
    ],
)
def test_refusals(bench: Bench, put: Put, notify: StandIn, status: int, words: str, state: MessageState) -> None:
    notify.fail_next(status, words)
    assert send_one(bench, put).state is state


def test_a_wrong_key_is_refused(bench: Bench, put: Put, notify: StandIn, tmp_path: Path) -> None:
    wrong = API_KEY[:-36] + str(uuid4())
    carrier = carrier_for(Channel.EMAIL, settings_for("sqlite://", tmp_path, **over(notify, notify_api_key=wrong)))
    put()
    bench.run(carrier)
    assert notify.sent == []


def test_what_did_get_through_is_not_sent_again(bench: Bench, put: Put, notify: StandIn) -> None:
    notify.fail_next(500, "Internal server error", but_take_it=True)
    message = send_one(bench, put)
    assert message.state is MessageState.QUEUED
    with clock.moved_to(message.not_before + timedelta(seconds=1)):
        bench.run(by_notify(bench.app, Channel.EMAIL))
    bench.session.refresh(message)
    assert (message.state, message.provider_reference) == (MessageState.SENT, notify.sent[0]["id"])
    assert len(notify.sent) == 1


def test_what_notify_gave_up_is_sent_again(bench: Bench, put: Put, notify: StandIn) -> None:
    notify.fail_next(500, "Internal server error", but_take_it=True)
    message = send_one(bench, put)
    notify.sent[0]["status"] = "technical-failure"
    with clock.moved_to(message.not_before + timedelta(seconds=1)):
        bench.run(by_notify(bench.app, Channel.EMAIL))
    assert len(notify.sent) == 2


def test_a_killed_worker_sends_nothing_twice(
    bench: Bench, put: Put, session: Session, notify: StandIn, tmp_path: Path
) -> None:
    first = send_one(bench, put)
    dead = Holder(tmp_path)
    lease(session, first, dead)
    dead.leaving(first.id)
    session.rollback()
    dead.close()
    (tmp_path / "workers" / dead.name).touch()
    bench.run(by_notify(bench.app, Channel.EMAIL))
    session.refresh(first)
    assert first.state is MessageState.SENT
    assert len(notify.sent) == 1


def tell(client: FlaskClient, receipt: Any, **options: Any) -> int:
    return client.post("/messages/notify-receipts", json=receipt, **({"headers": BEARER} | options)).status_code


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("delivered", MessageState.DELIVERED),
        ("permanent-failure", MessageState.BOUNCED),
        ("temporary-failure", MessageState.FAILED),
        ("technical-failure", MessageState.FAILED),
        ("sending", MessageState.SENT),
    ],
)
def test_receipts(
    bench: Bench, put: Put, notify: StandIn, client: FlaskClient, status: str, state: MessageState
) -> None:
    message = send_one(bench, put)
    bench.session.rollback()
    receipt = notify.status(0, status)
    assert [tell(client, receipt) for _ in range(2)] == [204, 204]
    bench.session.refresh(message)
    assert message.state is state


def test_receipts_need_the_token(bench: Bench, put: Put, notify: StandIn, client: FlaskClient) -> None:
    message = send_one(bench, put)
    bench.session.rollback()
    receipt = notify.status(0, "delivered")
    for headers in ({}, {"Authorization": "Bearer nearly"}, {"Authorization": "Bearer "}, {"Authorization": TOKEN}):
        assert tell(client, receipt, headers=headers) == 403
    bench.session.refresh(message)
    assert message.state is MessageState.SENT


def test_without_a_token_set_nobody_may(database_url: str, tmp_path: Path, notify: StandIn) -> None:
    app = create_app(settings_for(database_url, tmp_path, **over(notify, notify_callback_token="")))
    assert tell(app.test_client(), {}, headers={"Authorization": "Bearer "}) == 403


@pytest.mark.parametrize(
    "receipt",
    [None, [], "x", 7, {}, {"reference": "x", "status": "delivered"}, {"reference": None, "status": None}],
)
def test_rubbish_is_no_receipt(client: FlaskClient, receipt: object) -> None:
    assert tell(client, receipt) == 422


def test_a_receipt_about_somebody_elses_message_is_passed_over(client: FlaskClient) -> None:
    assert tell(client, {"reference": str(uuid4()), "status": "delivered"}) == 204


def test_lost_receipts_are_asked_for(bench: Bench, put: Put, notify: StandIn, session: Session) -> None:
    mail, sms, fresh = send_one(bench, put), send_one(bench, put, Channel.SMS), send_one(bench, put)
    notify.status(0, "delivered")
    notify.status(1, "sending")
    session.rollback()
    ask_for_receipts()
    session.refresh(mail)
    assert mail.state is MessageState.SENT  # too early to ask
    session.rollback()
    with clock.moved_to(clock.now() + timedelta(hours=2)):
        notify.sent.pop(2)  # unknown to Notify by now
        ask_for_receipts()
    for message in (mail, sms, fresh):
        session.refresh(message)
    assert (mail.state, sms.state, fresh.state) == (MessageState.DELIVERED, MessageState.SENT, MessageState.SENT)


def test_the_settings_choose(tmp_path: Path, notify: StandIn) -> None:
    def chosen(channel: Channel, address: str, **changes: object) -> object:
        values = over(notify, **changes) | {"mail": address, "sms": address}
        return carrier_for(channel, settings_for("sqlite://", tmp_path, **values))

    assert isinstance(chosen(Channel.EMAIL, "console:"), ConsoleCarrier)
    assert isinstance(chosen(Channel.EMAIL, "smtp://mail.example"), SmtpCarrier)
    for address, folder in (("file:", tmp_path / "mail"), (f"file:{tmp_path}/x", tmp_path / "x")):
        carrier = chosen(Channel.EMAIL, address)
        assert isinstance(carrier, FileCarrier)
        assert carrier._folder == folder
    with_slashes = chosen(Channel.SMS, f"file://{tmp_path}/y")
    assert isinstance(with_slashes, FileCarrier)
    assert with_slashes._folder == tmp_path / "y"
    for channel, address, changes, words in (
        (Channel.EMAIL, "pigeon:", {}, "WAYMARK_MAIL"),
        (Channel.EMAIL, "", {}, "WAYMARK_MAIL"),
        (Channel.EMAIL, "smtp://mail.example:x", {}, "WAYMARK_MAIL"),
        (Channel.SMS, "smtp://mail.example", {}, "WAYMARK_SMS"),
        (Channel.SMS, "notify:", {"notify_sms_template": ""}, "WAYMARK_NOTIFY_SMS_TEMPLATE"),
        (Channel.EMAIL, "notify:", {"notify_api_key": "short"}, "WAYMARK_NOTIFY_API_KEY"),
    ):
        with pytest.raises(InvalidInput, match=words):
            chosen(channel, address, **changes)
