"""The pages of people, one module a journey."""

from __future__ import annotations

from flask import Flask

from app.people.views import (  # noqa: F401 - imported for their routes
    asking,
    carers,
    emergencies,
    finding,
    hub,
    own_page,
    permissions,
    privacy,
    record,
    words,
    wrong_addresses,
)
from app.people.views.blueprint import people


def install(app: Flask) -> None:
    """Register the pages."""
    words.install(app)
    app.register_blueprint(people)
