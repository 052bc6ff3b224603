"""Signing in through a provider: going there, coming back, and out again."""

from __future__ import annotations

import logging
from uuid import UUID

from flask import Response, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.accounts import operations, queries
from app.accounts.codes import ClientProof, ProviderPurpose
from app.accounts.current import clear_visit_cookie, current_actor, signed_in, visit_token
from app.accounts.emails import page_address, send_changed
from app.accounts.models import IdentityProvider, User
from app.accounts.oidc.logout import logged_out, session_named
from app.accounts.oidc.own_keys import public_key_set
from app.accounts.oidc.presets import PRESETS, Steps, steps_of
from app.accounts.oidc.problems import ProviderProblem, Reason
from app.accounts.oidc.visits import Pledge, Provider, claims_of, way_out
from app.accounts.operations.invitations import accept_through_provider
from app.accounts.operations.providers import Errand, connect, end_as_told, end_visit, user_by_subject
from app.accounts.operations.sign_in import prove_again
from app.accounts.throttle import NETWORK
from app.accounts.views import limits
from app.accounts.views.blueprint import accounts
from app.accounts.views.entering import HOME, browser, entered
from app.accounts.views.provider_problems import problem_page
from app.accounts.views.sign_in import after_first_proof
from app.accounts.views.to_provider import depart, opened
from app.core.errors import NotFound
from app.web.access import PUBLIC
from app.web.addresses import own_address
from app.web.database import db, nothing_held
from app.web.limits import give_back

log = logging.getLogger(__name__)
THROUGH = "/sign-in/with/<uuid:provider_id>"


def _offered(provider_id: UUID) -> IdentityProvider:
    found = queries.offered_provider(db.session(), provider_id)
    if found is None:
        raise NotFound("provider")
    return found


@accounts.route(THROUGH, access=PUBLIC, methods=["POST"])
def sign_in_through(provider_id: UUID) -> AnyResponse:
    """Go and sign in there. What was typed beside the button is not looked at."""
    next_path = own_address(request.form.get("next", ""), otherwise=HOME)
    errand = Errand(ProviderPurpose.SIGN_IN, next_path, is_shared_device=bool(request.form.get("shared_device")))
    return depart(_offered(provider_id), errand)


@accounts.route(f"{THROUGH}/back", access=PUBLIC, writes=True)
def back_from_provider(provider_id: UUID) -> Response:
    """Where a provider sends the browser back to; each has an address of its own, so that none answers for another."""
    row = _offered(provider_id)
    name = row.name
    errand: Errand | None = None
    try:
        provider = opened(row)
        pledge, errand = _ended(provider_id)
        return clear_visit_cookie(make_response(_arrived(provider_id, errand, _claims(provider, pledge))))
    except ProviderProblem as problem:
        return problem_page(problem, (provider_id, name), errand)


def _ended(provider_id: UUID) -> tuple[Pledge, Errand]:
    """What the browser was sent for. Committed at once: it is used up, whatever comes of it."""
    ended = end_visit(db.session(), provider_id, token=visit_token(), state=request.args.get("state", ""))
    db.session().commit()
    return ended


def _claims(provider: Provider, pledge: Pledge) -> dict[str, object]:
    answer = request.args.to_dict()
    with nothing_held():
        return claims_of(provider, pledge, answer)


def _arrived(provider_id: UUID, errand: Errand, claims: dict[str, object]) -> AnyResponse:
    row = _offered(provider_id)
    steps, subject = steps_of(row.kind, claims, row.levels), str(claims["sub"])
    if steps is Steps.TOO_FEW:
        raise ProviderProblem(Reason.TOO_WEAK)
    match errand.purpose:
        case ProviderPurpose.CONNECT:
            return _connected(row, errand, subject)
        case ProviderPurpose.PROVE:
            return _proved(row, errand, subject)
        case ProviderPurpose.JOIN:
            user = _joined(row, errand, subject)
        case ProviderPurpose.SIGN_IN:
            user = user_by_subject(db.session(), row, subject)
    return _in(row, user, errand, steps, session_named(claims))


