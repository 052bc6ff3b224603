"""The pages of referrals, one module a journey."""

from __future__ import annotations

from flask import Flask

from app.referrals.views import acting, group, lists, own, showing, writing  # noqa: F401 - imported for their routes
from app.referrals.views.blueprint import referrals


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(referrals)
