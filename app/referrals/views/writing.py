"""Referring somebody: which pathway, who it is, the form, the agreement, sent."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.codes import OrganizationKind
from app.accounts.current import current_actor, signed_in
from app.core import clock
from app.core.errors import InvalidInput, NotFound, Refused
from app.directory.queries import service_page
from app.people.models import Person
from app.people.operations import add_person, find_people, open_person
from app.people.queries import person as person_of
from app.referrals import words
from app.referrals.access import REFERRER
from app.referrals.codes import DangerCall, Source, Status
from app.referrals.forms.fields import needed
from app.referrals.forms.writing import AgreementForm, FindForm, PersonForm, ReferralForm, field_name, referral_form
from app.referrals.models import Pathway, Referral
from app.referrals.operations import drafts
from app.referrals.operations.moving import Incomplete
from app.referrals.operations.pathways import pathway_to_listing
from app.referrals.pathways.definition import Definition
from app.referrals.queries import pathways
from app.referrals.queries import referrals as queries
from app.referrals.queries.referrals import standing_level
from app.referrals.queries.times import definition_for
from app.referrals.rules.eligibility import Applicant, Doubt, Finding, doubts
from app.referrals.snapshots import snapshot_of
from app.referrals.views.blueprint import referrals
from app.web.database import db

Page = Response | str | tuple[str, int]
NONE = UUID(int=0)
# Who most likely refers from where.
_SOURCE_OF = {
    OrganizationKind.SURGERY: Source.GP,
    OrganizationKind.HUB: Source.VOLUNTARY_SECTOR,
    OrganizationKind.ADVICE: Source.VOLUNTARY_SECTOR,
    OrganizationKind.PROVIDER: Source.VOLUNTARY_SECTOR,
    OrganizationKind.COLLEGE: Source.EDUCATION,
}


@referrals.route("/desk/referrals/new", access=REFERRER)
def choose_pathway() -> str:
    """The pathways that take people, those of a listing first where one is asked for."""
    session = db.session()
    service = service_page(session, _uuid(request.args.get("service", "")))
    for_service = pathways.of_service(session, service) if service else []
    others = [each for each in pathways.open_pathways(session) if each.organization_id and each not in for_service]
    told = {each.id: pathways.definition(session, each) for each in (*for_service, *others)}
    reachable = service is not None and service.organization.member_organization_id is None
    return render_template(
        "referrals/choose_pathway.html",
        service=service,
        for_service=for_service,
        others=others,
        told=told,
        by_link=bool(service and reachable and (service.email or service.organization.email)),
        person=request.args.get("person", ""),
    )


@referrals.route("/desk/referrals/new/listing/<uuid:service_id>", access=REFERRER, methods=["POST"])
def use_listing(service_id: UUID) -> Response:
    """Refer to a listed service that has no account: it answers by a signed link."""
    session = db.session()
    service = service_page(session, service_id)
    if service is None:
        raise NotFound("service")
    pathway = pathway_to_listing(session, current_actor(), service)
    person = request.form.get("person") or None
    return redirect(url_for("referrals.choose_person", pathway_id=pathway.id, person=person), code=303)


@referrals.route("/desk/referrals/new/<uuid:pathway_id>", access=REFERRER, methods=["GET", "POST"], writes=True)
def choose_person(pathway_id: UUID) -> Page:
    """Who it is: found among the people of the organisation, or added."""
    session, actor = db.session(), current_actor()
    pathway = pathways.open_pathway(session, pathway_id)
    if known := request.args.get("person"):
        person_of(session, actor, _uuid(known))
        return redirect(url_for("referrals.write", pathway_id=pathway.id, person=known), code=303)
    adding = request.form.get("step") == "add"
    find = FindForm() if not adding else FindForm(formdata=None)
    new = PersonForm() if adding else PersonForm(formdata=None)
    if adding and new.validate_on_submit():
        person = add_person(session, actor, new.details(**_practice()))
        return redirect(url_for("referrals.write", pathway_id=pathway.id, person=person.id), code=303)
    found: list[Person] = []
    searched = request.method == "POST" and not adding and find.validate()
    if searched:
        found, _total = find_people(session, actor, find.search())
        for field in find:  # the form for somebody new stands on the same page, with fields of the same names
            field.id = f"find-{field.id}"
        new.name.data, new.born_on.typed = find.name.data, find.born_on.typed
        new.nhs_number.data = find.nhs_number.data
    page = render_template(
        "referrals/choose_person.html",
        pathway=pathway,
        find=find,
        new=new,
        found=found,
        searched=searched,
        adding=adding,
    )
    return (page, 422) if find.errors or new.errors else page


@referrals.route("/desk/referrals/new/<uuid:pathway_id>/write", access=REFERRER, methods=["GET", "POST"], writes=True)
def write(pathway_id: UUID) -> Page:
    """The form of the pathway. Sending it makes a draft; nothing is shared yet."""
    session, actor = db.session(), current_actor()
    pathway = pathways.open_pathway(session, pathway_id)
    person = open_person(session, actor, _uuid(request.values.get("person", "")))
    told = pathways.definition(session, pathway)
    form = _form(told, {"submission_key": secrets.token_urlsafe(18), "person": str(person.id)})
    if request.method == "POST" and form.validate():
        try:
            draft = drafts.begin(
                session, actor, person, pathway, form.written(), submission_key=form.submission_key.data or ""
            )
            return redirect(url_for("referrals.check", referral_id=draft.id), code=303)
        except (InvalidInput, Refused) as problem:
            form.form_errors.append(_(problem.message))
    return _page(form, pathway, person, told)


@referrals.route("/desk/referrals/<uuid:referral_id>/edit", access=REFERRER, methods=["GET", "POST"])
def edit(referral_id: UUID) -> Page:
    """Change a draft."""
    session, actor = db.session(), current_actor()
    draft = own_draft(referral_id)
    told = definition_for(session, draft)
    form = _form(told, _as_written(draft))
    if request.method == "POST" and form.validate():
        try:
            drafts.rewrite(session, actor, draft, form.written(), version=_version(form))
            return redirect(url_for("referrals.check", referral_id=draft.id), code=303)
        except (InvalidInput, Refused) as problem:
            session.rollback()
            form.form_errors.append(_(problem.message))
    return _page(form, draft.pathway, draft.person, told)


@referrals.route("/desk/referrals/<uuid:referral_id>/check", access=REFERRER, methods=["GET", "POST"])
def check(referral_id: UUID) -> Page:
    """Everything that would be shared, what does not fit, and the person's agreement; then it is sent."""
    session, actor = db.session(), current_actor()
    draft = queries.referral(session, actor, referral_id)
    if draft.referrer_organization_id != actor.organization_id:
        raise NotFound("referral")
    if draft.status is not Status.DRAFT:
        return redirect(url_for("referrals.show", referral_id=draft.id), code=303)
    form = AgreementForm(data={"version": str(draft.version), "level": standing_level(session, draft)})
    if request.method == "POST" and form.validate():
        try:
            drafts.send(session, actor, draft, form.agreement(), version=_version(form))
            return redirect(url_for("referrals.show", referral_id=draft.id, done="sent"), code=303)
        except Incomplete as problem:
            session.rollback()
            form.form_errors += [str(words.NEED[need]) for need in sorted(problem.missing)]
        except (InvalidInput, Refused) as problem:
            session.rollback()
            form.form_errors.append(_(problem.message))
        draft = queries.referral(session, actor, referral_id)
    told = definition_for(session, draft)
    page = render_template(
        "referrals/check.html",
        draft=draft,
        sent=snapshot_of(session, draft, told),
        form=form,
        told=told,
        receiver=drafts.receiver_name(draft),
        findings=findings_of(told, draft),
        danger=draft.danger is not DangerCall.NO_DANGER,
        words=words,
    )
    return (page, 422) if form.errors else page


