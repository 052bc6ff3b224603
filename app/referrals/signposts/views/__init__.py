"""The pages of signposts, one module a journey."""

from __future__ import annotations

from flask import Flask

from app.referrals.signposts.views import by_link, giving, kept  # noqa: F401 - imported for their routes
from app.referrals.signposts.views.blueprint import signposts


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(signposts)
