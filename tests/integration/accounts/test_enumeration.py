"""Whether an address is known cannot be told: the same words, and the same costly work."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from app.accounts import operations, passwords
from app.accounts.codes import Role
from app.web.database import db
from tests.signing_in import a_member


@pytest.fixture(autouse=True)
def _no_forgery_check(app):
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture(autouse=True)
def _member(session):
    user = a_member(session, Role.HUB, email="known@hub.example")
    user.password_hash = operations.hash_password("a long enough sentence")
    without = a_member(session, Role.HUB, email="unset@hub.example")
    assert without.password_hash is None
    session.commit()


class Work:
    """What an answer costs: hashes and statements."""

    def __init__(self, app, monkeypatch) -> None:
        self.hashes, self.statements = 0, 0
        real = passwords._hasher.verify

        class Counting:
            def __getattr__(self, name):
                return getattr(passwords_hasher, name)

            def verify(counting, hash_, password):  # noqa: N805
                self.hashes += 1
                return real(hash_, password)

        passwords_hasher = passwords._hasher
        monkeypatch.setattr(passwords, "_hasher", Counting())
        with app.app_context():
            event.listen(db.engines[None], "before_cursor_execute", self._count)

    def _count(self, *_told) -> None:
        self.statements += 1

    def of(self, call) -> tuple[int, int, int, bytes]:
        self.hashes = self.statements = 0
        answer = call()
        return answer.status_code, self.hashes, self.statements, answer.data


@pytest.mark.parametrize("other", ["nobody@hub.example", "unset@hub.example"])
@pytest.mark.parametrize(("path", "hashes"), [("/sign-in", 1), ("/sign-in/reset", 0)], ids=["sign in", "new password"])
def test_known_and_unknown_cost_the_same(app, monkeypatch, path, hashes, other):
    work = Work(app, monkeypatch)

    def sent(email):
        data = {"email": email, "password": "wrong"}
        return work.of(lambda: app.test_client().post(path, data=data))

    sent("warm@hub.example")
    known, unknown = sent("known@hub.example"), sent(other)
    assert known[:3] == unknown[:3]
    assert known[1] == hashes
    assert known[3].replace(b"known@hub.example", b"") == unknown[3].replace(other.encode(), b"")
