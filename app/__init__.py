"""Waymark: find local help, and see that it arrives."""

from __future__ import annotations

import importlib
from functools import cache
from types import ModuleType

from flask import Flask
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from app.library import engine
from app.settings import ROOT, Settings
from app.web import database, errors, filters, languages, limits, logs, mended_links, security
from app.web.application import Application
from app.web.templating import OneGlobals

# The features, lower before higher: each may have models, reactions and views.
FEATURES = (
    "notifications",
    "audit",
    "accounts",
    "people",
    "directory",
    "referrals",
    "referrals.signposts",
    "booking",
    "advice",
    "library",
    "outcomes",
    "reporting",
    "desk",
    "me",
    "api",
)
PARTS = ("models", "changes", "emails", "operations", "reactions", "sweeps", "worklists", "own_parts", "upkeep")


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application from `settings` (by default from the environment)."""
    settings = settings or Settings.from_env()
    app = Application(
        __name__,
        instance_path=str(settings.instance),
        static_folder=str(ROOT / "app" / "web" / "static"),
        template_folder=str(ROOT / "templates"),
    )
    app.jinja_environment = OneGlobals
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        SEND_FILE_MAX_AGE_DEFAULT=31536000,
        TESTING=settings.testing,
    )
    app.extensions["waymark_settings"] = settings
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.trusted_proxies, x_proto=settings.trusted_proxies, x_host=0
        )
    database.configure(app, settings.database_url)
    languages.install(app)
    filters.install(app)
    security.install(app, https=settings.is_https)
    logs.install(app)
    limits.install(app)
    CSRFProtect(app)
    errors.install(app)
    mended_links.install(app)
    load_models()
    for feature in FEATURES:
        _install(app, feature)
    engine.install(app)
    return app


def load_models() -> None:
    """Import every feature's models, changes, messages and reactions, so that the metadata and the events are whole."""
    importlib.import_module("app.core.limits")
    for feature in FEATURES:
        for part in PARTS:
            _part(feature, part)


def _install(app: Flask, feature: str) -> None:
    """A feature's `install(app)` in its package registers its blueprints."""
    views = _part(feature, "views")
    if views is not None:
        views.install(app)


@cache
def _part(feature: str, part: str) -> ModuleType | None:
    """The module, where there is one: to look for one that is not there takes long."""
    name = f"app.{feature}.{part}"
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name == name:
            return None
        raise
