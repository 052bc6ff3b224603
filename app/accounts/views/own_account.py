"""One's own account: name, password, and where one is signed in."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template
from werkzeug.wrappers import Response

from app.accounts import queries, sessions
from app.accounts.access import STAFF_ACCOUNT
from app.accounts.codes import EndReason, ProviderPurpose, Role
from app.accounts.current import current_actor
from app.accounts.emails import send_changed
from app.accounts.forms import NameForm, NewPasswordForm
from app.accounts.labels import ROLE_LABELS
from app.accounts.models import IdentityProvider
from app.accounts.operations.factors import factors_of
from app.accounts.operations.members import rename
from app.accounts.operations.passwords import change_password
from app.accounts.operations.providers import Errand, disconnect
from app.accounts.sessions import SignedIn, organizations_of, roles_in
from app.accounts.views.account import PROVED, me
from app.accounts.views.blueprint import accounts
from app.accounts.views.choosing_password import chosen_password
from app.accounts.views.to_provider import depart
from app.core.errors import NotFound
from app.web.database import db
from app.web.done import done_before

Page = Response | str | tuple[str, int]


@accounts.route("/account", access=STAFF_ACCOUNT, methods=["GET", "POST"])
def account() -> Page:
    """Name, password, second step, sessions, organisations."""
    known = me()
    form = NameForm(name=known.user.name)
    if form.validate_on_submit():
        rename(db.session(), current_actor(), known.user, form.name.data)
        return redirect("/account?done=name", code=303)
    page = render_template(
        "accounts/account.html",
        form=form,
        user=known.user,
        factors=factors_of(db.session(), known.user.id),
        sessions=queries.running_sessions(db.session(), known.user.id),
        present=known.session.id,
        roles={place.id: _roles_at(known.user.id, place.id) for place in organizations_of(db.session(), known.user.id)},
        provider=known.provider,
        identities=queries.identities_of(db.session(), known.user.id),
        connectable=_connectable(known),
        done=done_before(),
    )
    return (page, 422) if form.errors else page


def _connectable(known: SignedIn) -> list[IdentityProvider]:
    """The providers of the user's organisations that do not know them yet."""
    if known.provider is not None:
        return []
    places = [place.id for place in sessions.organizations_of(db.session(), known.user.id)]
    connected = {identity.provider_id for identity in queries.identities_of(db.session(), known.user.id)}
    return [found for found in queries.offered_providers(db.session(), places) if found.id not in connected]


@accounts.route("/account/providers/<uuid:provider_id>/connect", access=PROVED, methods=["POST"])
def connect_provider(provider_id: UUID) -> Response:
    """Go to a provider of one's organisation and sign in there, so that one can come in that way from now on."""
    known = me()
    chosen = next((found for found in _connectable(known) if found.id == provider_id), None)
    if chosen is None:
        raise NotFound("provider")
    return depart(chosen, Errand(ProviderPurpose.CONNECT, "/account?done=connected", user_id=known.user.id))


@accounts.route("/account/identities/<uuid:identity_id>/disconnect", access=PROVED, methods=["POST"])
def disconnect_provider(identity_id: UUID) -> Response:
    """Do not come in through a provider any more."""
    known = me()
    own = {identity.id: identity for identity in queries.identities_of(db.session(), known.user.id)}
    if identity_id not in own:
        raise NotFound("identity")
    disconnect(db.session(), current_actor(), known.user, own[identity_id])
    send_changed(db.session(), known.user)
    return redirect("/account?done=disconnected", code=303)


@accounts.route("/account/password", access=PROVED, methods=["GET", "POST"])
def own_password() -> Page:
    """A new password; everywhere else the user is signed out."""
    known, form = me(), NewPasswordForm()
    about = (known.user.name, known.user.email or "", known.organization.name if known.organization else "")
    if form.validate_on_submit() and (password := chosen_password(form, about)) is not None:
        change_password(db.session(), current_actor(), known.user, password, but=known.session.id)
        send_changed(db.session(), known.user)
        return redirect("/account?done=password", code=303)
    page = render_template("accounts/own_password.html", form=form)
    return (page, 422) if form.errors else page


@accounts.route("/account/sessions/end-others", access=STAFF_ACCOUNT, methods=["POST"])
def end_other_sessions() -> Response:
    """Sign out everywhere but here."""
    known = me()
    sessions.end_all(db.session(), known.user.id, EndReason.ENDED_BY_USER, but=known.session.id)
    return redirect("/account?done=sessions", code=303)


@accounts.route("/account/sessions/<uuid:session_id>/end", access=STAFF_ACCOUNT, methods=["POST"])
def end_session(session_id: UUID) -> Response:
    """Sign out in one place. Only one's own sessions can be ended so; one that is over already stays so."""
    if not queries.is_session_of(db.session(), session_id, me().user.id):
        raise NotFound("session")
    sessions.end(db.session(), session_id, EndReason.ENDED_BY_USER)
    return redirect("/account?done=sessions", code=303)


def _roles_at(user_id: UUID, organization_id: UUID) -> str:
    return ", ".join(str(ROLE_LABELS[Role(role)]) for role in sorted(roles_in(db.session(), user_id, organization_id)))
