"""Signed-in clients for tests, without the pages of signing in."""

from __future__ import annotations

from uuid import UUID

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import operations, sessions
from app.accounts.codes import ClientProof, OrganizationKind, ProviderKind, Role
from app.accounts.current import vault
from app.accounts.models import Authenticator, IdentityProvider, MemberOrganization, User
from app.accounts.oidc.own_keys import new_private_key
from app.accounts.operations import providers
from app.accounts.totp import STEP_SECONDS
from app.accounts.vault import AUTHENTICATOR, PROVIDER
from app.core import clock
from app.core.actor import SYSTEM, Actor, ActorKind
from app.web.database import db
from seed.demo import staff


def a_workplace(session: Session, name: str, kind: OrganizationKind = OrganizationKind.HUB) -> MemberOrganization:
    """An organisation of that name, made where it is missing."""
    found = session.scalars(select(MemberOrganization).where(MemberOrganization.name == name)).one_or_none()
    return found or operations.create_organization(session, SYSTEM, name=name, kind=kind)


def a_member(session: Session, *roles: Role, workplace: str = "Wexmoor Hub", email: str = "") -> User:
    """A new user with `roles` in the organisation of that name."""
    place = a_workplace(session, workplace)
    name = email or f"{'-'.join(roles)}@{place.id.hex[:8]}.example"
    user = operations.create_user(session, SYSTEM, name=name.split("@")[0], email=name)
    for role in roles:
        operations.grant(session, SYSTEM, user=user, organization_id=place.id, role=role)
    return user


def actor_of(session: Session, user: User) -> Actor:
    """The actor that `user` is in the first of their organisations."""
    place = sessions.organizations_of(session, user.id)[0]
    return Actor(
        kind=ActorKind.STAFF,
        user_id=user.id,
        organization_id=place.id,
        roles=sessions.roles_in(session, user.id, place.id),
    )


def member_of_demo(app: Flask, role: Role) -> UUID:
    """The id of the demo's user whose first role is `role`."""
    email = next(member.email for member in staff.MEMBERS if member.roles[0] is role)
    with app.app_context(), Session(db.engines[None]) as session:
        return session.scalars(select(User.id).where(User.email == email)).one()


def session_token(app: Flask, user_id: UUID) -> str:
    """The token of a new session of the user."""
    with app.app_context(), Session(db.engines[None]) as session:
        token = sessions.begin(session, session.get_one(User, user_id))
        session.commit()
        return token


def signed_in_client(app: Flask, user_id: UUID) -> FlaskClient:
    """A client in which the user is signed in."""
    client = app.test_client()
    client.set_cookie("sid", session_token(app, user_id), domain="localhost")
    return client


def give_authenticator(session: Session, user: User, secret: str) -> None:
    """Have `user` use an app with this key, none of whose codes has been used."""
    session.add(Authenticator(user_id=user.id, secret=vault(AUTHENTICATOR).seal(secret)))
    session.flush()


def a_provider(session: Session, organization_id: UUID, issuer: str = "https://sign-in.example") -> IdentityProvider:
    """An organisation's provider, switched on; Waymark shows it who it is by a key."""
    sealed = vault(PROVIDER).seal(new_private_key())
    found = providers.add_provider(
        session,
        SYSTEM,
        organization_id,
        providers.Settings(
            ProviderKind.OTHER, "Work sign-in", issuer, "waymark", ClientProof.PRIVATE_KEY, sealed_secret=sealed
        ),
    )
    providers.switch(session, SYSTEM, found, on=True)
    return found


def code_now(secret: str, *, steps: int = 0) -> str:
    """What the app shows now, or some steps of thirty seconds later."""
    return str(pyotp.TOTP(secret).at(int(clock.now().timestamp()) + steps * STEP_SECONDS))
