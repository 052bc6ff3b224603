"""Messages of a kind made up for tests, and a worker whose post goes where the test says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import load_models
from app.notifications import kinds, stopping
from app.notifications.carriers.parcel import Carrier, Leaving, Parcel, Unreachable
from app.notifications.codes import Channel
from app.notifications.delivery import Delivery
from app.notifications.holders import Holder
from app.notifications.kinds import MessageKind, Words
from app.notifications.models import Message
from app.notifications.operations import Draft, send
from app.notifications.post import Post
from app.web.database import READ, db

KIND = "trial.note"
SECRET = "trial.code"


class Recorder:
    """A carrier that remembers what it took, or fails as told."""

    name = "recorder"
    repeats_safely = False

    def __init__(self) -> None:
        self.taken: list[Parcel] = []
        self.failure: Exception | None = None

    def hand_over(self, parcel: Parcel, leaving: Leaving) -> str | None:
        leaving()
        if self.failure is not None:
            raise self.failure
        self.taken.append(parcel)
        return f"ref-{len(self.taken)}"

    def close(self) -> None:
        pass


class Bench:
    """Delivery by hand: `run` empties the outbox as one worker does."""

    def __init__(self, app: Flask, session: Session, folder: Path) -> None:
        self.app, self.session, self.folder = app, session, folder
        self.carrier = Recorder()

    def worker(self, carrier: Carrier | None = None) -> Delivery:
        settings = self.app.extensions["waymark_settings"]
        post = Post(settings)
        for channel in Channel:
            post._carriers[channel] = carrier or self.carrier  # type: ignore[assignment]
        return Delivery(writing=db.engines[None], reading=db.engines[READ], post=post, holder=Holder(self.folder))

    def run(self, carrier: Carrier | None = None) -> int:
        self.session.rollback()  # on SQLite one that has read keeps others from writing
        worker = self.worker(carrier)
        done = worker.recover()
        try:
            while worker.send_next():
                done += 1
        except Unreachable:
            pass
        return done


@pytest.fixture(autouse=True)
def trial_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    load_models()  # the features register their own kinds as they are imported
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    monkeypatch.setattr(stopping, "_checks", {})
    kinds.register(MessageKind(name=KIND, title="Note", channels=kinds.BOTH, sample=dict))
    kinds.register(MessageKind(name=SECRET, title="Code", channels=kinds.BOTH, sample=dict, secret=True))


@pytest.fixture
def bench(app: Flask, session: Session, tmp_path: Path) -> Bench:
    return Bench(app, session, tmp_path)


def words(channel: Channel = Channel.EMAIL, *, kind: str = KIND, text: str = "Hello", subject: str = "Note") -> Words:
    is_mail = channel is Channel.EMAIL
    return Words(
        kind=kind,
        channel=channel,
        language="en",
        subject=subject if is_mail else "",
        text=text,
        html=f"<p>{text}</p>" if is_mail else None,
    )


Put = Callable[..., Message]


@pytest.fixture
def put(session: Session) -> Put:
    """Put a message into the outbox and commit."""

    def _put(
        channel: Channel = Channel.EMAIL,
        *,
        key: str | None = None,
        kind: str = KIND,
        urgent: bool = False,
        not_before: datetime | None = None,
        expires_at: datetime | None = None,
        to: str | None = None,
    ) -> Message:
        message_id = send(
            session,
            Draft(
                words=words(channel, kind=kind),
                dedupe_key=key or f"note:{uuid4()}",
                recipient=to or ("ann@example.org" if channel is Channel.EMAIL else "+447700900123"),
                urgent=urgent,
                not_before=not_before,
                expires_at=expires_at,
            ),
        )
        session.commit()
        return session.get_one(Message, message_id)

    return _put
