"""The second step of signing in: a code, a recovery code or a passkey; and setting one up at the first sign-in."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, make_response, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.access import STARTED
from app.accounts.current import current_actor, started, vault
from app.accounts.forms import CodeForm, PasskeyForm, RecoveryCodeForm, SetUpForm
from app.accounts.operations import factors, passkeys
from app.accounts.operations.sign_in import Started, complete
from app.accounts.vault import AUTHENTICATOR
from app.accounts.views import limits
from app.accounts.views.blueprint import accounts
from app.accounts.views.entering import HOME, browser, entered, now_signed_in, origin, rp_id, takes_passkeys
from app.accounts.views.setting_up import Offer, json_answer, offer_for
from app.web.database import db

Page = AnyResponse | str | tuple[str, int]


def _waiting() -> Started:
    waiting = started()
    assert waiting is not None  # noqa: S101 - the guard saw to it
    return waiting


@accounts.route("/sign-in/code", access=STARTED, methods=["GET", "POST"])
def sign_in_code() -> Page:
    """The code that the app shows now."""
    waiting, form = _waiting(), CodeForm()
    known = factors.factors_of(db.session(), waiting.user.id)
    if not known.any:
        return redirect("/sign-in/set-up", code=303)
    if form.validate_on_submit():
        if (wait := _wait(waiting)) is not None:
            form.code.errors = [limits.wait_in_words(wait)]
            return limits.refused_page(_code_words(form, known), wait)
        if factors.use_code(db.session(), waiting.user.id, vault(AUTHENTICATOR), form.code.data):
            return _in(waiting)
        form.code.errors = [_("This code is not right, or was used already. Wait for the next one and try again.")]
    return _code_page(form, known)


def _code_page(form: CodeForm, known: factors.Factors) -> Page:
    page = _code_words(form, known)
    return (page, 422) if form.errors else page


def _code_words(form: CodeForm, known: factors.Factors) -> str:
    return render_template(
        "accounts/sign_in_code.html",
        form=form,
        known=known,
        key_form=PasskeyForm(formdata=None) if known.passkeys and takes_passkeys() else None,
    )


def _wait(waiting: Started) -> timedelta | None:
    """Codes are tried as seldom as passwords are."""
    return limits.wait_for("second step", waiting.user.email or "")


@accounts.route("/sign-in/recovery", access=STARTED, methods=["GET", "POST"])
def sign_in_recovery() -> Page:
    """One of the codes that were kept for the day on which the phone is lost."""
    waiting, form = _waiting(), RecoveryCodeForm()
    if form.validate_on_submit():
        if (wait := _wait(waiting)) is not None:
            form.code.errors = [limits.wait_in_words(wait)]
            return limits.refused_page(render_template("accounts/sign_in_recovery.html", form=form), wait)
        if factors.use_recovery_code(db.session(), current_actor(), waiting.user.id, form.code.data):
            return _in(waiting, next_path="/account/second-step")
        form.code.errors = [_("This is not one of your recovery codes, or it was used already.")]
    page = render_template("accounts/sign_in_recovery.html", form=form)
    return (page, 422) if form.errors else page


@accounts.route("/sign-in/passkey/options", access=STARTED, methods=["POST"])
def sign_in_passkey_options() -> Response:
    """What the browser needs to show a passkey."""
    return json_answer(passkeys.authentication_options(db.session(), _waiting().user.id, rp_id=rp_id()))


@accounts.route("/sign-in/passkey", access=STARTED, methods=["POST"])
def sign_in_passkey() -> Page:
    """The passkey that the browser showed."""
    waiting, form = _waiting(), PasskeyForm()
    if form.validate_on_submit() and passkeys.use_passkey(
        db.session(), waiting.user.id, form.answer.data or "", rp_id=rp_id(), origin=origin()
    ):
        return _in(waiting)
    again = CodeForm(formdata=None)
    again.form_errors.append(_("We could not check the passkey. Try again, or use another way."))
    return _code_page(again, factors.factors_of(db.session(), waiting.user.id))


@accounts.route("/sign-in/set-up", access=STARTED, methods=["GET", "POST"])
def sign_in_set_up() -> Page:
    """At the first sign-in: an authenticator app, by its first code."""
    waiting, form = _waiting(), SetUpForm()
    if factors.factors_of(db.session(), waiting.user.id).any:
        return redirect("/sign-in/code", code=303)
    offer = offer_for(waiting.user, form)
    if form.validate_on_submit():
        if factors.set_up_authenticator(
            db.session(), current_actor(), waiting.user, vault(AUTHENTICATOR), secret=offer.secret, code=form.code.data
        ):
            return _first_codes(waiting)
        form.code.errors = [_("This code is not right. Look at the app again, and type the code that it shows now.")]
    return _set_up_page(form, offer)


@accounts.route("/sign-in/set-up/passkey/options", access=STARTED, methods=["POST"])
def sign_in_set_up_passkey_options() -> Response:
    """What the browser needs to make the first passkey."""
    waiting = _waiting()
    if factors.factors_of(db.session(), waiting.user.id).any:
        return json_answer("{}", status=409)
    return json_answer(passkeys.registration_options(db.session(), waiting.user, rp_id=rp_id()))


@accounts.route("/sign-in/set-up/passkey", access=STARTED, methods=["POST"])
def sign_in_set_up_passkey() -> Page:
    """At the first sign-in: a passkey in place of an app."""
    waiting, form = _waiting(), PasskeyForm()
    if factors.factors_of(db.session(), waiting.user.id).any:
        return redirect("/sign-in/code", code=303)
    if form.validate_on_submit() and passkeys.add_passkey(
        db.session(),
        current_actor(),
        waiting.user,
        form.answer.data or "",
        rp_id=rp_id(),
        origin=origin(),
        name=form.name.data or _("Passkey"),
    ):
        return _first_codes(waiting)
    again = SetUpForm(formdata=None)
    again.form_errors.append(_("We could not make a passkey. Try again, or use an app."))
    return _set_up_page(again, offer_for(waiting.user, again))


def _set_up_page(form: SetUpForm, offer: Offer) -> Page:
    page = render_template(
        "accounts/sign_in_set_up.html",
        form=form,
        offer=offer,
        key_form=PasskeyForm(formdata=None) if takes_passkeys() else None,
    )
    return (page, 422) if form.errors else page


def _in(waiting: Started, *, next_path: str = "") -> AnyResponse:
    limits.forgive("second step", waiting.user.email or "")
    token = complete(db.session(), current_actor(), waiting, browser=browser())
    return entered(token, next_path or waiting.row.next_path or HOME, device_of=_device_of(waiting))


def _device_of(waiting: Started) -> str:
    return "" if waiting.row.is_shared_device else waiting.user.email or ""


def _first_codes(waiting: Started) -> AnyResponse:
    """Signed in, with the recovery codes on the screen this once."""
    codes = factors.new_recovery_codes(db.session(), current_actor(), waiting.user.id)
    next_path = waiting.row.next_path or HOME
    token = complete(db.session(), current_actor(), waiting, browser=browser())
    page = render_template("accounts/recovery_codes.html", codes=codes, next_path=next_path)
    return now_signed_in(make_response(page), token, device_of=_device_of(waiting))
