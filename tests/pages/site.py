"""A whole Waymark with the demo town, served on a free port, for tests and pictures of its pages."""

from __future__ import annotations

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

from app.directory.models import Location, Organization, Service, ServiceAtLocation
from app.web.assets import build
from app.web.database import db
from tests.databases import free_port
from tests.town import demo_town


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
    app = demo_town(folder, f"http://127.0.0.1:{free_port()}")
    server = make_server("127.0.0.1", _port(app), app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site_of(app)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


def site_of(app: Flask) -> Site:
    """Pick the services that pages are tried on."""
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


def _port(app: Flask) -> int:
    return int(app.extensions["waymark_settings"].base_url.rsplit(":", 1)[1])
