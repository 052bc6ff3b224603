"""The root of the feed, and the document that describes everything."""

from __future__ import annotations

from flask import Response, current_app

from app.api.answers import open_json
from app.api.openapi.document import document
from app.api.openapi.operations import Paths, plain
from app.api.views import health, organizations, places, searching, services, taxonomies
from app.api.views.blueprint import api, feed
from app.settings import Settings
from app.web.access import PUBLIC

VERSION = "HSDS-UK-3.0"
PROFILE = "https://github.com/OpenReferralUK/uk-profile/blob/main/docs/index.md"
OPENAPI_PATH = "/api/openapi.json"
PATHS: Paths = {
    "/open-referral/": plain("Read about the feed", "Which version of the standard it follows.", item="About"),
    OPENAPI_PATH: plain("Read this document", "An OpenAPI 3.1 document.", item="OpenApi", tag="Description"),
}


@feed.route("/", access=PUBLIC)
def about() -> Response:
    """Which version of the standard the feed follows, and where it is described."""
    return open_json({"version": VERSION, "profile": PROFILE, "openapi_url": _base_url() + OPENAPI_PATH})


@api.route(OPENAPI_PATH, access=PUBLIC)
def openapi() -> Response:
    """The OpenAPI document."""
    paths = PATHS | services.PATHS | places.PATHS | organizations.PATHS | taxonomies.PATHS
    return open_json(document(_base_url(), paths | searching.PATHS | health.PATHS))


def _base_url() -> str:
    settings: Settings = current_app.extensions["waymark_settings"]
    return settings.base_url
