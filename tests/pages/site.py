"""A whole Waymark with the demo town, served on a free port, for tests and pictures of its pages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.current import vault
from app.accounts.vault import SIGNPOST
from app.cli import gunicorn_arguments
from app.core.actor import Actor, ActorKind
from app.directory.codes import ProblemKind
from app.directory.curation import places
from app.directory.curation.document import document_of
from app.directory.curation.freshness import PURPOSE
from app.directory.curation.operations import propose
from app.directory.curation.problems import report_problem
from app.directory.models import Collection, Location, Organization, Service, ServiceAtLocation
from app.notifications import links
from app.notifications.about import About
from app.referrals.signposts.models import Signpost
from app.settings import ROOT, Settings
from app.web.assets import build
from app.web.database import db
from seed.demo import people
from tests.databases import free_port
from tests.town import demo_town

# Of our own lines, of gunicorn's, and of what nobody caught.
FAILURE = re.compile(r'"level": "(error|critical)"|\[(ERROR|CRITICAL)\]|^Traceback')


@dataclass(frozen=True, slots=True)
class Site:
    """A running Waymark and the ids of some of what it shows."""

    app: Flask
    url: str
    service: UUID
    organization: UUID
    hidden: UUID
    proposal: UUID
    problem: UUID
    check_token: str
    places_token: str
    collection: UUID
    person: UUID
    signpost: UUID
    slip_token: str


@contextmanager
def running_site(folder: Path) -> Iterator[Site]:
    """Seed a database in `folder`, build the index and the assets, and serve as in production until the block ends.

    Not by Werkzeug's own server: it leaves the file of an answer open where a browser drops the connection.
    """
    build.main()
    app = demo_town(folder, f"http://127.0.0.1:{free_port()}")
    log = folder / "server.log"
    try:
        with log.open("wb") as errors, _server(app, errors) as server:
            _wait_until_it_answers(f"{app.extensions['waymark_settings'].base_url}/healthz", server)
            yield site_of(app)
    finally:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
    if failures := [line for line in log.read_text("utf-8").splitlines() if FAILURE.search(line)]:
        raise AssertionError(f"the server met {len(failures)} errors, the first: {failures[0]}")


@contextmanager
def _server(app: Flask, errors: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    settings: Settings = app.extensions["waymark_settings"]
    environment = os.environ | {
        "WAYMARK_INSTANCE": str(settings.instance),
        "WAYMARK_DATABASE_URL": settings.database_url,
        "WAYMARK_INDEX_DIR": str(settings.index_dir),
        "WAYMARK_BASE_URL": settings.base_url,
        "WAYMARK_SECRET_KEY": settings.secret_key,
    }
    port = int(settings.base_url.rsplit(":", 1)[1])
    command = [sys.executable, "-m", "gunicorn", *gunicorn_arguments("127.0.0.1", port, workers=1), "wsgi:app"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=errors)
    try:
        yield server
    finally:
        server.terminate()
        server.wait()


def _wait_until_it_answers(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address, timeout=60):
                return
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def site_of(app: Flask) -> Site:
    """Pick the services that pages are tried on."""
    with app.app_context(), Session(db.engines[None]) as session:
        richest = session.scalars(
            select(Service)
            .where(Service.what_to_say.is_not(None), Service.what_to_bring.is_not(None))
            .order_by(Service.name, Service.id)
            .limit(1)
        ).one()
        hidden = session.scalars(
            select(ServiceAtLocation.service_id)
            .join(Location)
            .where(Location.confidential)
            .order_by(ServiceAtLocation.service_id)
            .limit(1)
        ).one()
        organization = session.scalars(
            select(Organization.id).where(Organization.id == richest.organization_id).order_by(Organization.id)
        ).one()
        collection = session.scalars(select(Collection.id).order_by(Collection.slug).limit(1)).one()
        person = people.load(session)["rowan"]
        proposal, problem, token = _curation(session, richest)
        provider = About(type=places.SUBJECT, id=richest.organization.member_organization_id or organization)
        places_token = links.issue(session, places.PURPOSE, provider, lifetime=timedelta(days=1), once=False)
        session.commit()
        signpost = session.scalars(select(Signpost).order_by(Signpost.created_at, Signpost.id).limit(1)).one()
        slip_token = vault(SIGNPOST).open(signpost.sealed_link) or ""
        return Site(
            app=app,
            url=app.extensions["waymark_settings"].base_url,
            service=richest.id,
            organization=organization,
            hidden=hidden,
            proposal=proposal,
            problem=problem,
            check_token=token,
            places_token=places_token,
            collection=collection,
            signpost=signpost.id,
            slip_token=slip_token,
            person=person,
        )


def _curation(session: Session, service: Service) -> tuple[UUID, UUID, str]:
    """A change that waits, a report that waits, and the link of a reminder."""
    nobody = Actor(kind=ActorKind.LINK, subject_id=service.id)
    wanted = document_of(service) | {"name": "Another name", "phones": ["01632 960001, office"], "alert": "Shut today"}
    proposal = propose(session, nobody, service, wanted, note="We have moved")
    problem = report_problem(session, nobody, service, kind=ProblemKind.CLOSED, details="The door was shut.")
    about = About(type="service", id=service.id)
    assert proposal is not None
    return proposal.id, problem.id, links.issue(session, PURPOSE, about, lifetime=timedelta(days=1), once=False)
