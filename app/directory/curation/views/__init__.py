"""The pages of curation, one module a journey."""

from __future__ import annotations

from flask import Flask

from app.directory.curation.views import (  # noqa: F401 - imported for their routes
    bulk,
    by_link,
    collections,
    duplicates,
    imports,
    listings,
    places,
    problems,
    proposals,
    suggestions,
)
from app.directory.curation.views.blueprint import curation


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(curation)
