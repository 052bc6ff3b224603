"""The audit trail: in the transaction, chained, and closed to change."""

from __future__ import annotations

from contextlib import nullcontext
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from app.audit.codes import Action
from app.audit.models import AuditEntry
from app.audit.operations import record
from app.audit.queries import broken_links
from app.core.actor import SYSTEM
from tests.integration.audit.trail import entries, record_some, without_guards


def test_entries_are_chained_in_order(session):
    record_some(session)
    record_some(session)
    assert [entry.sequence for entry in entries(session)] == [1, 2, 3, 4, 5, 6]
    assert list(broken_links(session)) == []


def test_what_is_rolled_back_leaves_no_entry(session):
    record(session, SYSTEM, Action.CREATED, ("person", uuid4()))
    session.rollback()
    record_some(session, 1)
    assert len(entries(session)) == 1


def test_a_savepoint_that_is_rolled_back_takes_only_its_own_entries(session):
    record(session, SYSTEM, Action.CREATED, ("person", uuid4()), reason="before")
    for reason in ("kept", "lost", "refused"):
        with pytest.raises((ValueError, DBAPIError)) if reason != "kept" else nullcontext(), session.begin_nested():
            record(session, SYSTEM, Action.CREATED, ("person", uuid4()), reason=reason)
            if reason == "lost":
                raise ValueError(reason)
            if reason == "refused":
                session.add(AuditEntry())
                session.flush()
    record(session, SYSTEM, Action.CREATED, ("person", uuid4()), reason="after")
    session.commit()
    assert [entry.reason for entry in entries(session)] == ["before", "kept", "after"]


@pytest.mark.parametrize(
    "change", [update(AuditEntry).values(reason="other"), delete(AuditEntry)], ids=["update", "delete"]
)
def test_the_database_refuses_change(session, change):
    record_some(session)
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(change)


@pytest.mark.parametrize("field", ["reason", "object_type", "address"])
def test_a_changed_entry_is_found(session, field):
    record_some(session)
    without_guards(session)
    session.execute(update(AuditEntry).where(AuditEntry.sequence == 2).values({field: "x"}))
    assert list(broken_links(session)) == ["audit: entry 2 was changed"]


def test_a_missing_entry_is_found(session):
    record_some(session)
    without_guards(session)
    session.execute(delete(AuditEntry).where(AuditEntry.sequence == 2))
    assert "audit: entry 2 is missing" in list(broken_links(session))


def test_an_entry_that_cannot_be_written_fails_the_act(session):
    from app.directory.models import Source

    session.add(Source(slug="acted", name="acted"))
    record(session, SYSTEM, Action.READ, (None, None))  # type: ignore[arg-type]
    with pytest.raises(DBAPIError):
        session.commit()
    session.rollback()
    assert session.scalars(select(Source)).all() == []
