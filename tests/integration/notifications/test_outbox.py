"""The outbox: what goes in, what comes out, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

from app.core import clock, events
from app.core.errors import InvalidInput
from app.core.events import on
from app.notifications import rules
from app.notifications.about import About
from app.notifications.carriers.parcel import BadAddress, Refused, TryLater, Unreachable
from app.notifications.codes import Channel, MessageEventKind, MessageState, Outcome, Priority
from app.notifications.delivery import is_due
from app.notifications.events import MessageBounced, MessageDelivered, MessageFailed
from app.notifications.models import Message, MessageEvent
from app.notifications.operations import (
    CalendarPart,
    Draft,
    cancel,
    erase,
    hold_all,
    record_receipt,
    release,
    retry,
    send,
)
from app.notifications.queries import messages_about, outbox_numbers
from app.notifications.stopping import Drop, Keep, Postpone, Verdict, before_sending
from tests.integration.notifications.conftest import KIND, SECRET, Bench, Put, words

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
NIGHT = datetime(2026, 11, 25, 23, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.moved_to(NOON):
        yield


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The events that messages announce."""
    heard: list[object] = []
    monkeypatch.setattr(events, "_handlers", events._handlers.copy())
    for event in (MessageDelivered, MessageBounced, MessageFailed):
        on(event)(lambda _session, told: heard.append(told))
    return heard


def kinds_of(session: Session, message: Message) -> list[MessageEventKind]:
    rows = select(MessageEvent.kind).where(MessageEvent.message_id == message.id)
    return list(session.scalars(rows.order_by(MessageEvent.created_at, MessageEvent.id)))


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Message)) or 0


def test_a_message_goes_out_once(bench: Bench, put: Put, session: Session) -> None:
    message = put()
    assert bench.run() == 1
    assert bench.run() == 0
    session.refresh(message)
    (parcel,) = bench.carrier.taken
    assert (message.state, message.attempts, message.provider_reference) == (MessageState.SENT, 1, "ref-1")
    assert message.mail_id == parcel.message_id == f"<{message.id}@localhost>"
    assert parcel.sender == "Waymark <no-reply@localhost>"
    assert kinds_of(session, message) == [MessageEventKind.SENT]


def test_the_same_key_is_the_same_message(put: Put, session: Session) -> None:
    first, second = put(key="same"), put(key="same")
    assert first.id == second.id
    assert count(session) == 1


def test_a_rolled_back_message_never_goes(bench: Bench, session: Session) -> None:
    send(session, Draft(words=words(), dedupe_key="gone", recipient="ann@example.org"))
    session.rollback()
    assert bench.run() == 0


def test_an_unknown_kind_cannot_be_sent(session: Session) -> None:
    with pytest.raises(LookupError, match=r"trial\.unknown"):
        send(session, Draft(words=words(kind="trial.unknown"), dedupe_key="x", recipient="ann@example.org"))


def test_a_wrong_draft_is_refused(session: Session) -> None:
    part = CalendarPart(method="request", text="BEGIN:VCALENDAR")
    for draft in (
        Draft(words=words(), dedupe_key="a", recipient="ann@example.org", expires_at=NOON - timedelta(days=1)),
        Draft(words=words(Channel.SMS), dedupe_key="b", recipient="+447700900123", calendar=part),
        Draft(words=words(Channel.SMS), dedupe_key="c", recipient="ann@example.org"),
        Draft(words=words(), dedupe_key="d", recipient="+447700900123"),
        Draft(words=words(), dedupe_key="e", recipient="ann@example.org", calendar=CalendarPart(method="X", text="")),
    ):
        with pytest.raises(InvalidInput):
            send(session, draft)


def test_urgent_first_then_the_longest_due(bench: Bench, put: Put) -> None:
    with clock.moved_to(NOON - timedelta(minutes=5)):
        early = put()
    late, urgent, future = put(), put(urgent=True), put(not_before=NOON + timedelta(hours=1))
    bench.run()
    assert [parcel.id for parcel in bench.carrier.taken] == [urgent.id, early.id, late.id]
    with clock.moved_to(NOON + timedelta(hours=2)):
        bench.run()
    assert bench.carrier.taken[-1].id == future.id


def test_five_tries_then_a_dead_letter(bench: Bench, put: Put, session: Session, told: list[object]) -> None:
    message = put()
    bench.carrier.failure = TryLater("smtp 451")
    instant = NOON + timedelta(minutes=1)
    for attempt in range(1, rules.TRIES + 1):
        with clock.moved_to(instant):
            assert bench.run() == 1
            assert bench.run() == 0  # not before its time
        session.refresh(message)
        assert message.attempts == attempt
        instant += (rules.wait_after(attempt) or timedelta()) + timedelta(seconds=5)
    assert (message.state, message.reason) == (MessageState.FAILED, "smtp 451")
    assert kinds_of(session, message) == [MessageEventKind.DEFERRED] * 4 + [MessageEventKind.FAILED]
    assert told == [MessageFailed(session_message(told))]
    with clock.moved_to(instant + timedelta(days=300)):
        assert bench.run() == 0
        bench.carrier.failure = None
        retry(session, message)
        session.commit()
        assert bench.run() == 1
    session.refresh(message)
    assert message.state is MessageState.SENT
    assert bench.carrier.taken[0].message_id == message.mail_id


