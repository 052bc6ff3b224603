"""`waymark accounts …`: the first organisation and the first administrator; keys."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.codes import OrganizationKind, Role
from app.accounts.current import vault
from app.accounts.emails import send_invitation
from app.accounts.operations.invitations import invite
from app.accounts.operations.members import create_organization
from app.accounts.operations.sealing import reseal
from app.core.actor import SYSTEM
from app.core.errors import NotFound, Refused
from app.notifications.rules import email_address
from app.web.database import db


def register(cli: click.Group) -> None:
    """Add the feature's commands."""
    cli.add_command(accounts_group)


@click.group("accounts")
def accounts_group() -> None:
    """Organisations and who may sign in."""


@accounts_group.command("create-organization")
@click.argument("name")
@click.option("--kind", type=click.Choice([kind.value for kind in OrganizationKind]), required=True)
@click.option("--ods-code", help="The code that the NHS knows it by.")
@with_appcontext
def create_organization_command(name: str, kind: str, ods_code: str | None) -> None:
    """Make an organisation whose staff will use Waymark."""
    with Session(db.engines[None]) as session:
        if queries.organization_named(session, name) is not None:
            raise Refused(f"There is an organisation called {name} already.")
        made = create_organization(session, SYSTEM, name=name, kind=OrganizationKind(kind), ods_code=ods_code)
        session.commit()
        click.echo(made.id)


@accounts_group.command("invite")
@click.argument("email")
@click.option("--organization", required=True, help="The organisation's name.")
@click.option("--role", "roles", multiple=True, type=click.Choice([role.value for role in Role]), required=True)
@with_appcontext
def invite_command(email: str, organization: str, roles: tuple[str, ...]) -> None:
    """Invite somebody, and print the link that the message has."""
    with Session(db.engines[None]) as session:
        place = queries.organization_named(session, organization)
        if place is None:
            raise NotFound(f"There is no organisation called {organization}.")
        address = email_address(email)
        invitation, token = invite(
            session, SYSTEM, organization_id=place.id, email=address, roles=[Role(role) for role in roles]
        )
        link = send_invitation(session, invitation, token)
        session.commit()
        click.echo(link)


@accounts_group.command("reseal")
@with_appcontext
def reseal_command() -> None:
    """Encrypt every secret that is kept under the newest secret key. Run it before you drop an old key."""
    with Session(db.engines[None]) as session:
        counts = reseal(session, vault)
        session.commit()
    for column, count in counts.items():
        click.echo(f"{column}: {count} under the newest key.")
