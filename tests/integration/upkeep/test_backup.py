"""Backup of a running Waymark and restore into another: everything comes back, or nothing is touched."""

from __future__ import annotations

import json
import threading
import zipfile
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import insert, inspect, select, text
from sqlalchemy.orm import Session

from app.accounts.codes import EndReason
from app.accounts.models import User, UserSession
from app.accounts.sessions import begin
from app.audit.codes import Action
from app.audit.operations import record
from app.cli import WaymarkGroup
from app.core.actor import SYSTEM
from app.core.orm import Base
from app.core.upkeep import after_restore
from app.directory.models import IndexChange, Organization, Service
from app.migrations.commands import migrating, upgrade_over
from app.notifications.codes import Channel, MessageState
from app.notifications.emails import TEST
from app.notifications.models import Message
from app.notifications.operations import Draft, is_held, send
from app.notifications.rendering import render_message
from app.upkeep import cli
from app.web.database import db
from tests import factories


def waymark(app: Flask, *words: object) -> Result:
    group = WaymarkGroup("waymark")
    cli.register(group)
    return app.test_cli_runner().invoke(group, [str(word) for word in words])


def rows(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, but for the hold that a restored outbox begins with."""
    with app.app_context(), db.engines["read"].connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table)).all()), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name != "outbox_hold"
        }


@pytest.fixture
def archive(filled: Flask, tmp_path: Path) -> Path:
    path = tmp_path / "kept" / "backup.zip"
    path.parent.mkdir()
    told = waymark(filled, "backup", path)
    assert told.exit_code == 0, told.output
    return path


def test_everything_comes_back(filled: Flask, empty: Flask, archive: Path) -> None:
    told = waymark(empty, "restore", archive)
    assert told.exit_code == 0, told.output
    assert rows(empty) == rows(filled)
    assert "The outbox is held" in told.output
    with empty.app_context(), Session(db.engines["read"]) as session:
        assert is_held(session)
    instance = empty.extensions["waymark_settings"].instance
    assert (instance / "keys" / "first.key").read_bytes() == b"of great worth"
    assert waymark(empty, "doctor").exit_code == 0
    assert archive.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in archive.parent.iterdir()] == ["backup.zip"]


def test_what_holds_data_is_not_overwritten_unless_told(filled: Flask, archive: Path) -> None:
    before = rows(filled)
    with filled.app_context(), Session(db.engines[None]) as session:
        factories.service(session, name="Later")
        session.commit()
    told = waymark(filled, "restore", archive)
    assert told.exit_code == 1
    assert "--force" in told.output
    assert rows(filled) != before
    told = waymark(filled, "restore", archive, "--force")
    assert told.exit_code == 0, told.output
    assert rows(filled) == before
    assert waymark(filled, "doctor").exit_code == 0


def test_numbers_are_not_given_twice(filled: Flask, empty: Flask, archive: Path) -> None:
    assert waymark(empty, "restore", archive).exit_code == 0
    highest = max(row[1] if isinstance(row[1], int) else row[0] for row in rows(filled)["index_change"])
    with empty.app_context(), Session(db.engines[None]) as session:
        service = session.scalars(select(Service).order_by(Service.id)).first()
        assert service is not None
        service.name = "Another name"
        session.commit()
        assert session.scalars(select(IndexChange.sequence).order_by(IndexChange.sequence.desc())).first() > highest


def test_a_restored_system_is_made_fit_before_anybody_sees_it(empty: Flask, archive: Path) -> None:
    @after_restore("held")
    def hold(session: Session) -> str:
        session.execute(insert(Organization), [{"name": "Held", "last_modified": factories.MODIFIED}])
        return "Messages are held."

    told = waymark(empty, "restore", archive)
    assert "Messages are held." in told.output
    assert any("Held" in row for row in rows(empty)["organization"])


def test_a_hook_that_fails_leaves_all_as_it_was(filled: Flask, archive: Path) -> None:
    @after_restore("fails")
    def fail(_session: Session) -> None:
        raise RuntimeError

    before = rows(filled)
    assert waymark(filled, "restore", archive, "--force").exit_code == 1
    assert rows(filled) == before


def test_a_damaged_backup_is_refused_and_nothing_touched(filled: Flask, archive: Path, tmp_path: Path) -> None:
    whole = archive.read_bytes()
    before = rows(filled)
    with zipfile.ZipFile(archive) as file:
        largest = max(file.infolist(), key=lambda info: info.compress_size)
        data = largest.header_offset + 100 + largest.compress_size // 2
        manifest = file.getinfo("manifest.json").header_offset + 80
    damages = [whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :] for at in (data, manifest)]
    for number, data in enumerate([*damages, whole[: len(whole) // 2], whole[:-100]]):
        damaged = tmp_path / f"damaged{number}.zip"
        damaged.write_bytes(data)
        told = waymark(filled, "restore", damaged, "--force")
        assert told.exit_code == 1, number
        assert told.output.startswith("waymark: "), told.output
    assert rows(filled) == before


@pytest.mark.parametrize("what", ["text", "foreign zip", "newer", "other database"])
def test_what_is_no_backup_of_ours_is_refused(what: str, empty: Flask, archive: Path, tmp_path: Path) -> None:
    path = tmp_path / "given.zip"
    if what == "text":
        path.write_text("hello")
    elif what == "foreign zip":
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("readme.txt", "hello")
    else:
        changes = {"revision": "9999"} if what == "newer" else {"database": "oracle"}
        with zipfile.ZipFile(archive) as old, zipfile.ZipFile(path, "w") as new:
            for name in old.namelist():
                data = old.read(name)
                if name == "manifest.json":
                    data = json.dumps(json.loads(data) | changes).encode()
                new.writestr(name, data)
    told = waymark(empty, "restore", path)
    assert told.exit_code == 1
    assert told.output.startswith("waymark: ")


def test_an_older_backup_is_brought_to_this_release(empty: Flask, tmp_path: Path) -> None:
    path = tmp_path / "old.zip"
    with empty.app_context(), migrating(db.engines[None]) as connection:
        for table in inspect(connection).get_table_names():
            cascade = " CASCADE" if connection.dialect.name == "postgresql" else ""
            connection.execute(text(f"DROP TABLE {table}{cascade}"))
        upgrade_over(connection, "0001")
    assert waymark(empty, "backup", path).exit_code == 0
    assert "migrations" in waymark(empty, "doctor").output
    told = waymark(empty, "restore", path)
    assert told.exit_code == 0, told.output
    assert waymark(empty, "doctor").exit_code == 0


def test_a_backup_while_others_write_is_of_one_moment(filled: Flask, empty: Flask, tmp_path: Path) -> None:
    """Each write adds one organisation and one service of it: a backup has as many new ones of each."""
    organizations = len(rows(filled)["organization"])
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with filled.app_context(), Session(db.engines[None]) as session:
                factories.service(session, organization=factories.organization(session))
                session.commit()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        paths = [tmp_path / f"moment{number}.zip" for number in range(3)]
        assert [waymark(filled, "backup", path).exit_code for path in paths] == [0, 0, 0]
    finally:
        stop.set()
        writer.join()
    assert waymark(empty, "restore", paths[-1]).exit_code == 0
    there = rows(empty)
    assert len(there["service"]) - 1 == len(there["organization"]) - organizations > 1


def test_a_backup_does_not_overwrite(filled: Flask, archive: Path) -> None:
    before = archive.read_bytes()
    told = waymark(filled, "backup", archive)
    assert told.exit_code == 1
    assert archive.read_bytes() == before
    told = waymark(filled, "backup", archive.parent)
    assert told.exit_code == 0, told.output
    assert len(list(archive.parent.glob("waymark-*.zip"))) == 1


def test_what_happened_since_cannot_happen_again(filled: Flask, empty: Flask, tmp_path: Path) -> None:
    """A message that waits is held, whoever was signed in is not, and the audit trail is whole."""
    with filled.app_context(), Session(db.engines[None]) as session:
        user = User(name="Asha", email="asha@example.org")
        session.add(user)
        session.flush()
        begin(session, user)
        record(session, SYSTEM, Action.CREATED, ("user", user.id))
        words = render_message(TEST.name, "en", by=Channel.EMAIL)
        send(session, Draft(words=words, dedupe_key="one", recipient="asha@example.org"))
        session.commit()
    path = tmp_path / "busy.zip"
    assert waymark(filled, "backup", path).exit_code == 0
    told = waymark(empty, "restore", path)
    assert told.exit_code == 0, told.output
    assert "1 messages in it" in told.output
    assert "1 people have to sign in again" in told.output
    with empty.app_context(), Session(db.engines["read"]) as session:
        assert session.scalars(select(Message.state).order_by(Message.id)).one() is MessageState.HELD
        assert session.scalars(select(UserSession.end_reason).order_by(UserSession.id)).one() is EndReason.RESTORED
    assert waymark(empty, "doctor").exit_code == 0, waymark(empty, "doctor").output
