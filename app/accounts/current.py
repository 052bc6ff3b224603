"""Who makes the present request."""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from typing import TypedDict

from flask import Flask, Response, current_app, g, request

from app.accounts import sessions
from app.accounts.browsers import browser_name
from app.accounts.codes import UserKind
from app.accounts.models import MemberOrganization
from app.accounts.operations.providers import VISIT_LASTS
from app.accounts.operations.sign_in import STARTED_FOR, Started, find_started
from app.accounts.sessions import SignedIn
from app.accounts.vault import Vault
from app.core.actor import ANONYMOUS, Actor, ActorKind
from app.settings import Settings
from app.web.blueprint import afterwards
from app.web.database import db
from app.web.staff_menu import StaffMenuItem, menu_for

# Kept with the request, not the application's context, which a command or a test may hold open over several requests.
KNOWN = "waymark.signed_in"
STARTED = "waymark.started_sign_in"


class _CookieOptions(TypedDict):
    path: str
    httponly: bool
    samesite: str


_COOKIE: _CookieOptions = {"path": "/", "httponly": True, "samesite": "Lax"}


def cookie_name() -> str:
    """The name of the sign-in cookie: bound to this host alone where TLS allows that."""
    return "__Host-sid" if current_app.config["SESSION_COOKIE_SECURE"] else "sid"


def signed_in() -> SignedIn | None:
    """Who is signed in on this request; asked of the database once a request."""
    if KNOWN not in request.environ:
        token = request.cookies.get(cookie_name(), "")
        found = sessions.find(db.session(), token) if token else None
        request.environ[KNOWN] = found
        if found is not None and not found.seen_lately and not _is_asked_by_itself():
            session_id = found.session.id
            afterwards(lambda session: sessions.note_use(session, session_id))
    known: SignedIn | None = request.environ[KNOWN]
    return known


def _is_asked_by_itself() -> bool:
    """Whether a page asked and not a person: a screen that is left alone must not keep somebody signed in."""
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, "is_quiet", False))


def started_cookie_name() -> str:
    """The name of the cookie between the two steps of signing in."""
    return "__Host-started" if current_app.config["SESSION_COOKIE_SECURE"] else "started"


def started() -> Started | None:
    """The sign-in of this browser that waits for its second step."""
    if STARTED not in request.environ:
        token = request.cookies.get(started_cookie_name(), "")
        request.environ[STARTED] = find_started(db.session(), token) if token else None
    waiting: Started | None = request.environ[STARTED]
    return waiting


def vault(purpose: str) -> Vault:
    """Where this Waymark keeps secrets of a purpose."""
    settings: Settings = current_app.extensions["waymark_settings"]
    return Vault((settings.secret_key, *settings.secret_key_fallbacks), purpose)


def forget() -> None:
    """Have the next question look again: the session began, ended or moved within this request."""
    request.environ.pop(KNOWN, None)
    request.environ.pop(STARTED, None)


def current_actor() -> Actor:
    """The actor of this request: staff in their organisation, a person, or nobody in particular."""
    known = signed_in()
    if known is None:
        return Actor(kind=ANONYMOUS.kind, request_id=g.get("request_id", ""), address=network_of(request.remote_addr))
    return Actor(
        kind=ActorKind.STAFF if known.user.kind is UserKind.STAFF else ActorKind.PERSON,
        user_id=known.user.id,
        organization_id=known.organization.id if known.organization else None,
        roles=known.roles,
        request_id=g.get("request_id", ""),
        address=network_of(request.remote_addr),
    )


def network_of(address: str | None) -> str:
    """An address cut to its network (IPv4 /24, IPv6 /48), for the audit trail; empty where there is none."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    # Cut by hand: the library's own network reads the address twice again, for each page.
    prefix, host = (24, 8) if parsed.version == 4 else (48, 80)
    return f"{type(parsed)(int(parsed) >> host << host)}/{prefix}"


def set_cookie(response: Response, token: str) -> Response:
    """Hand the browser its token; it goes when the browser is closed, and the server ends it at its time."""
    _hand_over(response, cookie_name(), token)
    response.delete_cookie(started_cookie_name(), **_COOKIE, secure=_is_secure())
    return response


def set_started_cookie(response: Response, token: str) -> Response:
    """Hand the browser the token of the first of two steps."""
    _hand_over(response, started_cookie_name(), token, max_age=STARTED_FOR)
    return response


def visit_token() -> str:
    """The token of this browser's visit to a provider."""
    return request.cookies.get(_visit_cookie_name(), "")


def set_visit_cookie(response: Response, token: str) -> Response:
    """Hand the browser the token with which it comes back from a provider."""
    _hand_over(response, _visit_cookie_name(), token, max_age=VISIT_LASTS)
    return response


def clear_visit_cookie(response: Response) -> Response:
    """The visit is over."""
    response.delete_cookie(_visit_cookie_name(), **_COOKIE, secure=_is_secure())
    return response


def _visit_cookie_name() -> str:
    return "__Host-visit" if _is_secure() else "visit"


def _hand_over(response: Response, name: str, token: str, *, max_age: timedelta | None = None) -> None:
    response.set_cookie(name, token, max_age=max_age, **_COOKIE, secure=_is_secure())


def _is_secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def clear_cookie(response: Response) -> Response:
    """Take the token away, and with it what the browser kept of our pages."""
    response.delete_cookie(cookie_name(), **_COOKIE, secure=_is_secure())
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def install(app: Flask) -> None:
    """Tell the templates who is signed in, and what staff have in their menu."""
    app.jinja_env.filters["browser_name"] = browser_name

    @app.context_processor
    def for_every_page() -> dict[str, object]:
        return {"signed_in": signed_in, "staff_menu": _staff_menu, "workplaces": _workplaces}


def _staff_menu() -> list[StaffMenuItem]:
    return menu_for(current_actor())


def _workplaces() -> list[MemberOrganization]:
    """The organisations that the user may work in."""
    known = signed_in()
    return sessions.workplaces_of(db.session(), known.user, known.provider) if known else []