def session_message(told: list[object]) -> Message:
    return told[0].message  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize(
    ("failure", "state", "event"),
    [
        (BadAddress("smtp 550"), MessageState.BOUNCED, MessageBounced),
        (Refused("smtp 554"), MessageState.FAILED, MessageFailed),
    ],
)
def test_what_will_never_work_is_tried_once(
    bench: Bench, put: Put, session: Session, told: list[object], failure: Exception, state: MessageState, event: type
) -> None:
    message = put()
    bench.carrier.failure = failure
    bench.run()
    session.refresh(message)
    assert (message.state, message.attempts) == (state, 1)
    assert [type(event) for event in told] == [event]


@pytest.mark.parametrize("failure", [RuntimeError("ann@example.org"), Unreachable("smtp timeout")])
def test_whatever_a_carrier_does_the_lease_ends(bench: Bench, put: Put, session: Session, failure: Exception) -> None:
    message = put()
    bench.carrier.failure = failure
    bench.run()
    session.refresh(message)
    assert (message.state, message.lease_holder) == (MessageState.QUEUED, None)
    details = session.scalars(select(MessageEvent.detail).order_by(MessageEvent.id)).all()
    assert all("@" not in (detail or "") for detail in details)


def test_a_poison_message_does_not_stop_the_others(bench: Bench, put: Put, session: Session) -> None:
    poison, good = put(urgent=True), put()
    broken = poison.id

    @before_sending(KIND)
    def check(session: Session, message: Message) -> Verdict:
        session.execute(text("SELECT 1"))
        if message.id == broken:
            raise RuntimeError("broken")
        return Keep()

    bench.run()
    session.refresh(poison)
    assert [parcel.id for parcel in bench.carrier.taken] == [good.id]
    assert (poison.state, poison.attempts) == (MessageState.QUEUED, 1)


def test_stop_conditions_are_asked_as_it_leaves(bench: Bench, put: Put, session: Session) -> None:
    verdicts: dict[object, Verdict] = {}

    @before_sending(KIND)
    def check(_session: Session, message: Message) -> Verdict:
        return verdicts.get(message.id, Keep())

    dropped, postponed, kept = put(), put(), put()
    verdicts[dropped.id] = Drop("booking cancelled")
    verdicts[postponed.id] = Postpone(NOON + timedelta(hours=1))
    bench.run()
    for message in (dropped, postponed, kept):
        session.refresh(message)
    assert [parcel.id for parcel in bench.carrier.taken] == [kept.id]
    assert (dropped.state, dropped.reason) == (MessageState.CANCELLED, "booking cancelled")
    assert (postponed.state, postponed.attempts) == (MessageState.QUEUED, 0)
    verdicts.clear()
    with clock.moved_to(NOON + timedelta(hours=2)):
        bench.run()
    assert bench.carrier.taken[-1].id == postponed.id


def test_texts_wait_for_the_morning_unless_urgent(bench: Bench, put: Put, session: Session) -> None:
    with clock.moved_to(NIGHT):
        later, urgent, mail = put(Channel.SMS), put(Channel.SMS, urgent=True), put()
        bench.run()
    assert {parcel.id for parcel in bench.carrier.taken} == {urgent.id, mail.id}
    session.refresh(later)
    assert later.not_before == datetime(2026, 11, 26, 8, tzinfo=UTC)
    with clock.moved_to(later.not_before):
        bench.run()
    assert bench.carrier.taken[-1].id == later.id


def test_too_late_is_not_sent(bench: Bench, put: Put, session: Session) -> None:
    message = put(expires_at=NOON + timedelta(hours=1))
    with clock.moved_to(NOON + timedelta(hours=2)):
        bench.run()
    session.refresh(message)
    assert (message.state, message.reason) == (MessageState.CANCELLED, "too late")
    assert bench.carrier.taken == []


def test_cancelling_by_key_and_by_object(bench: Bench, session: Session) -> None:
    about = About(type="booking", id=uuid4())
    for key in ("remind:1:v1", "remind:1:v2", "remind:10", "remind_1"):
        send(session, Draft(words=words(), dedupe_key=key, recipient="ann@example.org", about=about))
    assert cancel(session, dedupe_prefix="remind:1:") == 2
    assert cancel(session, dedupe_prefix="remind_") == 1
    assert cancel(session, about=About(type="run", id=about.id)) == 0
    assert cancel(session, about=about) == 1
    session.commit()
    assert bench.run() == 0
    with pytest.raises(InvalidInput):
        cancel(session)


