"""The whole OpenAPI document."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from app.api.openapi.operations import FEED, HEALTH, Json, Paths, ref
from app.api.openapi.own import OWN_SCHEMAS
from app.api.openapi.schemas import FEED_SCHEMAS

OPENAPI = "3.1.0"
_ERRORS = {
    "400": "A parameter cannot be read; the message says which, and what it must be.",
    "404": "There is nothing with this id, or no such page.",
    "503": "Waymark is having a short break; Retry-After says when to try again.",
}
_TAGS = {
    FEED: "The directory by the rules of Open Referral UK 3.0: no key needed, readable from any site.",
    "Search": "The search of the pages. What is typed is written down nowhere.",
    "Description": "This document.",
    HEALTH: "For those who run Waymark.",
}


def document(base_url: str, paths: Paths) -> Json:
    """The document of this Waymark."""
    return {
        "openapi": OPENAPI,
        "info": {
            "title": "Waymark",
            "version": version("waymark"),
            "summary": "A directory of local help, and its search.",
            "description": (
                "The objects under /open-referral/ have the names and rules of the Open Referral UK standard. "
                "Keys without a value are left out. Names that the standard does not know begin with x_waymark_. "
                "A parameter given more than once asks for all of its values, and an empty one for nothing."
            ),
        },
        "externalDocs": {"url": "https://openreferraluk.org", "description": "The standard"},
        "servers": [{"url": base_url}],
        "tags": [{"name": name, "description": description} for name, description in _TAGS.items()],
        "paths": paths,
        "components": _components(),
    }


def _components() -> dict[str, Any]:
    return {
        "schemas": FEED_SCHEMAS | OWN_SCHEMAS,
        "responses": {status: _error(description) for status, description in _ERRORS.items()},
        "headers": {
            "Access-Control-Allow-Origin": {
                "schema": {"const": "*"},
                "description": "Any site's scripts may read this.",
            },
            "ETag": {
                "schema": {"type": "string"},
                "description": "Send it back in If-None-Match to hear of changes only.",
            },
        },
        "securitySchemes": {
            "metricsToken": {
                "type": "http",
                "scheme": "bearer",
                "description": "The token set when Waymark was installed; the machine itself needs none.",
            }
        },
    }


def _error(description: str) -> Json:
    return {"description": description, "content": {"application/json": {"schema": ref("Error")}}}
