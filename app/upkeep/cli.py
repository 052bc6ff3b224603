"""`waymark backup`, `waymark restore`, `waymark doctor`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import NoReturn

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import Session
from tqdm import tqdm

from app.core.errors import WaymarkError
from app.core.upkeep import Outcome, remarks, run_checks
from app.library.engine import index_writer
from app.library.indexing import rebuild
from app.settings import Settings
from app.upkeep import checks, run
from app.web.database import READ, db
from search_index import IndexWriteFailed, WriterBusy

REGISTERED = (checks,)  # by being imported


def register(cli: click.Group) -> None:
    """Add the commands."""
    cli.add_command(backup)
    cli.add_command(restore)
    cli.add_command(doctor)


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@with_appcontext
def backup(path: Path) -> None:
    """Write database and files of this running Waymark to one file at PATH, or into the folder PATH."""
    written = run.backup(_settings(), path)
    click.echo(f"{written} ({written.stat().st_size / 1e6:.1f} MB). It holds personal data and keys: guard it.")


@click.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite the data that is there.")
@with_appcontext
def restore(path: Path, *, force: bool) -> None:
    """Make this Waymark what the backup at PATH says. End its server and worker first."""
    for sentence in run.restore(_settings(), path, force=force):
        click.echo(sentence)
    _rebuild_index()
    click.echo("Restored. On other web machines run `waymark search rebuild`; then start server and worker.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def doctor(*, as_json: bool) -> None:
    """Check what must always hold, and name what does not. Exit status 1 if anything is wrong."""
    with run.checking(_settings()) as session:
        outcomes = run_checks(session)
    well = not any(outcome.problems for outcome in outcomes)
    if as_json:
        checks = [asdict(outcome) | {"ok": not outcome.problems} for outcome in outcomes]
        told = {"ok": well, "checks": checks, "remarks": remarks()}
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        _tell(outcomes)
        _tell_remarks()
    if not well:
        sys.exit(1)


def _tell(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        click.echo(f"{'WRONG' if outcome.problems else 'ok':6}{outcome.name}")
        for problem in outcome.problems:
            click.echo(f"      {problem}")


def _tell_remarks() -> None:
    for name, sentences in remarks().items():
        click.echo(f"{'note':6}{name}")
        for sentence in sentences:
            click.echo(f"      {sentence}")


def _rebuild_index() -> None:
    with Session(db.engines[READ]) as session, tqdm(unit=" services", disable=not sys.stderr.isatty()) as bar:
        try:
            with index_writer(current_app) as writer:
                rebuild(session, writer, progress=partial(_show, bar))
        except (WriterBusy, IndexWriteFailed) as error:
            raise WaymarkError("The database is restored, its index not. Run `waymark search rebuild`.") from error


def _show(bar: tqdm[NoReturn], count: int) -> None:
    bar.update(count - bar.n)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["waymark_settings"]
    return settings