def own_draft(referral_id: UUID) -> Referral:
    """A draft of the actor's organisation. NotFound for any other, and for what was sent."""
    session, actor = db.session(), current_actor()
    draft = queries.referral(session, actor, referral_id)
    if draft.status is not Status.DRAFT or draft.referrer_organization_id != actor.organization_id:
        raise NotFound("referral")
    return draft


def findings_of(told: Definition, draft: Referral) -> list[str]:
    """What does not seem to fit, each as a sentence."""
    applicant = Applicant(born=draft.person.born_on, postcode=draft.person.postcode, practice=draft.person.gp_ods_code)
    found = doubts(told, source=draft.source, applicant=applicant, answers=draft.eligibility, today=clock.today())
    return [_said(told, each) for each in found]


def _said(told: Definition, finding: Finding) -> str:
    match finding.doubt:
        case Doubt.TOO_YOUNG:
            return str(_("It is for people from the age of %(age)s.", age=told.minimum_age))
        case Doubt.TOO_OLD:
            return str(_("It is for people up to the age of %(age)s.", age=told.maximum_age))
        case Doubt.AREA:
            return str(_("The address or the GP practice seems to lie outside its area."))
        case Doubt.SOURCE:
            return str(_("It does not take referrals from you."))
        case Doubt.ANSWER:
            return finding.otherwise


def _form(told: Definition, data: dict[str, Any]) -> ReferralForm:
    form = referral_form(told, data=data)
    form.source.validators = needed(_("Choose who is referring"))
    offered = [code for code, *_rest in form.source.iter_choices()]
    place = _workplace()
    likely = _SOURCE_OF.get(place.kind) if place else None
    if request.method == "GET" and likely is not None and likely.value in offered and not data.get("source"):
        form.source.data = likely.value
    return form


def _as_written(draft: Referral) -> dict[str, Any]:
    answers = {field_name(key): answer for key, answer in (draft.answers | draft.eligibility).items()}
    return {
        **answers,
        "version": str(draft.version),
        "person": str(draft.person_id),
        "submission_key": draft.submission_key,
        "source": draft.source.value,
        "priority": draft.priority.value,
        "danger": draft.danger.value,
        "what_would_help": draft.what_would_help,
        "risk_words": draft.risk_words,
    }


def _page(form: ReferralForm, pathway: Pathway, person: Person, told: Definition) -> Page:
    page = render_template(
        "referrals/write.html", form=form, pathway=pathway, person=person, told=told, field_name=field_name
    )
    return (page, 422) if form.errors else page


def _workplace() -> Any:
    known = signed_in()
    return known.organization if known else None


def _practice() -> dict[str, str]:
    place = _workplace()
    if place is None or place.kind is not OrganizationKind.SURGERY:
        return {}
    return {"gp_name": place.name, "gp_ods_code": place.ods_code or ""}


def _version(form: Any) -> int:
    text = form.version.data or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return NONE
