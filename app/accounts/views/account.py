"""One's own account: proving again who one is, and the second step."""

from __future__ import annotations

from uuid import UUID

from flask import Response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.access import STAFF_ACCOUNT, proved_lately
from app.accounts.codes import ProviderPurpose
from app.accounts.current import current_actor, signed_in, vault
from app.accounts.emails import send_changed
from app.accounts.forms import PasskeyForm, ProveForm, SetUpForm
from app.accounts.operations import factors, passkeys
from app.accounts.operations.providers import Errand
from app.accounts.operations.sign_in import prove_again
from app.accounts.sessions import SignedIn
from app.accounts.totp import is_like_code
from app.accounts.vault import AUTHENTICATOR
from app.accounts.views import limits
from app.accounts.views.blueprint import accounts
from app.accounts.views.entering import origin, rp_id, takes_passkeys
from app.accounts.views.setting_up import json_answer, offer_for
from app.accounts.views.sign_in import user_with_password
from app.accounts.views.to_provider import depart
from app.core.errors import Refused
from app.web.addresses import own_address
from app.web.database import db
from app.web.done import done_before

Page = AnyResponse | str | tuple[str, int]
PROVED = proved_lately(STAFF_ACCOUNT, own=True)
SECOND_STEP = "/account/second-step"


def me() -> SignedIn:
    """Who is signed in; the guard of the route saw to it that somebody is."""
    known = signed_in()
    assert known is not None  # noqa: S101 - see above
    return known


@accounts.route("/account/prove", access=STAFF_ACCOUNT, methods=["GET", "POST"])
def prove() -> Page:
    """Before what decides who can sign in is changed: the password once more, or a code, or the provider again."""
    form = ProveForm(next=own_address(request.args.get("next", ""), otherwise="/account"))
    email = me().user.email or ""
    if form.validate_on_submit():
        if (wait := limits.wait_for("prove", email)) is not None:
            form.password.errors = [limits.wait_in_words(wait)]
            return limits.refused_page(_prove_page(form), wait)
        if _proves(email, form.password.data):
            limits.forgive("prove", email)
            prove_again(db.session(), current_actor(), me().session)
            return redirect(own_address(form.next.data, otherwise="/account"), code=303)
        form.password.errors = [_("This is neither your password nor a code that your app shows now. Try again.")]
    page = _prove_page(form)
    return (page, 422) if form.errors else page


def _prove_page(form: ProveForm) -> str:
    return render_template("accounts/prove.html", form=form, provider=me().provider)


@accounts.route("/account/prove/through-provider", access=STAFF_ACCOUNT, methods=["POST"])
def prove_through_provider() -> AnyResponse:
    """The same through the provider that began the session."""
    known = me()
    if known.provider is None:
        raise Refused(_("You did not sign in through a provider. Use your password."))
    next_path = own_address(request.form.get("next", ""), otherwise="/account")
    return depart(known.provider, Errand(ProviderPurpose.PROVE, next_path, user_id=known.user.id))


def _proves(email: str, typed: str) -> bool:
    """Whether it is a code of the app's, which has six digits, or else the password."""
    if is_like_code(typed):
        return factors.use_code(db.session(), me().user.id, vault(AUTHENTICATOR), typed)
    user = user_with_password(email, typed)
    return user is not None and user.id == me().user.id


@accounts.route(SECOND_STEP, access=STAFF_ACCOUNT)
def second_step() -> str:
    """What the user has for the second step."""
    return render_template(
        "accounts/second_step.html",
        known=factors.factors_of(db.session(), me().user.id),
        takes_passkeys=takes_passkeys(),
        done=done_before(),
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
