"""Cross-origin reading of the open data, on every answer: errors, redirects and 304 among them."""

from __future__ import annotations

from flask import Response, request

OPEN_PATHS = ("/open-referral", "/api/openapi.json")
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Expose-Headers": "ETag, X-Request-Id",
    "Access-Control-Max-Age": "86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def allow_every_origin(response: Response) -> Response:
    """Say so on answers of the feed and of its description."""
    if request.path.startswith(OPEN_PATHS):
        response.headers.update(HEADERS)
    return response
