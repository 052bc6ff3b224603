"""One's own account: proving again who one is, and the second step."""

from __future__ import annotations

from uuid import UUID

from flask import Response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.accounts import operations
from app.accounts.access import STAFF_ACCOUNT, proved_lately
from app.accounts.current import current_actor, signed_in, vault
from app.accounts.emails import send_changed
from app.accounts.forms import PasskeyForm, ProveForm, SetUpForm
from app.accounts.operations import factors, passkeys
from app.accounts.operations.sign_in import prove_again
from app.accounts.sessions import SignedIn
from app.accounts.vault import AUTHENTICATOR
from app.accounts.views import limits
from app.accounts.views.blueprint import accounts
from app.accounts.views.entering import origin, rp_id, takes_passkeys
from app.accounts.views.setting_up import json_answer, offer_for
from app.web.addresses import own_address
from app.web.database import db

Page = AnyResponse | str | tuple[str, int]
PROVED = proved_lately(STAFF_ACCOUNT)
SECOND_STEP = "/account/second-step"


def me() -> SignedIn:
    """Who is signed in; the guard of the route saw to it that somebody is."""
    known = signed_in()
    assert known is not None  # noqa: S101 - see above
    return known


@accounts.route("/account/prove", access=STAFF_ACCOUNT, methods=["GET", "POST"])
def prove() -> Page:
    """Before what decides who can sign in is changed: the password once more, or a code."""
    known = me()
    form = ProveForm(next=own_address(request.args.get("next", ""), otherwise="/account"))
    if form.validate_on_submit():
        if (wait := limits.wait_for("prove", known.user.email or "")) is not None:
            form.password.errors = [limits.wait_in_words(wait)]
            return limits.refused_page(render_template("accounts/prove.html", form=form), wait)
        if _proves(known, form.password.data):
            limits.forgive("prove", known.user.email or "")
            prove_again(db.session(), current_actor(), known.session)
            return redirect(own_address(form.next.data, otherwise="/account"), code=303)
        form.password.errors = [_("This is neither your password nor a code that your app shows now. Try again.")]
    page = render_template("accounts/prove.html", form=form)
    return (page, 422) if form.errors else page


def _proves(known: SignedIn, typed: str) -> bool:
    if factors.use_code(db.session(), known.user.id, vault(AUTHENTICATOR), typed):
        return True
    user = operations.check_password(db.session(), email=known.user.email or "", password=typed)
    return user is not None and user.id == known.user.id


@accounts.route(SECOND_STEP, access=STAFF_ACCOUNT)
def second_step() -> str:
    """What the user has for the second step."""
    return render_template(
        "accounts/second_step.html",
        known=factors.factors_of(db.session(), me().user.id),
        takes_passkeys=takes_passkeys(),
        done=request.args.get("done", ""),
    )


@accounts.route(f"{SECOND_STEP}/app", access=PROVED, methods=["GET", "POST"])
def second_step_app() -> Page:
    """A new app in place of the one before."""
    known, form = me(), SetUpForm()
    offer = offer_for(known.user, form)
    if form.validate_on_submit():
        if factors.set_up_authenticator(
            db.session(), current_actor(), known.user, vault(AUTHENTICATOR), secret=offer.secret, code=form.code.data
        ):
            return _changed(known, "app")
        form.code.errors = [_("This code is not right. Look at the app again, and type the code that it shows now.")]
    page = render_template("accounts/second_step_app.html", form=form, offer=offer)
    return (page, 422) if form.errors else page


@accounts.route(f"{SECOND_STEP}/codes", access=PROVED, methods=["GET", "POST"])
def second_step_codes() -> str:
    """New recovery codes in place of those before."""
    if request.method == "GET":
        return render_template("accounts/second_step_codes.html", known=factors.factors_of(db.session(), me().user.id))
    codes = factors.new_recovery_codes(db.session(), current_actor(), me().user.id)
    return render_template("accounts/recovery_codes.html", codes=codes, next_path=SECOND_STEP)


@accounts.route(f"{SECOND_STEP}/passkey", access=PROVED, methods=["GET", "POST"])
def second_step_passkey() -> Page:
    """One more passkey."""
    known, form = me(), PasskeyForm()
    if form.validate_on_submit():
        if passkeys.add_passkey(
            db.session(),
            current_actor(),
            known.user,
            form.answer.data or "",
            rp_id=rp_id(),
            origin=origin(),
            name=form.name.data or _("Passkey"),
        ):
            return _changed(known, "passkey")
        form.form_errors.append(_("We could not make a passkey. Try again, or use an app."))
    page = render_template("accounts/second_step_passkey.html", form=form, takes_passkeys=takes_passkeys())
    return (page, 422) if form.errors else page


@accounts.route(f"{SECOND_STEP}/passkey/options", access=PROVED, methods=["POST"])
def second_step_passkey_options() -> Response:
    """What the browser needs to make a passkey."""
    return json_answer(passkeys.registration_options(db.session(), me().user, rp_id=rp_id()))


@accounts.route(f"{SECOND_STEP}/passkey/<uuid:passkey_id>/remove", access=PROVED, methods=["POST"])
def second_step_passkey_remove(passkey_id: UUID) -> AnyResponse:
    """Forget a passkey."""
    known = me()
    factors.take_away_passkey(db.session(), current_actor(), known.user.id, passkey_id)
    return _changed(known, "removed")


def _changed(known: SignedIn, what: str) -> AnyResponse:
    factors.end_other_sessions(db.session(), known.user.id, known.session.id)
    send_changed(db.session(), known.user)
    return redirect(f"{SECOND_STEP}?done={what}", code=303)
