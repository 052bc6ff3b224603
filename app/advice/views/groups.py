"""Group sessions, and the templates that contacts begin with."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.advice import labels
from app.advice.access import READER, SUPERVISOR
from app.advice.group_forms import GroupForm, TemplateForm
from app.advice.issue_tree import issue_tree
from app.advice.models import ContactTemplate, GroupSession
from app.advice.operations import groups as verbs
from app.advice.operations.changing import ChangedMeanwhile
from app.advice.operations.templates import retire
from app.advice.queries import groups as queries
from app.advice.queries.rota import advisers
from app.advice.scope import is_supervisor
from app.advice.views.blueprint import advice
from app.core import clock
from app.core.errors import InvalidInput, Refused
from app.web.database import db
from app.web.done import done_before
from app.web.pagination import page_number

Page = Response | str | tuple[str, int]
_AS_THEY_ARE = ("issue", "came", "minutes", "happened_on", "place_name")


@advice.route("/desk/advice/groups", access=READER)
def groups() -> str:
    """All group sessions, the latest first."""
    rows, page = queries.groups(db.session(), current_actor(), page_number(request.args.get("page")))
    return render_template(
        "advice/groups.html",
        groups=rows,
        page=page,
        url=lambda number: url_for("advice.groups", page=number),
        user_id=current_actor().user_id,
        may_correct=is_supervisor(current_actor()),
        labels=labels,
        done=done_before(),
    )


@advice.route("/desk/advice/groups/new", access=READER, methods=["GET", "POST"])
def new_group() -> Page:
    """Write a group session down."""
    return _group(None)


@advice.route("/desk/advice/groups/<uuid:group_id>", access=READER, methods=["GET", "POST"])
def group(group_id: UUID) -> Page:
    """Put a group session right."""
    return _group(queries.group(db.session(), current_actor(), group_id))


def _group(found: GroupSession | None) -> Page:
    session, actor = db.session(), current_actor()
    form = GroupForm(data=_told(found) if found else {"happened_on": clock.today(), "adviser": str(actor.user_id)})
    form.offer(offered := advisers(session, actor))
    kept = None
    if form.validate_on_submit():
        try:
            if found is None:
                verbs.log_group(session, actor, form.told())
            else:
                verbs.correct_group(session, actor, found, form.told(), read=form.read_version)
        except ChangedMeanwhile as problem:
            form.form_errors.append(_(problem.message))
            kept = GroupForm(formdata=None, data=_told(found)) if found else None
            if kept:
                kept.offer(offered)
                form.version.data = kept.version.data
        except (InvalidInput, Refused) as problem:
            form.form_errors.append(_(problem.message))
        else:
            return redirect(url_for("advice.groups", done="saved"), code=303)
    page = render_template("advice/group_form.html", form=form, kept=kept, found=found)
    return (page, 422) if form.errors else page


def _told(found: GroupSession) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(found, name) for name in _AS_THEY_ARE}
    return values | {"adviser": str(found.adviser_id), "place": found.place.value, "version": str(found.version)}


@advice.route("/desk/advice/templates", access=SUPERVISOR)
def templates() -> str:
    """The organisation's templates, those out of use last."""
    return render_template(
        "advice/templates.html",
        templates=queries.templates(db.session(), current_actor(), also_retired=True),
        labels=labels,
        done=done_before(),
    )


@advice.route("/desk/advice/templates/new", access=SUPERVISOR, methods=["GET", "POST"])
def new_template() -> Page:
    """Write a template."""
    return _template(None)


@advice.route("/desk/advice/templates/<uuid:template_id>", access=SUPERVISOR, methods=["GET", "POST"])
def template(template_id: UUID) -> Page:
    """Change a template."""
    return _template(queries.template(db.session(), current_actor(), template_id))


def _template(found: ContactTemplate | None) -> Page:
    form, kept = TemplateForm(data=_of(found) if found else None), None
    if form.validate_on_submit():
        try:
            verbs.write_template(db.session(), current_actor(), form.told(), found, read=form.read_version)
        except ChangedMeanwhile as problem:
            form.form_errors.append(_(problem.message))
            kept = TemplateForm(formdata=None, data=_of(found)) if found else None
            form.version.data = kept.version.data if kept else ""
        except (InvalidInput, Refused) as problem:
            form.form_errors.append(_(problem.message))
        else:
            return redirect(url_for("advice.templates", done="saved"), code=303)
    page = render_template("advice/template_form.html", form=form, kept=kept, found=found, tree=issue_tree())
    return (page, 422) if form.errors else page


def _of(found: ContactTemplate) -> dict[str, object]:
    plain = ("name", "issues", "advice", "sources", "step", "step_days")
    values: dict[str, object] = {name: getattr(found, name) for name in plain}
    return values | {"level": found.level.value, "step_by": found.step_by.value, "version": str(found.version)}


@advice.route("/desk/advice/templates/<uuid:template_id>/use", access=SUPERVISOR, methods=["POST"])
def use_template(template_id: UUID) -> Response:
    """Take a template out of use, or bring it back."""
    session, actor = db.session(), current_actor()
    found = queries.template(session, actor, template_id)
    retire(session, actor, found, retired=request.form.get("do") != "back")
    return redirect(url_for("advice.templates", done="saved"), code=303)
