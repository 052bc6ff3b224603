"""While a password is hashed others can write: the work is done before the transaction begins."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import passwords
from app.accounts.codes import Role
from app.accounts.models import User, UserSession
from app.accounts.operations.invitations import invite
from app.accounts.operations.passwords import issue_reset
from app.core import clock
from app.core.actor import SYSTEM
from tests.signing_in import a_member, a_workplace, give_authenticator, signed_in_client

PASSWORD, BETTER = "a long enough sentence", "kettle marsh trombone"
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def database_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """SQLite alone: PostgreSQL has no lock that all writers wait for."""
    path = tmp_path / "waymark.sqlite3"
    path.write_bytes(migrated_sqlite.read_bytes())
    return f"sqlite:///{path}"


class Watching:
    """Argon2, which lets another connection write each time before it works."""

    def __init__(self, real: Any, database: Path) -> None:
        self.real, self.database, self.written = real, database, 0

    def __getattr__(self, name: str) -> Any:
        done = getattr(self.real, name)

        def watched(*arguments: Any) -> Any:
            other = pysqlite3.dbapi2.connect(str(self.database), timeout=0)
            other.execute("CREATE TABLE IF NOT EXISTS another_writer (number INTEGER)")
            other.execute("INSERT INTO another_writer VALUES (1)")
            other.commit()
            other.close()
            self.written += 1
            return done(*arguments)

        return watched if name in {"hash", "verify"} else done


@pytest.fixture
def watching(app: Flask, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watching:
    app.config["WTF_CSRF_ENABLED"] = False
    user = a_member(session, Role.HUB, email="dele@hub.example")
    user.password_hash = passwords.hash_password(PASSWORD)
    give_authenticator(session, user, KEY)
    session.commit()
    watched = Watching(passwords._hasher, tmp_path / "waymark.sqlite3")
    monkeypatch.setattr(passwords, "_hasher", watched)
    return watched


def test_signing_in(app: Flask, watching: Watching) -> None:
    given = {"email": "dele@hub.example", "password": PASSWORD}
    assert app.test_client().post("/sign-in", data=given).status_code == 303
    assert app.test_client().post("/sign-in", data=given | {"password": "wrong"}).status_code == 422
    assert app.test_client().post("/sign-in", data=given | {"email": "nobody@hub.example"}).status_code == 422
    assert watching.written == 3


def test_joining(app: Flask, session: Session, watching: Watching) -> None:
    place = a_workplace(session, "Wexmoor Hub")
    _made, token = invite(session, SYSTEM, organization_id=place.id, email="nell@hub.example", roles=[Role.HUB])
    session.commit()
    data = {"name": "Nell", "new_password": BETTER}
    assert app.test_client().post(f"/join/{token}", data=data).status_code == 303
    assert watching.written == 1


def test_a_new_password_by_a_link(app: Flask, session: Session, watching: Watching) -> None:
    token = issue_reset(session, session.scalars(select(User)).one())
    session.commit()
    assert app.test_client().post(f"/sign-in/reset/{token}", data={"new_password": BETTER}).status_code == 303
    assert watching.written == 1


@pytest.mark.parametrize(
    ("path", "data"),
    [("/account/password", {"new_password": BETTER}), ("/account/prove", {"password": PASSWORD})],
)
def test_signed_in(app: Flask, session: Session, watching: Watching, path: str, data: dict[str, str]) -> None:
    user_id = session.scalars(select(User.id)).one()
    session.rollback()
    client = signed_in_client(app, user_id)
    assert client.post(path, data=data).status_code == 303
    assert watching.written == 1


def test_a_password_that_was_changed_meanwhile_does_not_count(
    app: Flask, session: Session, watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was held against the password may be old by the time that the work is done."""

    def changed(real: Callable[..., bool]) -> Callable[..., bool]:
        def verify(kept: str | None, typed: str) -> bool:
            fits = real(kept, typed)
            user = session.scalars(select(User)).one()
            user.password_hash = watching.real.hash(BETTER)
            session.commit()
            return fits

        return verify

    module = sys.modules["app.accounts.operations.sign_in"]
    monkeypatch.setattr(module, "verify_password", changed(passwords.verify_password))
    given = {"email": "dele@hub.example", "password": PASSWORD}
    assert app.test_client().post("/sign-in", data=given).status_code == 422
    assert session.scalars(select(UserSession)).all() == []


def test_an_old_hash_is_made_anew_at_the_next_sign_in(
    app: Flask, session: Session, watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["app.accounts.views.sign_in"], "needs_rehash", lambda _kept: True)
    before = session.scalars(select(User.password_hash)).one()
    session.rollback()
    given = {"email": "dele@hub.example", "password": PASSWORD}
    with clock.moved_to(clock.now() + timedelta(seconds=1)):
        assert app.test_client().post("/sign-in", data=given).status_code == 303
    assert session.scalars(select(User.password_hash)).one() != before
    assert watching.written == 2
