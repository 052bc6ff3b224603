"""Who may enter: guards that routes name, made of roles in the organisation that the user acts in."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from flask import abort, redirect, request
from flask_babel import gettext as _

from app.accounts.codes import Role, UserKind
from app.accounts.current import current_actor, signed_in, started
from app.audit.codes import Action, Outcome
from app.audit.operations import record
from app.core import clock
from app.core.errors import Refused
from app.web.access import Access
from app.web.blueprint import afterwards


def staff(*roles: Role) -> Access:
    """Members of an organisation who hold at least one of `roles` there; any role where none is named."""
    names = ", ".join(sorted(role.value for role in roles)) or "any"
    return Access(f"staff: {names}", lambda: _require_staff(frozenset(role.value for role in roles)), is_staff=True)


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
        abort(redirect("/me/sign-in", code=303))


def _require_staff_account() -> None:
    known = signed_in()
    if known is None or known.user.kind is not UserKind.STAFF:
        _ask_to_sign_in()


def _require_started() -> None:
    if started() is None:
        _ask_to_sign_in()


def proved_lately(who: Access, *, own: bool = False) -> Access:
    """Those who may enter `who`, once they have shown again within the last minutes that it is they.

    OWASP ASVS 5.0, 7.5.1: before what decides who can sign in is changed. With `own` a provider's word does not do:
    an organisation's provider must not decide how its members sign in elsewhere.
    """

    def require() -> None:
        who.require()
        known = signed_in()
        if own and known is not None and known.provider is not None:
            raise Refused(
                _(
                    "You came in through %(name)s. To change how you sign in to Waymark itself, sign in with your "
                    "password.",
                    name=known.provider.name,
                )
            )
        if known is None or clock.now() - known.session.reauthenticated_at > PROOF_LASTS:
            here = request.full_path.rstrip("?") if request.method == "GET" else "/account"
            abort(redirect("/account/prove?" + urlencode({"next": here}), code=303))

    return Access(f"{who.name}, proved lately", require, is_staff=who.is_staff)


PROOF_LASTS = timedelta(minutes=10)
SIGNED_IN = Access("signed in", _require_signed_in)
PERSON = Access("person", _require_person)
# A member of staff, with a role anywhere or without.
STAFF_ACCOUNT = Access("staff account", _require_staff_account, is_staff=True)
# Somebody who has given the password, and has the second step before them.
STARTED = Access("password given", _require_started)


def _ask_to_sign_in() -> None:
    """To the sign-in page, and back here afterwards where here is a page that can be opened."""
    here = request.full_path.rstrip("?") if request.method == "GET" else ""
    abort(redirect(sign_in_url(here), code=303))


def sign_in_url(next_path: str = "") -> str:
    """Where to sign in, leading back to a path of ours."""
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
