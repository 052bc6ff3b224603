"""`waymark directory …` and `waymark postcodes …`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar
from uuid import UUID, uuid4

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import Session
from tqdm import tqdm

from app.core.errors import InvalidInput, WaymarkError
from app.directory.curation import dead_links
from app.directory.curation.reaching import answers
from app.directory.exporting import run as exports
from app.directory.importing import steps
from app.directory.importing.readers import Format
from app.directory.importing.report import About, Totals, write_report
from app.directory.importing.run import Options, apply, prepare
from app.directory.importing.staging import Staging
from app.directory.importing.topics import LikelyTopics
from app.directory.models import FeedImport
from app.directory.postcodes import official
from app.directory.postcodes.run import import_points
from app.directory.sessions import long_reading, long_transaction, steps_of
from app.directory.wording.queries import wording_now
from app.settings import Settings
from app.web.database import db

Item = TypeVar("Item")


def register(cli: click.Group) -> None:
    """Add the feature's commands."""
    cli.add_command(directory)
    cli.add_command(postcodes)


@click.group()
def directory() -> None:
    """Listings in and out."""


@click.group()
def postcodes() -> None:
    """Postcodes and their points."""


@directory.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--format", "feed_format", type=click.Choice([item.value for item in Format]), help="Found out by default."
)
@click.option("--source", default="", help="What to call the source; by default after the file.")
@click.option("--licence", default="", help="The licence that the source is published under.")
@click.option("--topic", default="", help="The topic (slug) of every service in it.")
@click.option("--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="JSON: field to heading.")
@click.option("--dry-run", is_flag=True, help="Do everything and keep nothing.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write a report as JSON.")
@with_appcontext
def directory_import(  # noqa: PLR0917
    path: Path,
    feed_format: str | None,
    source: str,
    licence: str,
    topic: str,
    mapping: Path | None,
    dry_run: bool,
    report: Path | None,
) -> None:
    """Import listings: HSDS tables as CSV (a folder or zip), HSDS JSON, or a CSV file with a column for the name."""
    # A mapping names the headings of a plain CSV file, and of nothing else.
    feed_format = feed_format or (Format.CSV.value if mapping else None)
    if mapping and feed_format != Format.CSV:
        raise click.UsageError("--mapping goes with a plain CSV file (--format csv).")
    options = Options(
        path=path,
        format=Format(feed_format) if feed_format else None,
        source=source,
        licence=licence,
        topic=topic,
        mapping=_mapping(mapping),
    )
    about = About(source=options.source_slug, path=path.name, format=feed_format or "", dry_run=dry_run)
    with _staging(dry_run=dry_run) as (staging, found, staged):
        try:
            about = replace(about, format=_prepared(staging, options).value)
            if staged is None or staging.counts["service"] <= steps.AT_ONCE:
                totals = _applied(staging, options, dry_run=dry_run)
            else:
                totals = _written(staging, options, found, staged)
        except WaymarkError as error:
            if report:
                write_report(report, replace(about, error=error.message), Totals(), staging.problems())
            raise
        if report:
            write_report(report, about, totals, staging.problems())
    _tell(about, totals)


@directory.command("export")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "export_format",
    type=click.Choice([item.value for item in exports.Format]),
    help="By the name by default.",
)
@with_appcontext
def directory_export(path: Path, export_format: str | None) -> None:
    """Export every listing: HSDS JSON (.json, .ndjson), or HSDS tables as CSV (.zip, or a folder)."""
    with long_reading(_settings().database_url) as session:
        count = exports.export(session, path, exports.Format(export_format) if export_format else None)
    click.echo(f"{count:,} services written to {path}.")


LINKS_A_TURN = 20


@directory.command("check-links")
@click.option("--limit", type=click.IntRange(1), default=200, show_default=True, help="Look at no more than this many.")
@with_appcontext
def directory_check_links(limit: int) -> None:
    """See whether the web addresses in listings still answer."""
    done = asked = failed = 0
    none_answered = False
    while done < limit:
        turn = dead_links.check(lambda: Session(db.engines[None]), answers, limit=min(LINKS_A_TURN, limit - done))
        if not turn.done:
            break
        done, asked, failed = done + turn.done, asked + turn.asked, failed + turn.failed
        none_answered = none_answered or not turn.counts
    click.echo(f"{asked:,} web addresses looked at, {failed:,} did not answer.")
    if none_answered:
        click.echo("Where nothing at all answered it was not counted: does this machine reach the web?")


