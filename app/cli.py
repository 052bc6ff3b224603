"""The `waymark` command, gathered from the features.

Exit status: 0 done, 1 failed, 2 wrong usage.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import click
from flask import current_app
from flask.cli import ScriptInfo, with_appcontext

from app import FEATURES, create_app
from app.core.errors import WaymarkError
from app.directory.topic_model import WORDS_CHANGED, ModelState, state_of_model, topic_model
from app.migrations import commands as migrations
from app.settings import ROOT, Settings
from app.web import logs
from app.web.routes import describe_routes

# How many requests a process takes up at once. What none has taken up goes to the one that is free first, and does not
# stand in the queue of one that is busy.
AT_ONCE = 8


class WaymarkGroup(click.Group):
    """Runs each command inside the application and tells Waymark's own errors in one line."""

    def invoke(self, ctx: click.Context) -> object:
        """Run; a named error is a sentence on standard error and exit status 1."""
        try:
            return super().invoke(ctx)
        except WaymarkError as error:
            click.echo(f"waymark: {error.message}", err=True)
            ctx.exit(1)


@click.group(cls=WaymarkGroup, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Waymark: find local help, and see that it arrives."""


@cli.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
@with_appcontext
def db_upgrade() -> None:
    """Bring the database to the newest shape."""
    migrations.upgrade(_settings().database_url)


@db.command("revision", hidden=True)
@click.argument("message")
@with_appcontext
def db_revision(message: str) -> None:
    """Write a migration from what the models have and the database has not (for Waymark's developers)."""
    migrations.new_revision(_settings().database_url, message)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def routes(as_json: bool) -> None:
    """Every route: rule, methods, endpoint, feature, guard."""
    rows = describe_routes(current_app)
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['rule']:50} {','.join(row['methods']):12} {row['guard']:10} {row['endpoint']}")


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=lambda: int(os.environ.get("PORT") or 8000), type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--with-worker", is_flag=True, help="Run `waymark worker` beside it, and end both together.")
def serve(host: str, port: int, workers: int, with_worker: bool) -> None:
    """Serve with gunicorn."""
    _see_to_words()
    # Links in messages lead here, where no WAYMARK_BASE_URL says otherwise.
    os.environ["PORT"] = str(port)
    server = [sys.executable, "-m", "gunicorn", *gunicorn_arguments(host, port, workers), "wsgi:app"]
    if not with_worker:
        os.chdir(ROOT)
        os.execv(sys.executable, server)  # noqa: S606 - there is nothing to quote
    click.echo(f"Waymark is at http://{host}:{port}  (Ctrl-C ends it)", err=True)
    sys.exit(run_together(server, [sys.executable, "-m", "app.cli", "worker"]))


def _see_to_words() -> None:
    """Learn everyday words where none were learned, before anybody waits; say so where they have changed since."""
    match state_of_model():
        case ModelState.MISSING:
            click.echo("Learning everyday words (about a minute, once)", err=True)
            topic_model()
        case ModelState.EARLIER:
            click.echo(f"waymark: {WORDS_CHANGED}", err=True)


def gunicorn_arguments(host: str, port: int, workers: int) -> list[str]:
    """How gunicorn runs: a few processes of several threads, renewed now and then.

    A process takes up no more than it has threads for, and keeps no line open on which nothing is asked.
    """
    settings: dict[str, object] = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "worker-class": "gthread",
        "threads": AT_ONCE,
        "worker-connections": AT_ONCE,
        "keep-alive": 0,
        "timeout": 30,
        "graceful-timeout": 30,
        "max-requests": 20_000,
        "max-requests-jitter": 2_000,
        "limit-request-line": 4094,
        "log-level": "warning",
        "worker-tmp-dir": "/dev/shm" if Path("/dev/shm").is_dir() else tempfile.gettempdir(),  # noqa: S108 - memory
    }
    return ["--no-control-socket", *(f"--{name}={value}" for name, value in settings.items())]


class _Companion:
    """One of the processes that run side by side."""

    def __init__(self, command: list[str]) -> None:
        self.command = command
        self.start()

    def start(self) -> None:
        """Run it in a session of its own, so that Ctrl-C reaches us alone and everybody ends in order."""
        self.process = subprocess.Popen(self.command, cwd=ROOT, start_new_session=True)  # noqa: S603
        self.since = time.monotonic()

    def is_kept_up(self, hardly_begun: float) -> bool:
        """Whether it goes on: one that was killed from outside begins anew, unless it had `hardly_begun`."""
        status = self.process.poll()
        if status is None:
            return True
        if status >= 0 or time.monotonic() - self.since < hardly_begun:
            return False
        click.echo(f"waymark: {self.command[-1]} was killed by signal {-status}. It is started again.", err=True)
        self.start()
        return True


def run_together(*commands: list[str], hardly_begun: float = 5) -> int:
    """Run processes side by side until one ends of itself, or until SIGINT or SIGTERM; then end the others.

    One that is killed, as by a machine that runs out of memory, is started again: the site stays up without a worker,
    and the worker finds what it left. Returns the exit status.
    """
    running = [_Companion(command) for command in commands]
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    while not stop.wait(0.2) and all(each.is_kept_up(hardly_begun) for each in running):
        pass
    for each in running:
        if each.process.poll() is None:
            each.process.terminate()
    statuses = [each.process.wait() for each in running]
    return 0 if stop.is_set() else next((abs(status) for status in statuses if status), 0)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["waymark_settings"]
    return settings


def _gather() -> None:
    """Add what the features' own `cli` modules register, the upkeep's and the seeds'."""
    for name in (*(f"app.{feature}.cli" for feature in FEATURES), "app.upkeep.cli", "seed.cli"):
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
        else:
            module.register(cli)


def main() -> None:
    """Entry point of the `waymark` script."""
    logs.configure()
    _gather()
    cli(obj=ScriptInfo(create_app=create_app), prog_name="waymark")


if __name__ == "__main__":
    main()
