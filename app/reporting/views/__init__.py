"""The pages of reports."""

from __future__ import annotations

from flask import Flask

from app.reporting.views import reports  # noqa: F401 - imported for its routes
from app.reporting.views.blueprint import reporting


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(reporting)
