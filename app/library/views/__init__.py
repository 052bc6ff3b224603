"""The public pages, one module a journey."""

from __future__ import annotations

from flask import Flask

from app.library.views import (  # noqa: F401 - imported for their routes
    collections,
    feedback,
    fixed_pages,
    home,
    listings,
    machines,
    preferences,
    saved,
    search,
    shortlist,
    topics,
    wording,
)
from app.library.views.blueprint import library
from app.library.views.frame import for_every_page


def install(app: Flask) -> None:
    """Register the pages, and give every template of the application what the frame around a page needs."""
    app.register_blueprint(library)
    app.context_processor(for_every_page)
    csrf = app.extensions["csrf"]
    for view in (preferences.choose_language, shortlist.add_to_list, shortlist.remove_from_list, shortlist.empty_list):
        csrf.exempt(view)
