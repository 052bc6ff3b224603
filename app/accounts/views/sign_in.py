"""Signing in with a password, signing out, and choosing the organisation to work in."""

from __future__ import annotations

from uuid import UUID

from flask import abort, current_app, make_response, redirect, render_template, request
from flask import session as visitor
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import operations, queries
from app.accounts.access import SIGNED_IN
from app.accounts.current import clear_cookie, current_actor, forget, set_started_cookie, signed_in
from app.accounts.forms import SignInForm
from app.accounts.models import IdentityProvider, User
from app.accounts.operations.factors import factors_of
from app.accounts.operations.sign_in import claimed_by, fits, start, user_of
from app.accounts.passwords import hash_password, needs_rehash
from app.accounts.views import limits
from app.accounts.views.blueprint import accounts
from app.accounts.views.entering import HOME, browser, entered
from app.settings import Settings
from app.web.access import PUBLIC
from app.web.addresses import own_address
from app.web.database import db, nothing_held
from app.web.done import done_before


@accounts.route("/sign-in", access=PUBLIC, methods=["GET", "POST"], endpoint="sign_in")
def sign_in() -> Response | str | tuple[str, int]:
    """The form for members of staff."""
    form = SignInForm(next=own_address(request.args.get("next", ""), otherwise=HOME))
    if form.validate_on_submit():
        wait = limits.wait_for("sign-in", form.email.data)
        if wait is not None:
            form.form_errors.append(limits.wait_in_words(wait))
            return limits.refused_page(_page(form), wait)
        user = user_with_password(form.email.data, form.password.data)
        if user is not None:
            limits.forgive("sign-in", form.email.data)
            next_path = own_address(form.next.data, otherwise=HOME)
            return after_first_proof(user, next_path, shared_device=form.shared_device.data)
        form.form_errors.append(_("The email address or the password is not right. Try again."))
    page = _page(form)
    return (page, 422) if form.errors else page


def _page(form: SignInForm) -> str:
    with nothing_held():
        providers = queries.offered_providers(db.session())
        done = done_before()
        return render_template("accounts/sign_in.html", form=form, providers=providers, done=done)


def user_with_password(email: str, password: str) -> User | None:
    """The member of staff whom an address and a password name, else None after the same work.

    The work on the password is done with nothing held: on SQLite others could not write meanwhile.
    """
    with nothing_held():
        claimed = claimed_by(db.session(), email)
        db.session().rollback()
        is_right = fits(claimed, password)
        is_old = is_right and needs_rehash(claimed.password_hash or "")
        rehashed = hash_password(password) if is_old else None
    return user_of(db.session(), claimed, rehashed=rehashed) if is_right else None


def after_first_proof(
    user: User,
    next_path: str,
    *,
    shared_device: bool,
    provider: IdentityProvider | None = None,
    provider_session: str = "",
) -> Response:
    """On to the second step, or to setting it up; in at once only where none is there and none is asked for."""
    settings: Settings = current_app.extensions["waymark_settings"]
    has_factor = factors_of(db.session(), user.id).any
    if not has_factor and not settings.second_factor_required:
        token = operations.sign_in(
            db.session(),
            current_actor(),
            user,
            shared_device=shared_device,
            browser=browser(),
            provider=provider,
            provider_session=provider_session,
        )
        return entered(token, next_path, device_of="" if shared_device else user.email or "")
    token = start(
        db.session(),
        user,
        shared_device=shared_device,
        next_path=next_path,
        provider=provider,
        provider_session=provider_session,
    )
    forget()
    step = "/sign-in/code" if has_factor else "/sign-in/set-up"
    return set_started_cookie(make_response(redirect(step, code=303)), token)


@accounts.route("/sign-out", access=SIGNED_IN, methods=["POST"])
def sign_out() -> Response:
    """End the session and forget the visitor."""
    known = signed_in()
    assert known is not None  # noqa: S101 - the guard saw to it
    through = known.provider.id if known.provider else None
    operations.sign_out(db.session(), current_actor(), known.session)
    visitor.clear()
    forget()
    return clear_cookie(make_response(redirect(f"/signed-out/{through}" if through else "/", code=303)))


@accounts.route("/work-in", access=SIGNED_IN, methods=["POST"])
def work_in() -> Response:
    """Act in another of one's organisations."""
    known = signed_in()
    assert known is not None  # noqa: S101 - the guard saw to it
    try:
        organization_id = UUID(request.form.get("organization", ""))
    except ValueError:
        abort(400)
    operations.work_in(db.session(), current_actor(), known.session, organization_id)
    forget()
    return redirect(HOME, code=303)
