"""Notes of where the trail ended find what the chain alone cannot: an end cut off, a trail written anew."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.accounts.sweeps import anchor_trail
from app.accounts.upkeep import trail_is_what_was_noted
from app.audit.anchors import ANCHORS, KEY, anchors_in, drop_anchor, what_anchors_miss
from app.audit.chain import GENESIS, entry_hash
from app.audit.codes import Action
from app.audit.models import AuditEntry
from app.audit.operations import record
from app.audit.queries import broken_links
from app.core import clock
from app.core.actor import SYSTEM
from tests.integration.audit.trail import entries, record_some, without_guards


def test_once_a_day_and_only_where_something_is_new(app: Flask, session: Session, tmp_path: Path) -> None:
    assert anchor_trail() == 0
    record_some(session)
    assert [anchor_trail() for _ in range(2)] == [1, 0]
    record_some(session)
    assert anchor_trail() == 0
    with clock.moved_to(clock.now() + timedelta(days=1, minutes=1)):
        assert [anchor_trail() for _ in range(2)] == [1, 0]
    assert [anchor.sequence for anchor in anchors_in(tmp_path)] == [3, 6]
    assert list(trail_is_what_was_noted(session)) == []
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in (ANCHORS, KEY)} == {0o600}


def test_an_end_that_was_cut_off_is_found(session: Session, tmp_path: Path) -> None:
    record_some(session)
    drop_anchor(session, tmp_path)
    without_guards(session)
    session.execute(delete(AuditEntry).where(AuditEntry.sequence == 3))
    session.commit()
    assert list(broken_links(session)) == []
    (told,) = what_anchors_miss(session, tmp_path)
    assert "the trail had entry 3" in told
    record(session, SYSTEM, Action.READ, ("person", uuid4()))
    session.commit()
    assert list(broken_links(session)) == []
    (told,) = what_anchors_miss(session, tmp_path)
    assert "entry 3 is not the one that was noted" in told


def test_a_trail_written_anew_is_found(session: Session, tmp_path: Path) -> None:
    record_some(session)
    drop_anchor(session, tmp_path)
    without_guards(session)
    previous = GENESIS
    for entry in entries(session):
        entry.reason = "another"
        changed = entry_hash(entry, previous)
        session.execute(update(AuditEntry).where(AuditEntry.id == entry.id).values(reason="another", hash=changed))
        previous = changed
        session.expire(entry)
    session.commit()
    assert list(broken_links(session)) == []
    assert len(list(what_anchors_miss(session, tmp_path))) == 1


@pytest.mark.parametrize("change", ["sequence", "hash", "signature", "line"])
def test_a_changed_note_is_found(session: Session, tmp_path: Path, change: str) -> None:
    record_some(session)
    drop_anchor(session, tmp_path)
    told = json.loads((tmp_path / ANCHORS).read_text())
    changes = {"sequence": 2, "hash": "0" * 64, "signature": "AAAA", "line": None}
    line = "rubbish" if change == "line" else json.dumps(told | {change: changes[change]})
    (tmp_path / ANCHORS).write_text(line + "\n")
    assert "was changed" in next(what_anchors_miss(session, tmp_path))


def test_notes_that_stay_away_are_missed(session: Session, tmp_path: Path) -> None:
    record_some(session)
    assert list(what_anchors_miss(session, tmp_path)) == []
    with clock.moved_to(clock.now() + timedelta(days=2)):
        assert list(what_anchors_miss(session, tmp_path)) == []
    with clock.moved_to(clock.now() + timedelta(days=4)):
        assert "let `waymark worker` run" in next(what_anchors_miss(session, tmp_path))
        drop_anchor(session, tmp_path)
        assert list(what_anchors_miss(session, tmp_path)) == []
    with clock.moved_to(clock.now() + timedelta(days=9)):
        assert list(what_anchors_miss(session, tmp_path)) == []
