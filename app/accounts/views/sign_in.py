"""Signing in, signing out, and choosing the organisation to work in."""

from __future__ import annotations

from uuid import UUID

from flask import abort, make_response, redirect, render_template, request
from flask import session as visitor
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import operations
from app.accounts.access import SIGNED_IN
from app.accounts.current import clear_cookie, current_actor, forget, set_cookie, signed_in
from app.accounts.forms import SignInForm
from app.accounts.views.blueprint import accounts
from app.web.access import PUBLIC
from app.web.addresses import own_address
from app.web.database import db
from app.web.languages import SESSION_KEY

HOME = "/desk"


@accounts.route("/sign-in", access=PUBLIC, methods=["GET", "POST"], endpoint="sign_in")
def sign_in() -> Response | str | tuple[str, int]:
    """The form for members of staff."""
    form = SignInForm(next=own_address(request.args.get("next", ""), otherwise=HOME))
    if form.validate_on_submit():
        user = operations.check_password(db.session(), email=form.email.data, password=form.password.data)
        if user is not None:
            token = operations.sign_in(
                db.session(),
                current_actor(),
                user,
                shared_device=form.shared_device.data,
                browser=request.user_agent.string[:200],
            )
            return _entered(token, own_address(form.next.data, otherwise=HOME))
        form.form_errors.append(_("The email address or the password is not right. Try again."))
    page = render_template("accounts/sign_in.html", form=form)
    return (page, 422) if form.errors else page


def _entered(token: str, next_path: str) -> Response:
    """A new session: what an earlier visitor of this browser left behind goes, but for the language."""
    language = visitor.get(SESSION_KEY)
    visitor.clear()
    if language:
        visitor[SESSION_KEY] = language
    forget()
    return set_cookie(make_response(redirect(next_path, code=303)), token)


@accounts.route("/sign-out", access=SIGNED_IN, methods=["POST"])
def sign_out() -> Response:
    """End the session and forget the visitor."""
    known = signed_in()
    assert known is not None  # noqa: S101 - the guard saw to it
    operations.sign_out(db.session(), current_actor(), known.session)
    visitor.clear()
    forget()
    return clear_cookie(make_response(redirect("/", code=303)))


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
