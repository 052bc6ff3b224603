"""Who may enter: guards that routes name, made of roles in the organisation that the user acts in."""

from __future__ import annotations

from flask import abort, redirect, request

from app.accounts.codes import Role, UserKind
from app.accounts.current import current_actor, signed_in
from app.audit.codes import Action, Outcome
from app.audit.operations import record
from app.web.access import Access
from app.web.blueprint import afterwards


def staff(*roles: Role) -> Access:
    """Members of an organisation who hold at least one of `roles` there; any role where none is named."""
    names = ", ".join(sorted(role.value for role in roles)) or "any"
    return Access(f"staff: {names}", lambda: _require_staff(frozenset(role.value for role in roles)))


def _require_staff(roles: frozenset[str]) -> None:
    known = signed_in()
    if known is None or known.user.kind is not UserKind.STAFF:
        _ask_to_sign_in()
        return
    if not (known.roles & roles if roles else known.roles):
        _refuse()


def _require_signed_in() -> None:
    if signed_in() is None:
        _ask_to_sign_in()


def _require_person() -> None:
    known = signed_in()
    if known is None or known.user.kind is not UserKind.PERSON:
        _ask_to_sign_in()


SIGNED_IN = Access("signed in", _require_signed_in)
PERSON = Access("person", _require_person)


def _ask_to_sign_in() -> None:
    """To the sign-in page, and back here afterwards where here is a page that can be opened."""
    here = request.full_path.rstrip("?") if request.method == "GET" else ""
    abort(redirect(sign_in_url(here), code=303))


def sign_in_url(next_path: str = "") -> str:
    """Where to sign in, leading back to a path of ours."""
    from urllib.parse import urlencode

    return "/sign-in?" + urlencode({"next": next_path}) if next_path else "/sign-in"


def _refuse() -> None:
    actor, endpoint = current_actor(), request.endpoint or ""
    afterwards(
        lambda session: record(
            session, actor, Action.DENIED, ("route", None), reason=endpoint, outcome=Outcome.REFUSED
        ),
        even_if_refused=True,
    )
    abort(403)
