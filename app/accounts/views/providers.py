"""The providers that sign an organisation's staff in, as its administrator sets them up."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from app.accounts import queries
from app.accounts.access import proved_lately
from app.accounts.codes import ClientProof, ProviderKind
from app.accounts.current import current_actor, vault
from app.accounts.emails import page_address
from app.accounts.models import IdentityProvider
from app.accounts.oidc.discovery import is_safe, metadata_of
from app.accounts.oidc.own_keys import new_private_key, public_pem
from app.accounts.oidc.presets import PRESETS
from app.accounts.oidc.problems import ProviderProblem, Reason
from app.accounts.operations import providers
from app.accounts.operations.providers import Settings
from app.accounts.provider_forms import PROOFS, ProviderForm
from app.accounts.vault import PROVIDER
from app.accounts.views.blueprint import accounts
from app.accounts.views.members import ADMINISTRATOR, place_of_actor
from app.accounts.views.to_provider import is_local, opened
from app.core.errors import NotFound, Refused
from app.web.database import db, nothing_held
from app.web.done import done_before

Page = Response | str | tuple[str, int]
PROVED = proved_lately(ADMINISTRATOR)
LIST = "/desk/members/providers"

KIND_LABELS = {
    ProviderKind.CIS2: lazy_gettext("NHS Care Identity (CIS2)"),
    ProviderKind.NHS_LOGIN: lazy_gettext("NHS login"),
    ProviderKind.OTHER: lazy_gettext("Another provider"),
}
NAMES = {ProviderKind.CIS2: "NHS Care Identity", ProviderKind.NHS_LOGIN: "NHS login", ProviderKind.OTHER: ""}


@accounts.route(LIST, access=ADMINISTRATOR)
def providers_list() -> str:
    """The organisation's providers, and adding one."""
    return render_template(
        "accounts/providers.html",
        providers=queries.providers_of(db.session(), place_of_actor()),
        kinds=KIND_LABELS,
        done=done_before(),
    )


@accounts.route(f"{LIST}/new/<kind>", access=PROVED, methods=["GET", "POST"])
def add_provider(kind: str) -> Page:
    """Set up a provider. It is asked at once whether it is what the form says; it stays off."""
    known = _kind(kind)
    form = _prepared(
        ProviderForm(name=NAMES[known], issuer=PRESETS[known].issuer, client_proof="private_key_jwt"), known
    )
    if form.validate_on_submit() and _has_secret(form) and _is_there(form):
        settings = _settings(form, known, form.issuer.data, kept="")
        try:
            made = providers.add_provider(db.session(), current_actor(), place_of_actor(), settings)
        except Refused as refused:
            form.issuer.errors = [refused.message]
        else:
            return redirect(f"{LIST}/{made.id}?done=added", code=303)
    page = render_template("accounts/provider_edit.html", form=form, kind=known, kinds=KIND_LABELS, provider=None)
    return (page, 422) if form.errors else page


@accounts.route(f"{LIST}/<uuid:provider_id>", access=ADMINISTRATOR)
def provider_page(provider_id: UUID) -> str:
    """One provider: what to tell it, and whether staff see it."""
    found = _provider(provider_id)
    return render_template(
        "accounts/provider.html",
        provider=found,
        kinds=KIND_LABELS,
        back_to=opened(found).back_to,
        keys_at=page_address(f"/sign-in/with/{provider_id}/keys"),
        told_at=page_address(f"/sign-in/with/{provider_id}/signed-out"),
        key=_public_key(found),
        proof=PROOFS[found.client_proof],
        connected=queries.count_connected(db.session(), found.id),
        done=done_before(),
    )


@accounts.route(f"{LIST}/<uuid:provider_id>/change", access=PROVED, methods=["GET", "POST"])
def change_provider(provider_id: UUID) -> Page:
    """Change how it is reached. The issuer stays: elsewhere the same subject would be somebody else."""
    found = _provider(provider_id)
    form = ProviderForm(
        name=found.name, client_id=found.client_id, client_proof=found.client_proof, levels=found.levels
    )
    del form.issuer
    form = _prepared(form, found.kind)
    if form.validate_on_submit() and (_still_fits(found, form) or _has_secret(form)):
        kept = found.sealed_secret if _still_fits(found, form) else ""
        settings = _settings(form, found.kind, found.issuer, kept=kept)
        providers.change_provider(db.session(), current_actor(), _provider(provider_id), settings)
        return redirect(f"{LIST}/{provider_id}?done=changed", code=303)
    page = render_template("accounts/provider_edit.html", form=form, kind=found.kind, kinds=KIND_LABELS, provider=found)
    return (page, 422) if form.errors else page


@accounts.route(f"{LIST}/<uuid:provider_id>/switch", access=PROVED, methods=["POST"])
def switch_provider(provider_id: UUID) -> Response:
    """Offer it on the sign-in page, or no longer."""
    on = request.form.get("on") == "yes"
    providers.switch(db.session(), current_actor(), _provider(provider_id), on=on)
    return redirect(f"{LIST}/{provider_id}?done={'on' if on else 'off'}", code=303)


def _provider(provider_id: UUID) -> IdentityProvider:
    found = queries.provider_of(db.session(), place_of_actor(), provider_id)
    if found is None:
        raise NotFound("provider")
    return found


def _kind(told: str) -> ProviderKind:
    try:
        return ProviderKind(told)
    except ValueError:
        raise NotFound("kind") from None


def _prepared(form: ProviderForm, kind: ProviderKind) -> ProviderForm:
    """The form without what the kind decides by itself."""
    if PRESETS[kind].client_proof is not None:
        del form.client_proof, form.secret, form.levels
    return form


def _proof(form: ProviderForm) -> ClientProof:
    return ClientProof(form.client_proof.data) if form.client_proof is not None else ClientProof.PRIVATE_KEY


def _has_secret(form: ProviderForm) -> bool:
    if _proof(form) is ClientProof.PRIVATE_KEY or form.secret.data:
        return True
    form.secret.errors = [_("Enter the secret that they gave you")]
    return False


def _still_fits(provider: IdentityProvider, form: ProviderForm) -> bool:
    """Whether what is kept goes on: a key as long as keys are wanted, a secret until another one is typed."""
    was_key, is_key = (proof is ClientProof.PRIVATE_KEY for proof in (provider.client_proof, _proof(form)))
    return was_key == is_key and (is_key or not form.secret.data)


def _is_there(form: ProviderForm) -> bool:
    """Whether the issuer answers, and calls itself so."""
    if not is_safe(form.issuer.data, local=is_local()):
        form.issuer.errors = [_("Enter the issuer, an address that starts with https://")]
        return False
    with nothing_held():
        try:
            metadata_of(form.issuer.data, local=is_local(), fresh=True)
        except ProviderProblem as problem:
            form.issuer.errors = [_what_is_wrong(problem)]
            return False
    return True


def _what_is_wrong(problem: ProviderProblem) -> str:
    if problem.reason is Reason.UNREACHABLE:
        return _("No provider answers there. Check the address letter by letter; it must be open to the internet.")
    return _(
        "What answers there is not a provider of this name. Copy the issuer exactly as they tell it, to the last /"
    )


def _settings(form: ProviderForm, kind: ProviderKind, issuer: str, *, kept: str) -> Settings:
    return Settings(
        kind=kind,
        name=form.name.data,
        issuer=issuer,
        client_id=form.client_id.data,
        client_proof=_proof(form),
        sealed_secret=kept or _sealed(form),
        levels=(form.levels.data or "") if form.levels is not None else "",
    )


def _sealed(form: ProviderForm) -> str:
    """The secret, or a new key, encrypted. To make a key takes a moment."""
    if _proof(form) is ClientProof.PRIVATE_KEY:
        with nothing_held():
            return vault(PROVIDER).seal(new_private_key())
    return vault(PROVIDER).seal(form.secret.data)


def _public_key(provider: IdentityProvider) -> str:
    return public_pem(opened(provider).secret) if provider.client_proof is ClientProof.PRIVATE_KEY else ""
