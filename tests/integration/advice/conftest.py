"""An adviser with a client, signed in, and an adviser of another organisation."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from app.accounts.codes import OrganizationKind, Role
from app.core.actor import Actor
from tests.people import a_person
from tests.signing_in import a_member, a_workplace, actor_of, signed_in_client


@dataclass(frozen=True)
class Desk:
    """A signed-in member of staff."""

    client: FlaskClient
    actor: Actor


@pytest.fixture(autouse=True)
def _no_forgery_check(app):
    app.config["WTF_CSRF_ENABLED"] = False


def desk_of(app, session, *roles, workplace, email=""):
    a_workplace(session, workplace, OrganizationKind.ADVICE)
    member = a_member(session, *roles, workplace=workplace, email=email)
    actor, user_id = actor_of(session, member), member.id
    session.commit()
    return Desk(signed_in_client(app, user_id), actor)


@pytest.fixture
def desk(app, session) -> Desk:
    return desk_of(app, session, Role.ADVISER, workplace="Wexmoor Advice")


@pytest.fixture
def supervisor(app, session) -> Desk:
    return desk_of(app, session, Role.MANAGER, workplace="Wexmoor Advice")


@pytest.fixture
def elsewhere(app, session) -> Desk:
    return desk_of(app, session, Role.ADVISER, Role.MANAGER, workplace="Other Advice")


@pytest.fixture
def client_id(session, desk) -> UUID:
    found = a_person(session, desk.actor, "Rowan Ashby").id
    session.commit()
    return found
