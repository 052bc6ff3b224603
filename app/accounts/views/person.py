"""Signing in as a person looking for help: an address, a code, and nothing else to remember."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template
from flask import session as visitor
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import operations, queries, sessions
from app.accounts.access import PERSON
from app.accounts.addresses import as_reached
from app.accounts.codes import EndReason
from app.accounts.current import current_actor
from app.accounts.emails import send_code
from app.accounts.models import SignInCode
from app.accounts.operations import people
from app.accounts.person_forms import PersonCodeForm, PersonForm
from app.accounts.throttle import CODE_GUESSES, RESET
from app.accounts.views import limits
from app.accounts.views.account import me
from app.accounts.views.blueprint import accounts
from app.accounts.views.entering import browser, entered
from app.core.errors import Refused
from app.web.access import PUBLIC
from app.web.addresses import own_address
from app.web.database import db
from app.web.done import done_before

Page = Response | str | tuple[str, int]
PERSON_HOME = "/me/account"
# Where they arrive: the page of their own, or where a link led that needs them signed in.
ARRIVAL = "/me"
ASKED, SHARED, NEXT = "sign_in_code", "sign_in_shared", "sign_in_next"


@accounts.route("/me/sign-in", access=PUBLIC, methods=["GET", "POST"])
def person_sign_in() -> Page:
    """Ask for a code. Whether the address has an account makes no difference: the first code makes one."""
    form = PersonForm()
    if form.validate_on_submit():
        address = as_reached(form.address.data)
        if address is None:
            form.address.errors = [_("Enter an email address, such as name@example.org, or a UK mobile number")]
        elif (wait := limits.wait_for("code", address, RESET)) is not None:
            form.address.errors = [limits.wait_in_words(wait)]
            return limits.refused_page(render_template("accounts/person_sign_in.html", form=form), wait)
        else:
            row, code = people.new_code(db.session(), address)
            send_code(db.session(), row, code)
            visitor[ASKED], visitor[SHARED] = row.id.hex, bool(form.shared_device.data)
            return redirect("/me/sign-in/code", code=303)
    page = render_template("accounts/person_sign_in.html", form=form)
    return (page, 422) if form.errors else page


@accounts.route("/me/sign-in/code", access=PUBLIC, methods=["GET", "POST"])
def person_code() -> Page:
    """Type the code. It works only in the browser that asked for it."""
    row, form = _asked(), PersonCodeForm()
    if row is None:
        return redirect("/me/sign-in", code=303)
    if form.validate_on_submit():
        if limits.wait_for("code guess", row.id.hex, CODE_GUESSES) is not None:
            form.code.errors = [_("You have tried too often. Ask for a new code.")]
        else:
            try:
                user = people.person_by_code(db.session(), current_actor(), row, form.code.data)
            except Refused:
                form.code.errors = [_("You cannot sign in here with this address. Use another one.")]
            else:
                if user is not None:
                    shared = bool(visitor.get(SHARED))
                    token = operations.sign_in(
                        db.session(), current_actor(), user, shared_device=shared, browser=browser()
                    )
                    return entered(token, own_address(visitor.get(NEXT), otherwise=ARRIVAL), device_of="")
                form.code.errors = [_("This code is not right. Look again, or ask for a new one.")]
    page = render_template("accounts/person_code.html", form=form)
    return (page, 422) if form.errors else page


def _asked() -> SignInCode | None:
    try:
        asked = UUID(hex=str(visitor.get(ASKED, "")))
    except ValueError:
        return None
    return people.open_code(db.session(), asked)


@accounts.route(PERSON_HOME, access=PERSON)
def person_account() -> str:
    """What is kept of the person's account, and where they are signed in."""
    known = me()
    return render_template(
        "accounts/person_account.html",
        user=known.user,
        sessions=queries.running_sessions(db.session(), known.user.id),
        present=known.session.id,
        done=done_before(),
    )


@accounts.route("/me/account/end-others", access=PERSON, methods=["POST"])
def person_end_others() -> Response:
    """Sign out everywhere but here."""
    known = me()
    sessions.end_all(db.session(), known.user.id, EndReason.ENDED_BY_USER, but=known.session.id)
    return redirect(f"{PERSON_HOME}?done=sessions", code=303)
