"""What the ways of signing in have in common: the end of them."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, make_response, redirect, request
from flask import session as visitor

from app.accounts.current import forget, set_cookie
from app.accounts.views import limits
from app.web.languages import SESSION_KEY

HOME = "/desk"


def browser() -> str:
    """What the browser says it is, for the list of sessions."""
    return request.user_agent.string[:200]


def entered(token: str, next_path: str, *, device_of: str) -> Response:
    """Signed in, and on to where the user was going."""
    return now_signed_in(make_response(redirect(next_path, code=303)), token, device_of=device_of)


def now_signed_in(response: Response, token: str, *, device_of: str) -> Response:
    """A new session: what an earlier visitor of this browser left behind goes, but for the language.

    `device_of` is the address whose own browser this is; empty on a device that others use too.
    """
    language = visitor.get(SESSION_KEY)
    visitor.clear()
    if language:
        visitor[SESSION_KEY] = language
    forget()
    if device_of:
        limits.remember_device(response, device_of)
    return set_cookie(response, token)


def rp_id() -> str:
    """The host as passkeys know it. The request's host was held against ours."""
    return urlsplit(request.host_url).hostname or ""


def origin() -> str:
    """The origin of the site as a browser sees it."""
    return request.host_url.rstrip("/")


def takes_passkeys() -> bool:
    """Whether passkeys can be bound to the host: to a name, never to a number."""
    return not rp_id().replace(".", "").isdigit() and ":" not in rp_id()