@postcodes.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--terminated", is_flag=True, help="Postcodes that are no longer in use, too.")
@with_appcontext
def postcodes_import(path: Path, terminated: bool) -> None:
    """Import the official ONS Postcode Directory or OS Code-Point Open: a CSV file, a folder or a zip file."""
    skipped = official.Skipped()
    with long_transaction(_settings().database_url) as session:
        points = _progress(official.read(path, skipped, ended_too=terminated), "postcodes", None)
        written, sectors = import_points(session, points)
    read = written.new + written.updated + written.unchanged
    click.echo(
        f"{read:,} postcodes ({written.new:,} new, {written.updated:,} moved, {written.unchanged:,} unchanged), "
        f"{sectors:,} new sectors."
    )
    for reason, count in sorted(skipped.reasons.items()):
        click.echo(f"Left out: {count:,} {reason}.")


def _prepared(staging: Staging, options: Options) -> Format:
    settings = _settings()
    with long_reading(settings.database_url) as session:
        return prepare(session, staging, options, LikelyTopics(wording_now(session).heirs), _progress)


@contextmanager
def _staging(*, dry_run: bool) -> Iterator[tuple[Staging, UUID, Path | None]]:
    """Where the feed waits: on SQLite in a file that outlives this process, should it be killed while it writes."""
    import_id = uuid4()
    if dry_run or not _is_sqlite():
        with Staging() as staging:
            yield staging, import_id, None
        return
    path = steps.staged_file(steps.folder_of(_settings().instance), import_id)
    try:
        with Staging(path) as staging:
            yield staging, import_id, path
    finally:
        # Only what was begun is gone on with.
        if path.exists() and not _is_begun(import_id):
            path.unlink()


def _is_begun(import_id: UUID) -> bool:
    with long_reading(_settings().database_url) as session:
        return session.get(FeedImport, import_id) is not None


def _is_sqlite() -> bool:
    return _settings().database_url.startswith("sqlite")


def _written(staging: Staging, options: Options, import_id: UUID, path: Path) -> Totals:
    found = FeedImport(id=import_id, source=options.source_slug, source_name=options.source_name)
    with steps_of(_settings().database_url) as session:
        return steps.write(session, staging, options, _progress, found, path)


class _NothingKept(Exception):
    """Ends the transaction of a dry run."""


def _applied(staging: Staging, options: Options, *, dry_run: bool) -> Totals:
    totals = Totals()
    if dry_run and _is_sqlite() and staging.counts["service"] > steps.AT_ONCE:
        with steps_of(_settings().database_url) as session:
            return steps.rehearse(session, staging, options, _progress)
    try:
        with long_transaction(_settings().database_url) as session:
            totals = apply(session, staging, options, _progress)
            if dry_run:
                raise _NothingKept
    except _NothingKept:
        pass
    return totals


def _tell(about: About, totals: Totals) -> None:
    click.echo(
        f"{about.source}: {totals.imported:,} services ({totals.new:,} new, {totals.updated:,} updated, "
        f"{totals.unchanged:,} unchanged), {totals.missing:,} missing from the feed, {totals.kept:,} kept as staff "
        f"changed them, {totals.rejected:,} rows not "
        f"imported, {totals.noted + totals.mended:,} remarks.{' Nothing was kept: dry run.' if about.dry_run else ''}"
    )


def _mapping(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    from app.directory.importing.readers.columns import HEADINGS
    from app.directory.importing.readers.tables import heading

    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise InvalidInput(f"{path.name} is not readable as JSON: {error}") from error
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        raise InvalidInput(f'{path.name} should be one JSON object, such as {{"name": "Project title"}}.')
    if unknown := sorted(told.keys() - HEADINGS.keys()):
        raise InvalidInput(f"{path.name}: {unknown[0]!r} is no field. Fields: {', '.join(HEADINGS)}.")
    return {field: heading(value) for field, value in told.items()}


def _progress(things: Iterator[Item], what: str, total: int | None) -> Iterator[Item]:
    """Show a bar on a terminal, nothing elsewhere."""
    bar: Iterator[Item] = iter(tqdm(things, desc=what, total=total, disable=not sys.stderr.isatty(), leave=False))
    return bar


def _settings() -> Settings:
    settings: Settings = current_app.extensions["waymark_settings"]
    return settings
