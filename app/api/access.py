"""Who may read the numbers: the machine itself, or who has the token."""

from __future__ import annotations

from ipaddress import ip_address

from flask import Response, abort, current_app, request
from flask_babel import gettext as _

from app.settings import Settings
from app.web.access import Access, bears_token

# A request that a proxy on this machine passes on comes from loopback too, but says that it was passed on.
PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via")


def may_read_numbers() -> bool:
    """Whether the request comes from this machine itself or bears the token of `WAYMARK_METRICS_TOKEN`."""
    return _has_token() or _is_local()


def _require() -> None:
    if not may_read_numbers():
        # Plain text: what reads numbers is no browser.
        abort(Response(_("Ask from this machine, or with the token.") + "\n", status=403, mimetype="text/plain"))


def _has_token() -> bool:
    settings: Settings = current_app.extensions["waymark_settings"]
    return bears_token(settings.metrics_token)


def _is_local() -> bool:
    if any(name in request.headers for name in PASSED_ON):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


NUMBERS = Access("this machine or metrics token", _require)
