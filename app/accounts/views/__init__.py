"""Signing in and out, one module a journey."""

from __future__ import annotations

from flask import Flask

from app.accounts import current
from app.accounts.views import (  # noqa: F401 - imported for their routes
    account,
    from_provider,
    joining,
    members,
    own_account,
    person,
    providers,
    second_step,
    sign_in,
)
from app.accounts.views.blueprint import accounts


def install(app: Flask) -> None:
    """Register the pages, and tell every template who is signed in."""
    app.register_blueprint(accounts)
    current.install(app)
    # A program has no form to be forged: a provider shows who it is by its signature.
    app.extensions["csrf"].exempt(from_provider.signed_out_there)
