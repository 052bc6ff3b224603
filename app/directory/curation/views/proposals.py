"""Proposed changes: the queue, and one with its difference."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.core.errors import InvalidInput, Refused
from app.directory.codes import ProposalState
from app.directory.curation import operations, queries
from app.directory.curation.access import EDITOR
from app.directory.curation.document import document_of
from app.directory.curation.forms import DecisionForm
from app.directory.curation.views.blueprint import curation
from app.directory.curation.views.words import changes_of
from app.directory.models import Proposal
from app.web.database import db


@curation.route("/desk/proposals", access=EDITOR)
def proposals() -> str:
    """What waits for a decision, oldest first."""
    found = queries.proposals(db.session(), current_actor())
    names = queries.names_of(db.session(), (each.proposed_by_id for each in found))
    return render_template("curation/proposals.html", proposals=found, names=names)


@curation.route("/desk/proposals/<uuid:proposal_id>", access=EDITOR, methods=["GET", "POST"])
def proposal(proposal_id: UUID) -> Response | str | tuple[str, int]:
    """One proposal: what was, what should be, and the decision."""
    found = queries.proposal(db.session(), current_actor(), proposal_id)
    form = DecisionForm(data={"fields": list(found.after)})
    if form.validate_on_submit():
        try:
            _decide(found, form)
        except (InvalidInput, Refused) as problem:
            db.session().rollback()
            form.form_errors.append(_(problem.message))
        else:
            return redirect(url_for("curation.proposals"), code=303)
    changes = changes_of(found.before, found.after, places=document_of(found.service)["places"])
    waits = found.state in {ProposalState.OPEN, ProposalState.ASKED}
    names = queries.names_of(db.session(), [found.proposed_by_id])
    page = render_template(
        "curation/proposal.html", proposal=found, changes=changes, form=form, waits=waits, names=names
    )
    return (page, 422) if form.errors else page


def _decide(found: Proposal, form: DecisionForm) -> None:
    session, actor, answer = db.session(), current_actor(), form.answer.data or ""
    match request.form.get("decision"):
        case "approve":
            operations.approve(session, actor, found, fields=frozenset(form.fields.data or ()), answer=answer)
        case "decline":
            operations.decline(session, actor, found, answer=answer)
        case "ask":
            operations.ask(session, actor, found, answer=answer)
        case _:
            raise InvalidInput("Choose what to do with it.")
