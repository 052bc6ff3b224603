"""The pages of the desk, one module a journey."""

from __future__ import annotations

from flask import Flask

from app.desk.views import home, left_places, messages, unmet_needs  # noqa: F401 - imported for their routes
from app.desk.views.blueprint import desk


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(desk)