def _in(row: IdentityProvider, user: User, errand: Errand, steps: Steps, provider_session: str) -> AnyResponse:
    """In, where the provider saw two steps; else our own second step comes after it."""
    next_path = errand.next_path or HOME
    if steps is Steps.ONE:
        return after_first_proof(
            user,
            next_path,
            shared_device=errand.is_shared_device,
            provider=row,
            provider_session=provider_session,
        )
    token = operations.sign_in(
        db.session(),
        current_actor(),
        user,
        shared_device=errand.is_shared_device,
        browser=browser(),
        provider=row,
        provider_session=provider_session,
    )
    return entered(token, next_path, device_of="")


def _joined(row: IdentityProvider, errand: Errand, subject: str) -> User:
    if errand.invitation_id is None:
        raise NotFound("invitation")
    user = accept_through_provider(db.session(), errand.invitation_id, row, errand.name)
    connect(db.session(), current_actor(), row, user, subject)
    return user


def _connected(row: IdentityProvider, errand: Errand, subject: str) -> Response:
    known = signed_in()
    if known is None or known.user.id != errand.user_id or known.provider is not None:
        raise ProviderProblem(Reason.NOT_BEGUN)
    connect(db.session(), current_actor(), row, known.user, subject)
    send_changed(db.session(), known.user)
    return make_response(redirect(errand.next_path, code=303))


def _proved(row: IdentityProvider, errand: Errand, subject: str) -> Response:
    known = signed_in()
    if known is None or known.user.id != errand.user_id or known.session.provider_id != row.id:
        raise ProviderProblem(Reason.NOT_BEGUN)
    if user_by_subject(db.session(), row, subject).id != known.user.id:
        raise ProviderProblem(Reason.SOMEBODY_ELSE)
    prove_again(db.session(), current_actor(), known.session)
    return make_response(redirect(errand.next_path, code=303))


@accounts.route(f"{THROUGH}/signed-out", access=PUBLIC, methods=["POST"])
def signed_out_there(provider_id: UUID) -> AnyResponse:
    """Where a provider says that somebody signed out of it (OpenID Connect Back-Channel Logout 1.0).

    Believed by its signature alone. Sessions that began after it said so stay, so that saying it again does no harm.
    """
    row = _offered(provider_id)
    if (wait := limits.network_wait()) is not None:
        return limits.refused_page(jsonify(error="invalid_request"), wait)
    try:
        provider = opened(row)
        with nothing_held():
            told = logged_out(provider, request.form.get("logout_token"))
    except ProviderProblem as problem:
        log.info("a provider's word that somebody signed out was not believed", extra={"reason": problem.reason.value})
        return make_response(jsonify(error="invalid_request"), 400)
    give_back(NETWORK)
    end_as_told(db.session(), current_actor(), provider_id, told)
    return make_response("", 200)


@accounts.route(f"{THROUGH}/keys", access=PUBLIC)
def provider_keys(provider_id: UUID) -> Response:
    """The public key with which a provider checks that it is Waymark who asks."""
    row = db.session().get(IdentityProvider, provider_id)
    if row is None or row.client_proof is not ClientProof.PRIVATE_KEY:
        raise NotFound("provider")
    return jsonify(public_key_set(opened(row).secret, PRESETS[row.kind].proof_algorithm))


@accounts.route("/signed-out/<uuid:provider_id>", access=PUBLIC)
def signed_out(provider_id: UUID) -> Response:
    """After signing out of a session that a provider began: on a shared device one signs out there too."""
    row = queries.offered_provider(db.session(), provider_id)
    if row is None:
        return make_response(redirect("/", code=303))
    name, onward = row.name, ""
    try:
        provider = opened(row)
        with nothing_held():
            onward = way_out(provider, back_to=page_address("/"))
    except ProviderProblem:
        log.info("a provider could not be asked where to sign out")
    return make_response(render_template("accounts/signed_out.html", name=name, onward=onward))
