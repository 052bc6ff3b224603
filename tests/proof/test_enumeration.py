"""200 interleaved pairs of known and unknown addresses: the answers are byte-equal, and time tells nothing apart."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import create_app
from app.accounts.codes import Role, UserKind
from app.accounts.operations import create_user
from app.accounts.passwords import hash_password
from app.core.actor import SYSTEM
from app.migrations.commands import upgrade
from app.web.database import db
from tests.conftest import settings_for
from tests.signing_in import a_member, signed_in_client

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


def asked(client: FlaskClient, number: int, path: str, **data: str) -> tuple[float, tuple[int, str, bytes]]:
    """How long an answer takes, and what it is. Each pair comes from a network of its own: limits are not measured."""
    network = {"REMOTE_ADDR": f"10.{number // 200}.{number % 200}.1"}
    before = time.process_time()
    answer = client.post(path, data=data, environ_base=network)
    took = time.process_time() - before
    return took, (answer.status_code, answer.headers.get("Location", ""), answer.data)


def compare(one: Callable[[int, str], tuple[float, tuple[int, str, bytes]]]) -> None:
    """Ask 200 pairs of known ("k") and unknown ("u") addresses in random order: same answers, and times alike."""
    chance = random.Random(7)
    times: dict[str, list[float]] = {"k": [], "u": []}
    for number in range(PAIRS):
        bodies = {}
        for kind in chance.sample(["k", "u"], 2):
            took, (status, onward, body) = one(number, f"{kind}{number:03}@hub.example")
            times[kind].append(took)
            bodies[kind] = (status, onward, body.replace(f"{kind}{number:03}@hub.example".encode(), b""))
        assert bodies["k"] == bodies["u"]
    assert 0.40 <= auc(times["k"], times["u"]) <= 0.60


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/reset"])
def test_time_does_not_tell(place: Flask, path: str) -> None:
    client = place.test_client()
    compare(lambda number, email: asked(client, number, path, email=email, password="wrong"))


def test_asking_for_a_code(place: Flask) -> None:
    """Whether the address is that of a member of staff, who gets no further with a code."""
    client = place.test_client()
    compare(lambda number, email: asked(client, number, "/me/sign-in", address=email))


def test_asking_for_a_code_as_somebody_who_came_before(place: Flask) -> None:
    with place.app_context(), Session(db.engines[None]) as session:
        for number in range(PAIRS):
            name = f"k{number:03}@person.example"
            create_user(session, SYSTEM, name="", email=name, kind=UserKind.PERSON)
        session.commit()
    client = place.test_client()

    def one(number: int, email: str) -> tuple[float, tuple[int, str, bytes]]:
        return asked(client, number, "/me/sign-in", address=email.replace("hub.example", "person.example"))

    compare(one)


def test_typing_a_wrong_code(place: Flask) -> None:
    """The code was asked for before, by whoever it may be; how long it takes to turn it down does not tell who."""

    def one(number: int, email: str) -> tuple[float, tuple[int, str, bytes]]:
        client = place.test_client()
        asked(client, number + PAIRS, "/me/sign-in", address="w" + email)
        return asked(client, number + PAIRS, "/me/sign-in/code", code="00000")

    compare(one)


def test_inviting(place: Flask) -> None:
    """An administrator is not told whether somebody has an account in another organisation."""
    with place.app_context(), Session(db.engines[None]) as session:
        boss = a_member(session, Role.ADMINISTRATOR, workplace="Another place", email="boss@place.example").id
        session.commit()
    client = signed_in_client(place, boss)
    compare(lambda number, email: asked(client, number, "/desk/members/invite", email=email, roles="hub"))


def auc(ones: list[float], others: list[float]) -> float:
    """The chance that one of `ones` is larger than one of `others`."""
    wins = sum((one > other) + (one == other) / 2 for one in ones for other in others)
    return wins / (len(ones) * len(others))
