"""Every error as a page (or JSON) that says what happened and what to do next."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask.globals import request_ctx
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException

from app.core import errors
from app.web.languages import PROGRAM_PATHS

log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Answer HTTP errors, Waymark's own errors and the unforeseen."""
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(errors.NotFound, lambda _error: error_response(404))
    app.register_error_handler(errors.InvalidInput, lambda error: error_response(422, error.message))
    app.register_error_handler(errors.Refused, lambda error: error_response(409, error.message))
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(InterfaceError, _database_away)
    app.register_error_handler(Exception, _unforeseen)


def error_response(status: int, message: str | None = None) -> Response:
    """The page or JSON object for `status`; `message` replaces the ready-made sentence."""
    title, text = _words(status)
    text = message or text
    if request_ctx.url_adapter is None:
        # A forged host: no address can be made for it, and so no page of ours.
        return _as_plain_text(status, text)
    is_of_programs = request.path.startswith(PROGRAM_PATHS)
    if is_of_programs and status == 404 and message is None:
        text = _("There is nothing at this address. /api/openapi.json describes what there is for programs.")
    if is_of_programs and not _asks_for_page():
        response = jsonify({"error": {"status": status, "title": title, "message": text}})
    else:
        back = way_back() if status in {400, 409, 422} else ""
        response = make_response(render_template("errors/error.html", title=title, text=text, status=status, back=back))
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    if is_of_programs:
        response.vary.add("Accept")
    if status in {429, 503}:
        response.headers["Retry-After"] = "30"
    return response


def _asks_for_page() -> bool:
    """Whether it is a browser, which names pages before all else; programs that say nothing get JSON."""
    accepted = request.accept_mimetypes
    return accepted["text/html"] > accepted["application/json"]


def way_back() -> str:
    """The page of the thing that it was about: the nearest above this address, or this address read anew.

    An address above that names a thing stands first: the form that could not be sent may be closed by now.
    """
    parts = request.path.strip("/").split("/")
    above = ["/" + "/".join(parts[:end]) for end in range(len(parts) - 1, 0, -1)]
    own = [request.path] if request.method == "POST" else []
    found = [(path, named) for path in above if (named := _is_page(path)) is not None]
    things = [path for path, named in found if named]
    same = [path for path in own if _is_page(path) is not None]
    return next(iter([*things, *same, *(path for path, _named in found)]), "")


def _is_page(path: str) -> bool | None:
    """Whether a page at this address is about a named thing; None where there is no page."""
    adapter = request_ctx.url_adapter
    try:
        _endpoint, arguments = adapter.match(path, method="GET") if adapter is not None else ("", {})
    except HTTPException:
        return None
    return bool(arguments)


def _as_plain_text(status: int, text: str) -> Response:
    response = make_response(text, status)
    response.mimetype = "text/plain"
    return response


def _words(status: int) -> tuple[str, str]:
    ready: dict[int, tuple[str, str]] = {
        400: (
            _("We could not read that"),
            _("Something in the address or the form was not right. Go back and try again."),
        ),
        403: (
            _("You cannot open this page"),
            _("Your sign-in does not cover it. Ask the person who set up your account."),
        ),
        404: (_("Page not found"), _("It may have moved, or the link may be old. Try a search instead.")),
        405: (_("That cannot be done here"), _("Go back and try again from the page you came from.")),
        409: (
            _("That is no longer possible"),
            _("Something changed since you opened the page. Go back and look again."),
        ),
        413: (
            _("That is too much at once"),
            _(
                "What you sent is larger than we can take. Use your browser’s Back button: what you typed is still "
                "there. Make it shorter, or choose a smaller file, and send it again."
            ),
        ),
        414: (_("That address is too long"), _("Use fewer words and try again.")),
        415: (_("We cannot read that kind of file"), _("Send it in one of the formats that the page names.")),
        422: (_("Please check what you typed"), _("Something needs to be put right. Go back and try again.")),
        429: (_("Too many tries"), _("Wait a minute, then try again.")),
        503: (
            _("Waymark is having a short break"),
            _("Try again in a minute. If you need help now, the numbers below always work."),
        ),
    }
    fallback = (_("Something went wrong"), _("It is our fault, not yours. Try again in a minute."))
    return ready.get(status, fallback)


def _http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error  # a redirect that Werkzeug raises for itself
    response = error_response(error.code)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def _form_expired(_error: CSRFError) -> Response:
    return error_response(
        400, _("The page was open for too long, or in two windows. Go back, reload it and try again.")
    )


def _database_away(error: Exception) -> Response:
    log.error("database not reachable: %s", type(error).__name__)
    return error_response(503)


def _unforeseen(error: Exception) -> Response:
    log.error("unforeseen error", exc_info=error)
    return error_response(500)
