"""`waymark worker` and `waymark messages …`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from uuid import uuid4

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.notifications.bounces import LARGEST_BYTES, read_bounce
from app.notifications.carriers.choosing import carrier_for
from app.notifications.codes import Channel, MessageState
from app.notifications.emails import TEST
from app.notifications.models import Message
from app.notifications.operations import Draft, hold_all, record_receipt, release, retry, send
from app.notifications.queries import outbox_numbers
from app.notifications.rendering import render_message
from app.notifications.sweeps import tools
from app.notifications.worker import Worker
from app.settings import Settings
from app.web.database import READ, db


def register(cli: click.Group) -> None:
    """Add the feature's commands."""
    cli.add_command(run_worker)
    cli.add_command(messages_group)


@click.command("worker")
@click.option("--once", is_flag=True, help="Return when nothing is due.")
@click.option("--now", "now", default=None, help="Move the clock for this run (ISO 8601, with zone).")
@with_appcontext
def run_worker(once: bool, now: str | None) -> None:
    """Run the sweeps: messages, the search index, and whatever else is due."""
    settings: Settings = current_app.extensions["waymark_settings"]
    for channel in Channel:
        carrier_for(channel, settings)  # a setting that cannot be used is told at once
    with clock.moved_to(_instant(now) if now else clock.now()):
        worker = Worker(tools().turns)
        if once:
            click.echo(f"{worker.run_once()} done.")
        else:
            worker.run_forever()


@click.group("messages")
def messages_group() -> None:
    """The outbox."""


@messages_group.command("status")
@with_appcontext
def status() -> None:
    """How many messages wait, and for how long."""
    with Session(db.engines[READ]) as session:
        numbers = outbox_numbers(session)
    click.echo("The outbox is held." if numbers.held_since else "The outbox is open.")
    click.echo(f"{numbers.due} due, the oldest for {numbers.lag_seconds:.0f} s; {numbers.later} due later.")
    click.echo(f"{numbers.held} held, {numbers.failed} failed, {numbers.bounced} bounced.")


@messages_group.command("test")
@click.argument("recipient")
@with_appcontext
def test(recipient: str) -> None:
    """Put a test message to an e-mail address or phone number (+44…) into the outbox."""
    channel = Channel.SMS if recipient.startswith("+") else Channel.EMAIL
    words = render_message(TEST.name, "en", by=channel)
    with Session(db.engines[None]) as session:
        send(session, Draft(words=words, dedupe_key=f"test:{uuid4()}", recipient=recipient, urgent=True))
        session.commit()
    click.echo("It leaves with the worker's next round.")


@messages_group.command("bounce")
@with_appcontext
def bounce() -> None:
    """Read one returned mail from standard input, as a mail server pipes it. Anything else is passed over."""
    told = read_bounce(sys.stdin.buffer.read(LARGEST_BYTES))
    with Session(db.engines[None]) as session:
        message = session.get(Message, told.message_id) if told else None
        if told is None or message is None:
            click.echo("It says nothing about a message of ours.")
            return
        record_receipt(session, message, told.outcome, detail=told.status)
        session.commit()
    click.echo(f"Recorded: {told.outcome} ({told.status}).")


@messages_group.command("hold")
@click.option("--reason", default="by hand", show_default=True)
@with_appcontext
def hold(reason: str) -> None:
    """Keep everything that is not urgent from leaving until it is released."""
    with Session(db.engines[None]) as session:
        count = hold_all(session, reason)
        session.commit()
    click.echo(f"{count} messages are held, and new ones will be.")


@messages_group.command("release")
@click.option("--drop-before", default=None, help="Cancel those made before this time (ISO 8601) instead.")
@with_appcontext
def release_held(drop_before: str | None) -> None:
    """Let held messages go."""
    with Session(db.engines[None]) as session:
        count = release(session, drop_created_before=_instant(drop_before) if drop_before else None)
        session.commit()
    click.echo(f"{count} messages will leave.")


@messages_group.command("retry")
@with_appcontext
def retry_failed() -> None:
    """Try all dead letters again, after what kept them was mended."""
    failed = select(Message).where(Message.state == MessageState.FAILED).order_by(Message.created_at, Message.id)
    with Session(db.engines[None]) as session:
        messages = session.scalars(failed).all()
        for message in messages:
            retry(session, message)
        session.commit()
    click.echo(f"{len(messages)} messages will be tried again.")


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter("not a time such as 2026-11-23T09:00:00+00:00") from error
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
