"""Accepting an invitation, and a new password by a link."""

from __future__ import annotations

from flask import make_response, redirect, render_template
from werkzeug.wrappers import Response

from app.accounts import throttle
from app.accounts.emails import send_changed
from app.accounts.forms import JoinForm, NewPasswordForm, ResetForm
from app.accounts.operations import invitations, passwords
from app.accounts.queries import staff_user
from app.accounts.views import limits
from app.accounts.views.blueprint import accounts
from app.accounts.views.choosing_password import is_taken
from app.accounts.views.sign_in import after_first_proof
from app.core.errors import NotFound
from app.web.access import PUBLIC
from app.web.database import db

Page = Response | str | tuple[str, int]


@accounts.route("/join/<token>", access=PUBLIC, methods=["GET", "POST"])
def join(token: str) -> Page:
    """Accept an invitation. Opening the page uses nothing up; sending the form does."""
    session = db.session()
    invitation = invitations.invitation_for(session, token)
    if invitation is None:
        raise NotFound("invitation")
    known = staff_user(session, invitation.email)
    has_account = known is not None and known.password_hash is not None
    form = JoinForm()
    if has_account:
        del form.name, form.new_password
    about = (invitation.email, invitation.organization.name, "" if has_account else form.name.data or "")
    if form.validate_on_submit() and (has_account or is_taken(form, about)):
        if has_account:
            invitations.accept(session, token)
            return redirect("/sign-in", code=303)
        user = invitations.accept(session, token, name=form.name.data, password=form.new_password.data)
        return after_first_proof(user, "/desk", shared_device=False)
    page = render_template("accounts/join.html", form=form, invitation=invitation, has_account=has_account)
    return (page, 422) if form.errors else page


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
    session = db.session()
    user = passwords.user_for_reset(session, token)
    if user is None:
        raise NotFound("reset")
    form = NewPasswordForm()
    if form.validate_on_submit() and is_taken(form, (user.name, user.email or "")):
        passwords.reset_password(session, token, form.new_password.data)
        send_changed(session, user)
        return make_response(redirect("/sign-in", code=303))
    page = render_template("accounts/new_password.html", form=form)
    return (page, 422) if form.errors else page
