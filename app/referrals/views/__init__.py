"""The pages of referrals, one module a journey."""

from __future__ import annotations

from flask import Flask

from app.referrals.views import acting, group, lists, own, own_messages, pathways, several, showing, writing  # noqa: F401 - imported for their routes
from app.referrals.views.blueprint import referrals
from app.referrals.words import last_moment


def install(app: Flask) -> None:
    """Register the pages, and how they say by when something is due."""
    app.jinja_env.filters["last_moment"] = last_moment
    app.register_blueprint(referrals)
