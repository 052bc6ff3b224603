"""200 interleaved pairs of known and unknown addresses: the answers are byte-equal, and time tells nothing apart."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import create_app
from app.accounts.codes import Role
from app.accounts.passwords import hash_password
from app.migrations.commands import upgrade
from app.web.database import db
from tests.conftest import settings_for
from tests.signing_in import a_member

PAIRS = 200


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder: Path = tmp_path_factory.mktemp("enumeration")
    url = f"sqlite:///{folder / 'waymark.sqlite3'}"
    upgrade(url)
    app = create_app(settings_for(url, folder))
    app.config["WTF_CSRF_ENABLED"] = False
    kept = hash_password("a long enough sentence")
    with app.app_context(), Session(db.engines[None]) as session:
        for number in range(PAIRS):
            a_member(session, Role.HUB, email=f"k{number:03}@hub.example").password_hash = kept
        session.commit()
    return app


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/reset"])
def test_time_does_not_tell(place: Flask, path: str) -> None:
    chance = random.Random(7)
    times: dict[str, list[float]] = {"k": [], "u": []}
    client = place.test_client()
    for number in range(PAIRS):
        bodies = {}
        for kind in chance.sample(["k", "u"], 2):
            email = f"{kind}{number:03}@hub.example"
            # Each pair from a network of its own: the limit on networks is not what is measured.
            network = {"REMOTE_ADDR": f"10.{number // 200}.{number % 200}.1"}
            before = time.process_time()
            answer = client.post(path, data={"email": email, "password": "wrong"}, environ_base=network)
            times[kind].append(time.process_time() - before)
            bodies[kind] = (answer.status_code, answer.data.replace(email.encode(), b""))
        assert bodies["k"] == bodies["u"]
    assert 0.40 <= auc(times["k"], times["u"]) <= 0.60


def auc(ones: list[float], others: list[float]) -> float:
    """The chance that one of `ones` is larger than one of `others`."""
    wins = sum((one > other) + (one == other) / 2 for one in ones for other in others)
    return wins / (len(ones) * len(others))
