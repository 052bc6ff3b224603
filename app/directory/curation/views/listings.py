"""Listings as staff see them: lists, one listing, its form, its checks and its places."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.core import clock
from app.core.errors import InvalidInput, NotFound
from app.directory import queries as directory
from app.directory.codes import Accepting, ProblemKind
from app.directory.curation import experiences, flags, operations, queries
from app.directory.curation.access import ANY_STAFF, CURATOR, EDITOR, is_editor
from app.directory.curation.adding import add_listing, organization_names
from app.directory.curation.document import document_of
from app.directory.curation.forms import CapacityForm, ListingForm, NewListingForm
from app.directory.curation.parts.rows import Row
from app.directory.curation.problems import report_problem
from app.directory.curation.row_words import lines
from app.directory.curation.rules import freshness, quality_gaps
from app.directory.curation.views.blueprint import curation
from app.directory.curation.views.words import CHECKS, GAPS, QUEUE_TITLES, confidence_words, flag_words
from app.directory.importing.identity import as_uuid
from app.directory.models import Proposal, Service
from app.web.database import db
from app.web.done import done_before
from app.web.pagination import Page, page_number


@curation.route("/desk/listings", access=CURATOR)
def listings() -> str:
    """The listings that one may curate."""
    words, queue = request.args.get("q", "")[:200], request.args.get("queue", "")
    number = page_number(request.args.get("page"))
    found, total = queries.listings(db.session(), current_actor(), words=words, queue=queue, page=number)
    ids = [service.id for service in found]
    return render_template(
        "curation/listings.html",
        listings=[(service, freshness(service.next_check_on, clock.today())) for service in found],
        total=total,
        page=Page(number, queries.PAGE, total),
        page_url=lambda page: url_for("curation.listings", q=words or None, queue=queue or None, page=page),
        words=words,
        queue=queue,
        proposed=flags.proposed_by_listing(db.session(), ids) if queue == "topics-by-rule" else {},
        is_editor=is_editor(current_actor()),
        done=done_before(),
        heading=QUEUE_TITLES.get(queue, _("Listings")),
    )


@curation.route("/desk/listings/new", access=EDITOR, methods=["GET", "POST"])
def new_listing() -> Response | str | tuple[str, int]:
    """Begin a listing by hand; its own form is the next page."""
    session, form = db.session(), NewListingForm()
    if form.validate_on_submit():
        told = {"name": form.name.data, "description": form.description.data, "organization": form.organization.data}
        try:
            made = add_listing(session, current_actor(), **told)
        except InvalidInput as problem:
            form.name.errors = [_(problem.message)]
        else:
            return redirect(url_for("curation.edit", service_id=made.id), code=303)
    page = render_template("curation/new.html", form=form, organizations=organization_names(session))
    return (page, 422) if form.errors else page


@curation.route("/desk/listings/<uuid:service_id>", access=CURATOR)
def listing(service_id: UUID) -> str:
    """One listing: what is known of it, what is missing, what was changed."""
    session, actor = db.session(), current_actor()
    service = queries.listing(session, actor, service_id)
    confidence = queries.confidence_in(session, service)
    checks = queries.checks_of(session, service.id)
    checked_by = queries.last_checked_by(session, service)
    waiting, problems = queries.proposals_of(session, service.id), queries.problems_of(session, service.id)
    told_of = [checked_by, *(check.by_id for check in checks), *(each.proposed_by_id for each in waiting)]
    return render_template(
        "curation/listing.html",
        service=service,
        standing=freshness(service.next_check_on, clock.today()),
        confidence=confidence,
        trust=confidence_words(confidence),
        checks=checks,
        check_words=CHECKS,
        checked_by=checked_by,
        names=queries.names_of(session, told_of) if is_editor(actor) else {},
        problems=problems if is_editor(actor) else [],
        gaps=[GAPS[gap] for gap in _gaps(service)],
        flags=[(flag, *flag_words(flag)) for flag in flags.to_look_at(session, service)],
        proposed=flags.proposed_topics(service),
        waiting=waiting,
        own=actor.user_id,
        versions=queries.versions(session, service.id),
        may_restore=is_editor(actor),
        capacity=_capacity_form(service),
        capacity_hint=experiences.capacity_hint(session, service),
        done=done_before(),
    )


def _gaps(service: Service) -> list[str]:
    return quality_gaps(
        document_of(service),
        has_hours=bool(service.schedules) or any(place.schedules for place in service.service_at_locations),
        has_costs=bool(service.cost_options),
        has_contact=bool(service.organization.phones),
    )


@curation.route("/desk/listings/<uuid:service_id>/edit", access=CURATOR, methods=["GET", "POST"])
def edit(service_id: UUID) -> Response | str | tuple[str, int]:
    """The form of a listing: an editor's change is published, a provider's is proposed.

    A change of one's own that waits comes back as it was written, and what is sent takes its place.
    """
    session, actor = db.session(), current_actor()
    service = queries.listing(session, actor, service_id)
    waiting = queries.own_waiting(session, actor, service.id, as_uuid(request.values.get("change", "")))
    said = document_of(service) | (waiting.after if waiting else {})
    form = ListingForm.showing(said, topic_choices(service))
    if not form.was_pressed and form.validate_on_submit():
        done = _take(form, service, waiting)
        return redirect(url_for("curation.listing", service_id=service.id, done=done), code=303)
    page = edit_page(service, form, is_editor=is_editor(actor), waiting=waiting)
    return (page, 422) if form.errors else page


def edit_page(
    service: Service,
    form: ListingForm,
    *,
    is_editor: bool = False,
    by_link: bool = False,
    waiting: Proposal | None = None,
) -> str:
    """The page with the form of a listing. Whoever came by a link is not told addresses that are kept private."""
    places = document_of(service)["places"]

    def told(kind: str, row: Row) -> str:
        if by_link and row.get("confidential"):
            return str(_("A private address"))
        return lines(kind, [row], [] if by_link else places)[0]

    return render_template(
        "curation/edit.html",
        service=service,
        form=form,
        is_editor=is_editor,
        by_link=by_link,
        told=told,
        waiting=waiting,
    )


def _take(form: ListingForm, service: Service, waiting: Proposal | None) -> str:
    session, actor = db.session(), current_actor()
    if is_editor(actor):
        if waiting is not None:
            operations.withdraw(session, actor, waiting)
        changed = operations.publish(session, actor, service, form.document(), reason=form.note.data or "")
        return "published" if changed else "same"
    note = form.note.data or ""
    proposal = operations.propose(session, actor, service, form.document(), note=note, instead=waiting)
    if proposal is None and waiting is not None:
        return "taken-back"
    return "same" if proposal is None else "proposed" if proposal.decided_at is None else "published"


def topic_choices(service: Service | None = None) -> list[tuple[str, str]]:
    """Every topic in use, each sub-topic after its topic; then those out of use that the listing has all the same."""
    choices: list[tuple[str, str]] = []
    for root in directory.topics_tree(db.session()):
        choices.append((root.code, root.name))
        choices.extend((child.code, f"{root.name}: {child.name}") for child in root.children)
    held = [attribute.taxonomy_term for attribute in service.attributes] if service else []
    choices.extend((term.code, _("%(topic)s (no longer used)", topic=term.name)) for term in held if term.retired)
    return choices


@curation.route("/desk/listings/<uuid:service_id>/still-right", access=CURATOR, methods=["POST"])
def still_right(service_id: UUID) -> Response:
    """One press: the listing is right as it stands."""
    service = queries.listing(db.session(), current_actor(), service_id)
    operations.still_right(db.session(), current_actor(), service)
    return redirect(url_for("curation.listing", service_id=service.id, done="checked"), code=303)


@curation.route("/desk/listings/<uuid:service_id>/flags/<uuid:flag_id>/looked-at", access=EDITOR, methods=["POST"])
def looked_at(service_id: UUID, flag_id: UUID) -> Response:
    """One press: an editor has looked at what an import was unsure of, and it may stand."""
    service = queries.listing(db.session(), current_actor(), service_id)
    flags.looked_at(db.session(), current_actor(), service, flag_id)
    return redirect(url_for("curation.listing", service_id=service.id, done="looked-at"), code=303)


@curation.route("/desk/listings/<uuid:service_id>/topics-right", access=EDITOR, methods=["POST"])
def topics_right(service_id: UUID) -> Response:
    """One press: the topics that were proposed by the words of the listing are right."""
    service = queries.listing(db.session(), current_actor(), service_id)
    flags.topics_are_right(db.session(), current_actor(), service)
    return redirect(url_for("curation.listing", service_id=service.id, done="looked-at"), code=303)


@curation.route("/desk/listings/<uuid:service_id>/capacity", access=CURATOR, methods=["POST"])
def capacity(service_id: UUID) -> Response | tuple[str, int]:
    """Whether it takes new people."""
    session, actor = db.session(), current_actor()
    service = queries.listing(session, actor, service_id)
    form = CapacityForm()
    if not form.validate_on_submit():
        return render_template("curation/capacity.html", service=service, form=form), 422
    operations.state_capacity(session, actor, service, Accepting(form.accepting.data), wait_weeks=form.wait_weeks.data)
    return redirect(url_for("curation.listing", service_id=service.id, done="capacity"), code=303)


def _capacity_form(service: Service) -> CapacityForm:
    return CapacityForm(
        data={"accepting": service.accepting.value if service.accepting else None, "wait_weeks": service.wait_weeks}
    )


@curation.route("/desk/listings/<uuid:service_id>/restore/<int:number>", access=EDITOR, methods=["POST"])
def restore(service_id: UUID, number: int) -> Response:
    """Bring back an earlier version."""
    service = queries.listing(db.session(), current_actor(), service_id)
    operations.restore(db.session(), current_actor(), service, number)
    return redirect(url_for("curation.listing", service_id=service.id, done="restored"), code=303)


@curation.route("/services/<uuid:service_id>/rang-wrong", access=ANY_STAFF, methods=["POST"])
def rang_and_it_was_wrong(service_id: UUID) -> Response:
    """One press of staff who rang a number that did not lead there."""
    service = directory.service_page(db.session(), service_id)
    if service is None:
        raise NotFound("service")
    report_problem(db.session(), current_actor(), service, kind=ProblemKind.PHONE)
    return redirect(f"/services/{service.id}?reported=1", code=303)
