"""The pages of outcomes, one module a journey."""

from __future__ import annotations

from flask import Flask

from app.outcomes.showing import shown
from app.outcomes.views import (  # noqa: F401 - imported for their routes
    alerts,
    batches,
    entering,
    groups,
    lists,
    occasions,
    person,
    planning,
    reply,
    schedules,
    settings,
    tablet,
)
from app.outcomes.views.blueprint import outcomes


def install(app: Flask) -> None:
    """Register the pages."""
    app.jinja_env.filters["score"] = shown
    app.register_blueprint(outcomes)
