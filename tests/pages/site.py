"""A whole Waymark with the demo town, served on a free port, for tests and pictures of its pages."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from app import create_app
from app.directory.models import Location, Organization, Service, ServiceAtLocation
from app.library.engine import engine_of, index_writer
from app.library.indexing import rebuild
from app.migrations.commands import upgrade
from app.settings import Settings
from app.web.assets import build
from app.web.database import db
from seed.demo import town
from seed.reference import helplines, sectors, taxonomies


@dataclass(frozen=True, slots=True)
class Site:
    """A running Waymark and the ids of some of what it shows."""

    app: Flask
    url: str
    service: UUID
    organization: UUID
    hidden: UUID


class _Quiet(WSGIRequestHandler):
    def log(self, *_message: object) -> None:
        """Say nothing."""


@contextmanager
def running_site(folder: Path) -> Iterator[Site]:
    """Seed a database in `folder`, build the index and the assets, and serve until the block ends."""
    build.main()
    app = _seeded(folder, _free_port())
    server = make_server("127.0.0.1", _port(app), app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield _site(app)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


def _seeded(folder: Path, port: int) -> Flask:
    url = f"sqlite:///{folder / 'waymark.sqlite3'}"
    upgrade(url)
    app = create_app(
        Settings(
            instance=folder,
            database_url=url,
            index_dir=folder / "index",
            base_url=f"http://127.0.0.1:{port}",
            secret_key="only for tests",
            trusted_hosts=("127.0.0.1",),
            testing=True,
        )
    )
    with app.app_context():
        with Session(db.engines[None]) as session:
            taxonomies.load(session)
            helplines.load(session)
            sectors.load(session)
            town.load(session)
            session.commit()
        with Session(db.engines["read"]) as session, index_writer(app) as writer:
            rebuild(session, writer)
        engine_of(app).warm()
    return app


def _site(app: Flask) -> Site:
    with app.app_context(), Session(db.engines["read"]) as session:
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
        return Site(app, app.extensions["waymark_settings"].base_url, richest.id, organization, hidden)


def _free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port


def _port(app: Flask) -> int:
    return int(app.extensions["waymark_settings"].base_url.rsplit(":", 1)[1])
