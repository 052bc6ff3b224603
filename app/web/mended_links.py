"""Addresses that a message has put something behind: the full stop of its sentence, a bracket, a closing quote.

No address of ours ends in any of these, and the key of a private link never does, so what to do is clear.
"""

from __future__ import annotations

import re

from flask import Flask, redirect, request, url_for
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response

from app.web.languages import PROGRAM_PATHS

# A slash counts: some programs put one behind an address.
_BEHIND = re.compile(r"[\s.,;:!?…*/()<>{}\[\]\"'‘’“”»]+$")


def install(app: Flask) -> None:
    """Lead to the address that was meant."""
    app.before_request(mend)


def mend() -> Response | None:
    """A redirect where there is a page once what stands behind is gone. Programs are told what is wrong instead."""
    if request.method not in {"GET", "HEAD"} or request.path.startswith(PROGRAM_PATHS):
        return None
    if not (_is_unknown() or _has_key()):
        return None
    path = _BEHIND.sub("", request.path)
    if path in {"", request.path} or request_ctx.url_adapter is None:
        return None
    try:
        endpoint, arguments = request_ctx.url_adapter.match(path, method="GET")
    except HTTPException:
        return None
    # Made anew and not taken over as it came: it leads nowhere else.
    return redirect(url_for(endpoint, **arguments), code=302)


def _is_unknown() -> bool:
    return isinstance(request.routing_exception, NotFound)


def _has_key() -> bool:
    return "token" in (request.view_args or {})
