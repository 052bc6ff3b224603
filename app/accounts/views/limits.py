"""Limits on guessing, as requests meet them.

Tries count by the address typed, known or not, and by the network. A browser in which somebody signed in before has
a bucket of its own for that address, so that a stranger's guesses never keep its owner out (OWASP calls it a device
cookie). It is no second factor, and opens nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from datetime import timedelta

from flask import current_app, make_response, request
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.accounts import throttle
from app.accounts.current import vault
from app.core.limits import Limit
from app.settings import Settings
from app.web.limits import forgive as forgive_tries
from app.web.limits import give_back, take_now, too_soon

DEVICE = "device"
DEVICE_LASTS = timedelta(days=400)


def wait_for(kind: str, name: str, limit: Limit = throttle.SIGN_IN) -> timedelta | None:
    """Take one try of `kind` at `name`, and one of the network; how long to wait where there is none.

    Committed at once, so that a refused request counts too: a view asks before it writes anything.
    """
    wait = take_now(limit, _subject(kind, name))
    return take_now(throttle.NETWORK) if wait is None else wait


def wait_within(kind: str, name: str, limit: Limit) -> timedelta | None:
    """As `wait_for`, but in the request's own transaction: a try that is refused or leads to nothing is not kept.

    A view that must count a failed try keeps it (`keep_what_was_written`).
    """
    wait = too_soon(limit, _subject(kind, name))
    return too_soon(throttle.NETWORK) if wait is None else wait


def forgive(kind: str, name: str, limit: Limit = throttle.SIGN_IN) -> None:
    """It was right: the tries before do not count any more."""
    forgive_tries(limit, _subject(kind, name))
    forgive_network()


def forgive_network() -> None:
    """It was right, and what was tried can never be tried again: nothing counts but the network's tries."""
    give_back(throttle.NETWORK)


def wait_in_words(wait: timedelta) -> str:
    """What to say to somebody who must wait."""
    minutes = math.ceil(wait.total_seconds() / 60)
    return ngettext(
        "Too many tries. Wait %(num)d minute, then try again.",
        "Too many tries. Wait %(num)d minutes, then try again.",
        minutes,
    )


def network_wait() -> timedelta | None:
    """Take one try of the network alone; how long to wait where there is none. Committed at once."""
    return take_now(throttle.NETWORK)


def refused_page(page: str | Response, wait: timedelta) -> Response:
    """The form again, with how long to wait."""
    response = make_response(page, 429)
    response.headers["Retry-After"] = str(math.ceil(wait.total_seconds()))
    return response


def remember_device(response: Response, name: str) -> None:
    """Let this browser keep a bucket of its own for `name`."""
    if _known_device(name) is None:
        response.set_cookie(
            _cookie(),
            vault(DEVICE).seal(f"{_digest(name)} {secrets.token_hex(16)}"),
            max_age=DEVICE_LASTS,
            path="/",
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
            httponly=True,
            samesite="Lax",
        )


def _subject(kind: str, name: str) -> str:
    return f"{kind} {_known_device(name) or name.strip().lower()}"


def _known_device(name: str) -> str | None:
    opened = vault(DEVICE).open(request.cookies.get(_cookie(), ""), within=DEVICE_LASTS) or ""
    digest, _, own = opened.partition(" ")
    return f"device {own}" if own and hmac.compare_digest(digest, _digest(name)) else None


def _cookie() -> str:
    return "__Host-device" if current_app.config["SESSION_COOKIE_SECURE"] else "device"


def _digest(text: str) -> str:
    settings: Settings = current_app.extensions["waymark_settings"]
    return hmac.new(settings.secret_key.encode(), text.strip().lower().encode(), hashlib.sha256).hexdigest()
