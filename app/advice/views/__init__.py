"""The pages of advice, one module a journey."""

from __future__ import annotations

from flask import Flask

from app.advice.views import (  # noqa: F401 - imported for their routes
    calls,
    cases,
    contacts,
    deadlines,
    documents,
    exporting,
    groups,
    home,
    household,
    letters,
    logging,
    reviews,
    rota,
    sessions,
    words,
)
from app.advice.views.blueprint import advice


def install(app: Flask) -> None:
    """Register the pages."""
    words.install(app)
    app.register_blueprint(advice)
