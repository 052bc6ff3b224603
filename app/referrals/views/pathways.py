"""A manager's pathways: taken over from a template, changed with a preview, opened and closed."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.core.errors import InvalidInput, NotFound, Refused
from app.referrals import words
from app.referrals.access import MANAGER
from app.referrals.forms.own import own_form
from app.referrals.forms.pathway import HEADINGS, PathwayForm
from app.referrals.forms.writing import referral_form
from app.referrals.operations import pathways as operations
from app.referrals.pathways.definition import Definition
from app.referrals.queries import pathways as queries
from app.referrals.rules.timing import CHECKLIST_CLOCKS
from app.referrals.views.acting import version_of
from app.referrals.views.blueprint import referrals
from app.web.database import db
from app.web.done import done_before

Page = Response | str | tuple[str, int]


@referrals.route("/desk/pathways", access=MANAGER)
def pathways() -> str:
    """The organisation's own, and the ready-made ones."""
    session = db.session()
    return render_template(
        "referrals/pathways.html",
        own=queries.kept_by(session, current_actor()),
        templates=queries.templates(session),
        done=done_before(),
    )


@referrals.route("/desk/pathways/take-over/<uuid:template_id>", access=MANAGER, methods=["POST"])
def take_over(template_id: UUID) -> Response:
    """A template becomes a pathway of the organisation, not yet open."""
    session = db.session()
    found = next((each for each in queries.templates(session) if each.id == template_id), None)
    if found is None:
        raise NotFound("pathway")
    made = operations.take_over(session, current_actor(), found)
    return redirect(url_for("referrals.edit_pathway", pathway_id=made.id), code=303)


@referrals.route("/desk/pathways/<uuid:pathway_id>", access=MANAGER, methods=["GET", "POST"])
def edit_pathway(pathway_id: UUID) -> Page:
    """The form of a pathway; its preview shows what referrers and people would see."""
    session, actor = db.session(), current_actor()
    pathway = queries.kept_one(session, actor, pathway_id)
    told = queries.definition(session, pathway)
    form = PathwayForm.showing(told, version=pathway.version, notify_email=pathway.notify_email or "")
    shown: Definition | None = None
    if request.method == "POST" and form.validate():
        wanted = form.definition()
        if request.form.get("do") == "preview":
            shown = wanted
        else:
            try:
                changed = operations.change_pathway(
                    session, actor, pathway, wanted, version=version_of(form.version.data or "")
                )
                moved = operations.set_notice_address(session, actor, pathway, form.notify_email.data or None)
                done = "saved" if changed or moved else "same"
                return redirect(url_for("referrals.edit_pathway", pathway_id=pathway.id, done=done), code=303)
            except (InvalidInput, Refused) as problem:
                session.rollback()
                form.form_errors.append(_(problem.message))
                pathway = queries.kept_one(session, actor, pathway_id)
    page = render_template(
        "referrals/pathway.html",
        pathway=pathway,
        form=form,
        shown=shown,
        preview=referral_form(shown, formdata=None) if shown else None,
        own_preview=own_form(shown, formdata=None) if shown and shown.self_referral else None,
        headings=HEADINGS,
        versions=queries.versions(session, pathway.id),
        checklist_clocks=CHECKLIST_CLOCKS,
        words=words,
        done=done_before(),
    )
    return (page, 422) if form.errors else page


@referrals.route("/desk/pathways/<uuid:pathway_id>/open", access=MANAGER, methods=["POST"])
def open_pathway(pathway_id: UUID) -> Response:
    """Let people be referred by it."""
    return _set_open(pathway_id, is_open=True)


@referrals.route("/desk/pathways/<uuid:pathway_id>/close", access=MANAGER, methods=["POST"])
def close_pathway(pathway_id: UUID) -> Response:
    """Let nobody new be referred by it; what was sent goes on."""
    return _set_open(pathway_id, is_open=False)


def _set_open(pathway_id: UUID, *, is_open: bool) -> Response:
    session, actor = db.session(), current_actor()
    operations.set_open(session, actor, queries.kept_one(session, actor, pathway_id), is_open=is_open)
    return redirect(
        url_for("referrals.edit_pathway", pathway_id=pathway_id, done="open" if is_open else "closed"), code=303
    )
