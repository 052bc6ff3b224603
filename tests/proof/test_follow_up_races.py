"""Nobody is reminded of what they have answered, whatever happens at once; and none is asked twice after kill -9.

`WAYMARK_PROOF_CASES` makes the runs longer: `make proof` does.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import SYSTEM
from app.core.clock import LONDON
from app.notifications.codes import MessageState
from app.notifications.models import Message
from app.notifications.sweeps import tools
from app.outcomes.codes import AnswerKind, Mode, OccasionState
from app.outcomes.measures import find_measure
from app.outcomes.models import Occasion, OutcomeInvitation
from app.outcomes.operations import ask_once, open_form, save_answer
from app.outcomes.rules.answers import OneAnswer
from app.outcomes.sending import A_MOMENT, attend_to, due_leads
from app.people.codes import ContactChannel
from app.web.database import db
from tests.mail_sink import mail_sink
from tests.outcomes import a_reachable_person, a_worker
from tests.worker_forks import kill, worker_forks

LARGE = int(os.environ.get("WAYMARK_PROOF_CASES", "0")) >= 10_000
PEOPLE = 200 if LARGE else 8
KILLS = 60 if LARGE else 3
NOON = datetime(2026, 1, 29, 12, tzinfo=LONDON)  # a Thursday; the reminder after it is due on Monday
REMIND = NOON + timedelta(days=4)
A_BREATH = 0.03  # seconds between two messages and two looks at what is due, so that answers come in between
EMAIL = {"mobile": None, "safe_channels": frozenset({ContactChannel.EMAIL})}


def some_people(session: Session) -> list:
    """People who are asked today, by e-mail."""
    with clock.moved_to(NOON):
        _user, actor = a_worker(session)
        people = [a_reachable_person(session, actor, email=f"p{n}@example.org", **EMAIL) for n in range(PEOPLE)]
        leads = [ask_once(session, actor, person.id, ["satisfaction"]).id for person in people]
        session.commit()
        return leads


def answer(session: Session, lead_id) -> None:  # type: ignore[no-untyped-def]
    """As the link does it."""
    lead, measure = session.get_one(Occasion, lead_id), find_measure("satisfaction")
    form = open_form(
        session,
        SYSTEM,
        organization_id=lead.organization_id,
        person_id=lead.person_id,
        measure=measure,
        mode=Mode.LINK,
        occasion=lead,
    )
    save_answer(session, SYSTEM, form, measure.item("overall"), OneAnswer(AnswerKind.GIVEN, 1))
    session.commit()


class Race:
    """Workers that write and send, and people who answer, all at once; what each saw is written down."""

    def __init__(self, app: Flask, leads: list, sent_before: list) -> None:
        self.sent_before = sent_before
        self.app, self.leads, self.chance = app, leads, random.Random(7)
        self.answered: dict = {}
        self.begun: dict = {}
        self.errors: list[BaseException] = []
        self.over, self.reminded = threading.Event(), threading.Event()

    def run(self) -> None:
        """All of it; returns when everybody has answered and the workers found nothing more to do."""
        people = [threading.Thread(target=self._guarded, args=(self._answer,))]
        workers = [
            threading.Thread(target=self._guarded, args=(each,)) for each in (self._write, self._write, self._send)
        ]
        for thread in (*workers, *people):
            thread.start()
        for thread in people:
            thread.join(60)
        self.over.set()
        for thread in workers:
            thread.join(60)
        assert self.errors == []

    def _guarded(self, act) -> None:  # type: ignore[no-untyped-def]
        try:
            with self.app.app_context(), clock.moved_to(REMIND):
                act()
        except BaseException as error:  # noqa: BLE001 - told by the test
            self.errors.append(error)

    def _answer(self) -> None:
        for number, lead_id in enumerate(self.leads):
            if number == len(self.leads) // 2:
                self.reminded.wait(20)  # so that some are reminded first, and some are not
            # Real threads race here: each answers at a moment of its own.
            time.sleep(self.chance.uniform(0, 0.02))
            with Session(db.engines[None]) as session:
                answer(session, lead_id)
            self.answered[lead_id] = time.monotonic()

    def _write(self) -> None:
        while not self.over.is_set():
            for lead_id in random.Random(len(self.answered)).sample(self.leads, len(self.leads)):
                with Session(db.engines[None]) as session:
                    attend_to(session, lead_id)
                    session.commit()
                time.sleep(0.002)  # a breath in which the others get the lock

    def _send(self) -> None:
        known: set = set(self.sent_before)
        is_last, at = False, REMIND
        while not is_last:
            is_last = self.over.is_set()
            # What could not leave because somebody was writing there comes again a minute later.
            at += A_MOMENT
            with clock.moved_to(at):
                self._send_what_is_due(known)
            self.over.wait(A_BREATH)

    def _send_what_is_due(self, known: set) -> None:
        begun = time.monotonic()
        while tools().delivery.send_next():
            with Session(db.engines[None]) as session:
                for message_id, subject_id in session.execute(
                    select(Message.id, Message.subject_id).where(Message.state == MessageState.SENT)
                ):
                    if message_id not in known:
                        known.add(message_id)
                        self.begun.setdefault(subject_id, []).append(begun)
                        self.reminded.set()
            self.over.wait(A_BREATH)
            begun = time.monotonic()


def test_nobody_is_reminded_after_an_answer(app: Flask, session: Session) -> None:
    leads = some_people(session)
    with clock.moved_to(NOON):
        for lead_id in leads:
            attend_to(session, lead_id)
        session.commit()
        while tools().delivery.send_next():
            pass
    session.rollback()
    sent = session.scalars(select(Message.id).where(Message.state == MessageState.SENT)).all()
    session.rollback()
    assert len(sent) == PEOPLE  # else nobody can be reminded yet
    race = Race(app, leads, list(sent))
    race.run()
    assert race.begun
    late = [lead for lead, begun in race.begun.items() for at in begun if at > race.answered[lead]]
    assert late == []
    waiting = (MessageState.QUEUED, MessageState.LEASED, MessageState.HELD)
    assert session.scalars(select(Message.id).where(Message.state.in_(waiting))).all() == []
    states = session.scalars(select(Occasion.state).where(Occasion.id.in_(leads))).all()
    assert set(states) == {OccasionState.DONE}
    assert set(_copies(session)) == {1}


def _copies(session: Session) -> list[int]:
    """How often each message was written down: once, for each occasion, number and channel."""
    rows = session.execute(
        select(func.count())
        .select_from(OutcomeInvitation)
        .group_by(OutcomeInvitation.occasion_id, OutcomeInvitation.number, OutcomeInvitation.channel)
    )
    return [count for (count,) in rows]


def test_none_is_asked_twice_after_kill_9(database_url: str, tmp_path: Path, app: Flask, session: Session) -> None:
    leads, chance, killed = some_people(session), random.Random(11), 0
    with mail_sink() as sink:
        environment = {
            "WAYMARK_DATABASE_URL": database_url,
            "WAYMARK_INSTANCE": str(tmp_path),
            "WAYMARK_INDEX_DIR": str(tmp_path / "index"),
            "WAYMARK_MAIL": f"smtp://127.0.0.1:{sink.port}",
            "WAYMARK_SECRET_KEY": "only for tests",
            "WAYMARK_BASE_URL": "http://localhost",
            "WAYMARK_FORKED_SWEEPS": "message,follow-ups",
        }
        with worker_forks(environment) as forks:
            for number in range(KILLS):
                at = NOON + timedelta(minutes=11 * number)
                pid = forks.start(f"once {at.isoformat()}")
                # Nothing is waited for: chance picks the moment of its work at which it is killed, in the time of the
                # operating system, which no clock of ours moves.
                time.sleep(chance.uniform(0.02, 0.4))
                killed += kill(pid)
            for days in (0, 2):  # what killed workers left is taken up again, and nothing more is due
                forks.run_once(NOON + timedelta(days=days, hours=2))
        assert killed, "the workers were done before they were killed"
        letters = Counter(str(mail["To"]) for mail in sink.mails)
        copies = sink.copies
    session.rollback()
    assert len(session.scalars(select(OutcomeInvitation.id)).all()) == PEOPLE
    assert set(_copies(session)) == {1}
    assert len(letters) == PEOPLE
    # A message that was being handed over as its worker was killed may come a second time, under the same id.
    assert len(copies) == PEOPLE
    assert set(copies.values()) <= {1, 2}
    with clock.moved_to(NOON + timedelta(days=2)):
        assert set(due_leads(session)) == set(leads)


def test_what_is_answered_is_caught_as_it_leaves(app: Flask, session: Session) -> None:
    lead_id = some_people(session)[0]
    with clock.moved_to(NOON):
        attend_to(session, lead_id)
        lead = session.get_one(Occasion, lead_id)
        lead.state, lead.done_on = OccasionState.DONE, NOON.date()
        session.commit()
        while tools().delivery.send_next():
            pass
    found = session.execute(select(Message.state, Message.reason)).one()
    assert found == (MessageState.CANCELLED, "answered")
