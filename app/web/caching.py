"""Conditional requests: an ETag from the body, so that an unchanged page is not sent twice."""

from __future__ import annotations

from typing import cast

from flask import Response, make_response, request

OPEN_DATA = "public, max-age=60"
# Pages hold the visitor's own language and shortlist count: a browser may keep them, a shared cache may not.
PUBLIC_PAGE = "private, no-cache"


def conditional(body: Response | str, *, cache_control: str = PUBLIC_PAGE) -> Response:
    """Give `body` an ETag and answer 304 where the reader already has it."""
    response = make_response(body)
    response.headers["Cache-Control"] = cache_control
    if cache_control == PUBLIC_PAGE:
        response.vary.update(["Cookie", "Accept-Language"])
    response.add_etag(weak=True)
    return cast("Response", response.make_conditional(request))
