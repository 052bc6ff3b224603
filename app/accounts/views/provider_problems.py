"""What is said where signing in through a provider came to nothing."""

from __future__ import annotations

import logging
from uuid import UUID

from flask import Response, make_response, render_template
from flask_babel import gettext as _

from app.accounts.codes import ProviderPurpose
from app.accounts.current import clear_visit_cookie, current_actor, signed_in
from app.accounts.oidc.problems import ProviderProblem, Reason
from app.accounts.operations.providers import Errand
from app.audit.codes import Action, Outcome
from app.audit.operations import record
from app.web.blueprint import afterwards

log = logging.getLogger(__name__)
STATUS = {Reason.UNREACHABLE: 503, Reason.MISCONFIGURED: 503, Reason.UNKNOWN: 403, Reason.TOO_WEAK: 403}
# Of these nobody needs to be told: somebody changed their mind, or was too slow.
HARMLESS = frozenset({Reason.NOT_BEGUN, Reason.DECLINED, Reason.UNREACHABLE})
# To try the same again is no help with these: somebody has to do something else first.
NO_USE_AGAIN = frozenset({Reason.UNKNOWN, Reason.MISCONFIGURED})


def problem_page(problem: ProviderProblem, provider: tuple[UUID, str], errand: Errand | None) -> Response:
    """The page that says what happened and what to do next; the reason goes to the log and the audit trail.

    `provider` is its id and its name; of a visit that was never begun here the `errand` is not known.
    """
    provider_id, name = provider
    wanted_in = errand is None or errand.purpose is ProviderPurpose.SIGN_IN
    log.warning("sign-in through a provider: %s %s", problem.reason.value, problem.detail)
    if problem.reason not in HARMLESS:
        actor = current_actor()
        afterwards(
            lambda session: record(
                session,
                actor,
                Action.DENIED,
                ("provider_sign_in", None),
                reason=problem.reason.value,
                outcome=Outcome.REFUSED,
            ),
            even_if_refused=True,
        )
    page = render_template(
        "accounts/provider_problem.html",
        text=words(problem.reason, name),
        name=name,
        # Who was signed in before, and wanted to connect or to show who they are, still is.
        signed_in=signed_in() is not None,
        again=provider_id if wanted_in and problem.reason not in NO_USE_AGAIN else None,
        can_connect=problem.reason is Reason.UNKNOWN,
        next_path=errand.next_path if errand and wanted_in else "",
    )
    return clear_visit_cookie(make_response(page, STATUS.get(problem.reason, 400)))


def words(reason: Reason, name: str) -> str:
    """A sentence or two for whoever wanted to sign in."""
    known = {
        Reason.NOT_BEGUN: _("It took too long, or it was begun in another browser. Start again."),
        Reason.DECLINED: _("%(name)s did not sign you in. Start again, or use another way.", name=name),
        Reason.UNREACHABLE: _("We could not reach %(name)s. Wait a minute, then start again.", name=name),
        Reason.TOO_WEAK: _(
            "%(name)s did not check you well enough. Sign in there in two steps, such as with a smartcard or a code.",
            name=name,
        ),
        Reason.UNKNOWN: _(
            "We do not know who you are at %(name)s. If you have a password here, sign in with it and connect "
            "%(name)s on your account page. If you were invited, open the link in the invitation.",
            name=name,
        ),
        Reason.TAKEN: _("Somebody else here uses this sign-in of %(name)s. Ask an administrator.", name=name),
        Reason.SOMEBODY_ELSE: _("You signed in at %(name)s as somebody else. Start again as yourself.", name=name),
    }
    return known.get(
        reason,
        _("What %(name)s told us could not be trusted, so nobody was signed in. Tell an administrator.", name=name),
    )
