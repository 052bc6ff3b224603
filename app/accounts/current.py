"""Who makes the present request."""

from __future__ import annotations

import ipaddress

from flask import Flask, Response, current_app, g, request

from app.accounts import sessions
from app.accounts.codes import UserKind
from app.accounts.models import MemberOrganization
from app.accounts.sessions import SignedIn
from app.core.actor import ANONYMOUS, Actor, ActorKind
from app.web.blueprint import afterwards
from app.web.database import db
from app.web.staff_menu import StaffMenuItem, menu_for

# Kept with the request, not the application's context, which a command or a test may hold open over several requests.
KNOWN = "waymark.signed_in"


def cookie_name() -> str:
    """The name of the sign-in cookie: bound to this host alone where TLS allows that."""
    return "__Host-sid" if current_app.config["SESSION_COOKIE_SECURE"] else "sid"


def signed_in() -> SignedIn | None:
    """Who is signed in on this request; asked of the database once a request."""
    if KNOWN not in request.environ:
        token = request.cookies.get(cookie_name(), "")
        found = sessions.find(db.session(), token) if token else None
        request.environ[KNOWN] = found
        if found is not None and not found.seen_lately:
            session_id = found.session.id
            afterwards(lambda session: sessions.note_use(session, session_id))
    known: SignedIn | None = request.environ[KNOWN]
    return known


def forget() -> None:
    """Have the next question look again: the session began, ended or moved within this request."""
    request.environ.pop(KNOWN, None)


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
    prefix = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network(f"{parsed}/{prefix}", strict=False))


def set_cookie(response: Response, token: str) -> Response:
    """Hand the browser its token; it goes when the browser is closed, and the server ends it at its time."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(cookie_name(), token, path="/", secure=secure, httponly=True, samesite="Lax")
    return response


def clear_cookie(response: Response) -> Response:
    """Take the token away, and with it what the browser kept of our pages."""
    response.delete_cookie(
        cookie_name(),
        path="/",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def install(app: Flask) -> None:
    """Tell the templates who is signed in, and what staff have in their menu."""

    @app.context_processor
    def for_every_page() -> dict[str, object]:
        return {"signed_in": signed_in, "staff_menu": _staff_menu, "workplaces": _workplaces}


def _staff_menu() -> list[StaffMenuItem]:
    return menu_for(current_actor())


def _workplaces() -> list[MemberOrganization]:
    """The organisations that the user may work in."""
    known = signed_in()
    return sessions.organizations_of(db.session(), known.user.id) if known else []
