"""The addresses of the feed and the API, one module each."""

from __future__ import annotations

from flask import Flask

from app.api import metrics
from app.api.views import (
    about,
    health,
    organizations,
    places,
    searching,
    services,
    taxonomies,
)
from app.api.views.blueprint import api, feed
from app.api.views.sharing import allow_every_origin

__all__ = ["about", "health", "install", "organizations", "places", "searching", "services", "taxonomies"]


def install(app: Flask) -> None:
    """Register the addresses, open the feed to scripts of other sites, and begin to count requests."""
    app.register_blueprint(feed)
    app.register_blueprint(api)
    app.after_request(allow_every_origin)
    metrics.install(app)
