"""The public pages, one module a journey."""

from __future__ import annotations

from flask import Flask

from app.library.views import fixed_pages, home, preferences
from app.library.views.blueprint import library
from app.library.views.frame import for_every_page

__all__ = ["fixed_pages", "home", "install", "preferences"]


def install(app: Flask) -> None:
    """Register the pages, and give every template of the application what the frame around a page needs."""
    app.register_blueprint(library)
    app.context_processor(for_every_page)
    preferences.exempt_from_tokens(app)
