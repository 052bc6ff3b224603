"""Accepting an invitation, and a new password by a link."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from app.accounts import queries, throttle
from app.accounts.codes import ProviderPurpose
from app.accounts.emails import send_changed
from app.accounts.forms import JoinForm, NewPasswordForm, ResetForm
from app.accounts.models import IdentityProvider
from app.accounts.operations import invitations, passwords
from app.accounts.operations.providers import Errand
from app.accounts.views import limits
from app.accounts.views.blueprint import accounts
from app.accounts.views.choosing_password import chosen_password
from app.accounts.views.entering import HOME
from app.accounts.views.sign_in import after_first_proof
from app.accounts.views.to_provider import depart
from app.web.access import PUBLIC
from app.web.database import db, nothing_held

Page = Response | str | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom an invitation is for, and what to."""

    invitation_id: UUID
    email: str
    organization_id: UUID
    organization: str
    has_account: bool


@accounts.route("/join/<token>", access=PUBLIC, methods=["GET", "POST"])
def join(token: str) -> Page:
    """Accept an invitation. Opening the page uses nothing up; sending the form does."""
    if (invited := _invited(token)) is None:
        return render_template("accounts/link_over.html", is_invitation=True), 404
    form = JoinForm()
    provider = _chosen_provider(invited)
    if invited.has_account:
        del form.name, form.new_password
    elif provider is not None:
        del form.new_password
    if form.validate_on_submit():
        if invited.has_account:
            invitations.accept(db.session(), token)
            return redirect("/sign-in?done=joined", code=303)
        if provider is not None:
            name, invitation_id = form.name.data, invited.invitation_id
            return depart(provider, Errand(ProviderPurpose.JOIN, HOME, invitation_id=invitation_id, name=name))
        about = (invited.email, invited.organization, form.name.data)
        if (password := chosen_password(form, about)) is not None:
            user = invitations.accept(db.session(), token, name=form.name.data, password_hash=password)
            return after_first_proof(user, HOME, shared_device=False)
    providers = [] if invited.has_account else queries.offered_providers(db.session(), [invited.organization_id])
    page = render_template("accounts/join.html", form=_whole(form), invited=invited, providers=providers)
    return (page, 422) if form.errors else page


def _invited(token: str) -> Invited | None:
    with nothing_held():
        invitation = invitations.invitation_for(db.session(), token)
        if invitation is None:
            return None
        return Invited(
            invitation.id,
            invitation.email,
            invitation.organization_id,
            invitation.organization.name,
            invitations.has_account(db.session(), invitation.email),
        )


def _chosen_provider(invited: Invited) -> IdentityProvider | None:
    """The organisation's provider whose button was pressed."""
    chosen = request.form.get("through", "")
    offered = queries.offered_providers(db.session(), [invited.organization_id]) if chosen else []
    return next((provider for provider in offered if str(provider.id) == chosen), None)


def _whole(form: JoinForm) -> JoinForm:
    """The form with its password again, where a button without it was pressed."""
    if form.name is not None and form.new_password is None:
        whole = JoinForm(formdata=None, name=form.name.data)
        whole.name.errors = form.name.errors
        return whole
    return form


@accounts.route("/sign-in/reset", access=PUBLIC, methods=["GET", "POST"])
def ask_for_reset() -> Page:
    """Ask for a link. The answer is the same whoever's the address is, and the worker finds out."""
    form = ResetForm()
    if form.validate_on_submit():
        # Who asks too often gets the same answer and no further message.
        if limits.wait_for("reset", form.email.data, throttle.RESET) is None:
            passwords.ask_for_reset(db.session(), form.email.data)
        return redirect("/sign-in/reset/sent", code=303)
    page = render_template("accounts/reset.html", form=form)
    return (page, 422) if form.errors else page


@accounts.route("/sign-in/reset/sent", access=PUBLIC)
def reset_sent() -> str:
    """What happens now."""
    return render_template("accounts/reset_sent.html")


@accounts.route("/sign-in/reset/<token>", access=PUBLIC, methods=["GET", "POST"])
def reset(token: str) -> Page:
    """Choose a new password. The second step stays what it was."""
    if (about := _about_whom(token)) is None:
        return render_template("accounts/link_over.html", is_invitation=False), 404
    form = NewPasswordForm()
    if form.validate_on_submit() and (password := chosen_password(form, about)) is not None:
        user = passwords.reset_password(db.session(), token, password)
        send_changed(db.session(), user)
        return make_response(redirect("/sign-in?done=password", code=303))
    page = render_template("accounts/new_password.html", form=form)
    return (page, 422) if form.errors else page


def _about_whom(token: str) -> tuple[str, str] | None:
    """Words that others know of whose password the link sets."""
    with nothing_held():
        user = passwords.user_for_reset(db.session(), token)
        return None if user is None else (user.name, user.email or "")