def test_what_has_left_cannot_be_cancelled(bench: Bench, put: Put, session: Session) -> None:
    put(key="gone")
    bench.run()
    assert cancel(session, dedupe_prefix="gone") == 0


def test_a_held_outbox_lets_only_the_urgent_go(bench: Bench, put: Put, session: Session) -> None:
    before = put()
    assert hold_all(session, "restored") == 1
    assert hold_all(session, "again") == 0
    session.commit()
    after, urgent = put(), put(urgent=True)
    bench.run()
    assert [parcel.id for parcel in bench.carrier.taken] == [urgent.id]
    assert outbox_numbers(session).held == 2
    assert release(session, drop_created_before=after.created_at) == 1
    session.commit()
    bench.run()
    session.refresh(before)
    assert bench.carrier.taken[-1].id == after.id
    assert before.state is MessageState.CANCELLED
    assert outbox_numbers(session).held_since is None


def test_receipts(bench: Bench, put: Put, session: Session, told: list[object]) -> None:
    delivered, bounced, failed = put(), put(), put()
    bench.run()
    for _ in range(2):  # providers tell things twice
        record_receipt(session, delivered, Outcome.DELIVERED)
        record_receipt(session, bounced, Outcome.BOUNCED, detail="permanent-failure")
        record_receipt(session, failed, Outcome.FAILED, detail="technical-failure")
    record_receipt(session, bounced, Outcome.DELIVERED)
    session.commit()
    assert told == [MessageDelivered(delivered), MessageBounced(bounced), MessageFailed(failed)]
    assert kinds_of(session, delivered) == [MessageEventKind.SENT, MessageEventKind.DELIVERED]
    assert (bounced.state, failed.state) == (MessageState.BOUNCED, MessageState.FAILED)


def test_a_receipt_of_a_held_message_means_that_it_went(bench: Bench, put: Put, session: Session) -> None:
    message = put()
    hold_all(session, "restored")
    record_receipt(session, message, Outcome.DELIVERED)
    release(session)
    session.commit()
    assert message.state is MessageState.DELIVERED
    assert bench.run() == 0


def test_secret_words_are_wiped_once_they_have_left(bench: Bench, put: Put, session: Session) -> None:
    message, plain = put(kind=SECRET), put()
    bench.run()
    for one in (message, plain):
        session.refresh(one)
    assert (message.text, message.html) == ("", None)
    assert plain.text == "Hello"


def test_erasing_keeps_only_that_it_was_sent(bench: Bench, session: Session) -> None:
    about = About(type="person", id=uuid4())
    for key in ("one", "two"):
        send(session, Draft(words=words(), dedupe_key=key, recipient="ann@example.org", about=about))
    session.commit()
    bench.run()
    send(session, Draft(words=words(), dedupe_key="three", recipient="ann@example.org", about=about))
    assert erase(session, about) == 3
    session.commit()
    session.expire_all()
    messages = messages_about(session, about)
    assert {(message.recipient, message.text, message.html, message.subject) for message in messages} == {
        ("", "", None, "")
    }
    assert sorted(message.state for message in messages) == ["cancelled", "sent", "sent"]


def test_what_happened_cannot_be_changed(bench: Bench, put: Put, session: Session) -> None:
    put()
    bench.run()
    for statement in ("UPDATE message_event SET detail = 'x'", "DELETE FROM message_event", "DELETE FROM message"):
        with pytest.raises(DatabaseError):
            session.execute(text(statement))
        session.rollback()


@pytest.mark.parametrize(
    "change",
    [
        "state = 'leased'",
        "state = 'sent'",
        "state = 'lost'",
        "channel = 'pigeon'",
        "lease_holder = 'me'",
        "attempts = -1",
        "subject_type = 'booking'",
        "calendar = 'x'",
        "dedupe_key = ''",
        "expires_at = created_at",
    ],
)
def test_the_database_holds_what_must_hold(put: Put, session: Session, change: str) -> None:
    put()
    with pytest.raises(IntegrityError):
        session.execute(text(f"UPDATE message SET {change}"))


def test_the_sweep_reads_no_more_than_it_must(put: Put, session: Session) -> None:
    put()
    query = select(Message.id).where(is_due(Priority.NORMAL)).order_by(Message.not_before, Message.id).limit(1)
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        session.execute(text("SET LOCAL enable_bitmapscan = off"))
    compiled = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    plan = str(session.execute(text(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{compiled}")).all())
    assert "ix_message_due" in plan
    assert "not_before<" in plan.replace(" ", "")
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan
