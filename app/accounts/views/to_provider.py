"""Sending a browser to a provider, and what a provider is made of here."""

from __future__ import annotations

from flask import current_app, make_response, render_template
from werkzeug.wrappers import Response

from app.accounts.current import set_visit_cookie, vault
from app.accounts.emails import page_address
from app.accounts.models import IdentityProvider
from app.accounts.oidc.problems import ProviderProblem, Reason
from app.accounts.oidc.visits import Provider, way_there
from app.accounts.operations.providers import Errand, begin_visit, new_pledge
from app.accounts.vault import PROVIDER
from app.accounts.views import limits
from app.accounts.views.provider_problems import problem_page
from app.settings import Settings
from app.web.database import db, nothing_held
from app.web.errors import error_response


def opened(row: IdentityProvider) -> Provider:
    """A provider with its secret, ready to be asked."""
    secret = vault(PROVIDER).open(row.sealed_secret)
    if secret is None:
        raise ProviderProblem(Reason.MISCONFIGURED, "its secret was sealed with another key")
    return Provider(
        kind=row.kind,
        issuer=row.issuer,
        client_id=row.client_id,
        client_proof=row.client_proof,
        secret=secret,
        levels=row.levels,
        back_to=page_address(f"/sign-in/with/{row.id}/back"),
        local=is_local(),
    )


def is_local() -> bool:
    """Whether this Waymark runs for trial on one's own machine, where a provider may too."""
    settings: Settings = current_app.extensions["waymark_settings"]
    return settings.is_local


def depart(row: IdentityProvider, errand: Errand) -> Response:
    """Send the browser to a provider.

    By a page and not by a redirect: our own policy lets no form lead to another site, not even in two steps.
    """
    provider_id, name = row.id, row.name
    pledge = new_pledge(errand)
    try:
        if (wait := limits.network_wait()) is not None:
            return limits.refused_page(error_response(429, limits.wait_in_words(wait)), wait)
        provider = opened(row)
        with nothing_held():
            address = way_there(provider, pledge)
    except ProviderProblem as problem:
        return problem_page(problem, (provider_id, name), errand)
    token = begin_visit(db.session(), provider_id, errand, pledge)
    return set_visit_cookie(
        make_response(render_template("accounts/to_provider.html", name=name, address=address)), token
    )
