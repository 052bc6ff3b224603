"""`waymark seed …`: reference data, and the demo town."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app.accounts import totp
from app.directory.sessions import long_transaction
from app.settings import Settings
from seed.demo import (
    advice,
    collections,
    curation,
    last_months,
    learning,
    open_sessions,
    outcomes,
    people,
    programme,
    referrals,
    signposts,
    staff,
    town,
)
from seed.reference import helplines, pathway_templates, sectors, taxonomies


def register(cli: click.Group) -> None:
    """Add `waymark seed`."""
    cli.add_command(seed)


@click.group()
def seed() -> None:
    """Load what Waymark brings along. Loading again changes nothing."""


@seed.command("reference")
@with_appcontext
def seed_reference() -> None:
    """Topics and other taxonomies, national helplines, postcode sectors, ready-made pathways."""
    with long_transaction(_settings().database_url) as session:
        terms = taxonomies.load(session)
        lines = helplines.load(session)
        points = sectors.load(session)
        ways = pathway_templates.load(session)
    click.echo(
        f"Reference data: {terms} terms, {lines} national lines, {points:,} postcode sectors, "
        f"{ways} ready-made pathways."
    )


@seed.command("demo")
@click.option("--manifest", type=click.Path(dir_okay=False, path_type=Path), help="Write the demo's ids to this file.")
@with_appcontext
def seed_demo(manifest: Path | None) -> None:
    """A fictional town with its places, postcodes and services."""
    with long_transaction(_settings().database_url) as session:
        taxonomies.load(session)
        loaded = town.load(session)
        staff.load(session)
        collections.load(session)
        known = people.load(session)
        given = signposts.load(session)
        programme.load(session)
        sent = referrals.load(session, known)
        learning.load(session, known)
        last_months.load(session)
        advised = advice.load(session, known)
        open_sessions.load(session)
        outcomes.load(session, known)
        curation.load(session)
        session.flush()
        objects = town.manifest(loaded) | {
            "people": {slug: str(id_) for slug, id_ in known.items()},
            "referrals": {slug: str(id_) for slug, id_ in sent.items()},
            "advice": {slug: str(id_) for slug, id_ in advised.items()},
        }
        contents = {
            "users": staff.manifest(session),
            "objects": objects | signposts.manifest(given) | programme.manifest(session),
        }
    if manifest:
        manifest.write_text(json.dumps(contents, indent=2) + "\n", encoding="utf-8")
    click.echo(
        f"Demo town: {len(loaded.services)} services by {len(loaded.organizations)} organisations "
        f"at {len(loaded.locations)} places."
    )


@seed.command("code")
def demo_code() -> None:
    """The code that the demo's users give as their second step at this moment."""
    click.echo(totp.code_at_present(staff.TOTP_SECRET))


def _settings() -> Settings:
    settings: Settings = current_app.extensions["waymark_settings"]
    return settings
