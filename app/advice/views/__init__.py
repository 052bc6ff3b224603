"""The pages of advice, one module a journey."""

from __future__ import annotations

from flask import Flask

from app.advice.views import (  # noqa: F401 - imported for their routes
    appointments,
    booking_in,
    calls,
    cases,
    contacts,
    deadlines,
    documents,
    exporting,
    front_desk,
    groups,
    home,
    household,
    letter_templates,
    letters,
    logging,
    offline,
    reviews,
    rota,
    sessions,
    times,
    words,
)
from app.advice.views.blueprint import advice


def install(app: Flask) -> None:
    """Register the pages."""
    words.install(app)
    app.register_blueprint(advice)
