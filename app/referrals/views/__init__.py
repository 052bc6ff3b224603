"""The pages of referrals, one module a journey."""

from __future__ import annotations

from flask import Flask

from app.referrals.pathway_texts import as_read, in_words
from app.referrals.views import (  # noqa: F401 - imported for their routes
    acting,
    group,
    lists,
    own,
    own_messages,
    pathways,
    person_letters,
    several,
    showing,
    word_letters,
    writing,
)
from app.referrals.views.blueprint import referrals
from app.referrals.words import last_moment


def install(app: Flask) -> None:
    """Register the pages, and how they say by when something is due."""
    app.jinja_env.filters["last_moment"] = last_moment
    app.jinja_env.filters.update(as_read=as_read, in_words=in_words)
    app.register_blueprint(referrals)
