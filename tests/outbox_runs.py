"""What the tests of killed workers and the long proof share."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.engines import write_engine
from app.notifications import kinds
from app.notifications.codes import Channel, MessageState
from app.notifications.kinds import MessageKind, Words
from app.notifications.models import Message
from app.notifications.operations import Draft, send
from tests.mail_sink import MailSink, mail_sink
from tests.worker_forks import Forks, kill, worker_forks

KIND = "notifications.test"
MESSAGES_A_KILL = 5


@dataclass
class Run:
    """A database, a mail server, and workers to be had."""

    url: str
    sink: MailSink
    forks: Forks

    def put(self, count: int, *, named: str) -> None:
        """Put messages into the outbox."""
        if KIND not in {kind.name for kind in kinds.all_kinds()}:
            kinds.register(MessageKind(name=KIND, title="Test", sample=dict))
        words = Words(kind=KIND, channel=Channel.EMAIL, language="en", subject="Note", text="Hello")
        engine = write_engine(self.url)
        with Session(engine) as session:
            for number in range(count):
                key = f"{named}:{number}"
                send(session, Draft(words=words, dedupe_key=key, recipient=f"{named}{number}@example.org"))
            session.commit()
        engine.dispose()

    def states(self) -> dict[str, int]:
        """How many messages are in which state."""
        engine = write_engine(self.url)
        with Session(engine) as session:
            rows = session.execute(select(Message.state, func.count()).group_by(Message.state)).all()
        engine.dispose()
        return {MessageState(state).value: count for state, count in rows}

    def check(self, count: int) -> None:
        """Every message came once or twice. One that may have left twice is not sent again, and said to have failed."""
        states, copies = self.states(), self.sink.copies
        assert len(copies) == count
        assert set(copies.values()) <= {1, 2}
        twice = sum(1 for number in copies.values() if number == 2)
        assert states.pop(MessageState.FAILED, 0) <= twice
        assert set(states) == {MessageState.SENT}

    def drain(self) -> None:
        """Let workers finish what killed ones left, tomorrow and the day after."""
        for days in (1, 2):
            self.forks.run_once(clock.now() + timedelta(days=days))


@contextmanager
def outbox_run(url: str, instance: Path) -> Iterator[Run]:
    """A mail server and workers on the database at `url`."""
    with mail_sink() as sink:
        environment = {
            "WAYMARK_DATABASE_URL": url,
            "WAYMARK_INSTANCE": str(instance),
            "WAYMARK_INDEX_DIR": str(instance / "index"),
            "WAYMARK_MAIL": f"smtp://127.0.0.1:{sink.port}",
            "WAYMARK_SECRET_KEY": "only for tests",
        }
        with worker_forks(environment) as forks:
            yield Run(url, sink, forks)


def kill_while_sending(run: Run, chance: random.Random) -> None:
    """Start a worker and kill it as it is at the second or a later message: in the middle of one, or a moment later.

    No later than the last that was put there for it: those before may all have been sent.
    """
    target = len(run.sink.mails) + chance.randint(2, MESSAGES_A_KILL)
    reached = threading.Event()
    run.sink.on_mail = lambda: reached.set() if len(run.sink.mails) >= target else None
    pid = run.forks.start()
    assert reached.wait(30), "the worker sent nothing"
    time.sleep(chance.choice((0.0, chance.uniform(0, 0.03))))
    kill(pid)
    run.sink.on_mail = lambda: None


def kill_at_any_time(run: Run, chance: random.Random) -> None:
    """Start a worker and kill it at a moment that has nothing to do with what it is doing."""
    pid = run.forks.start()
    time.sleep(chance.uniform(0.05, 1.5))
    kill(pid)
