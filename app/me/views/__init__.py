"""The person's own pages, one module a journey."""

from __future__ import annotations

from flask import Flask

from app.me.views import asking, bookings, choices, doing, home, joining, messages, plans  # noqa: F401 - for their routes
from app.me.views.blueprint import me


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(me)
