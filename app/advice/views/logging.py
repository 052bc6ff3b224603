"""Logging a contact: one page, kept as a draft at every step, so that nothing typed is ever lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from flask import Response, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse
from wtforms.fields.choices import SelectChoice

from app.accounts.current import current_actor
from app.advice import queries
from app.advice.access import WORKER
from app.advice.codes import ClientKind, Emergency
from app.advice.filling import as_told, with_template
from app.advice.forms import NEW_CASE, ContactForm, as_uuid
from app.advice.issue_finding import find_issues, signs_of_emergency
from app.advice.issue_tree import issue_tree
from app.advice.labels import CLIENT_KINDS
from app.advice.models import AdviceContact, AdviceDraft
from app.advice.operations import appointments, calls, queue
from app.advice.operations.appointments import LoggedAlready
from app.advice.operations.contacts import correct_contact, is_as_told, log_contact, open_contact
from app.advice.operations.drafts import save_draft, throw_away
from app.advice.queries import groups
from app.advice.queries.services import services_for
from app.advice.rules.timing import seconds_more
from app.advice.views.beginning import Origins, beginning
from app.advice.views.blueprint import advice
from app.advice.views.meanwhile import Meanwhile, OtherWindow
from app.advice.views.sent import Sent, the_sent_form
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotFound, Refused
from app.directory.wording.queries import wording
from app.people import queries as people
from app.people.models import Person
from app.people.operations import find_people, open_person
from app.people.queries import Search
from app.web.database import db
from app.web.filters import moment

Page = AnyResponse | str | tuple[str, int]
# Not kept with what was typed.
NOT_TYPED = frozenset({"csrf_token", "do", "draft", "opened", "kept_as", "form_key", "version", "seen"})
# A form that lay open for longer than this says nothing of how long it took.
LONGEST_TIMED = 3600


@advice.route("/desk/advice/log", access=WORKER, writes=True)
def log() -> str:
    """An empty form; from a person's record or from an earlier contact it begins with what is known."""
    origins, person = Origins.of(request.args), None
    if (person_id := _person_of(origins) or as_uuid(request.args.get("person"))) is not None:
        person = open_person(db.session(), current_actor(), person_id, reason="advice")
    if (wrong_id := origins["corrects"]) is not None:
        asked = open_contact(db.session(), current_actor(), wrong_id)
        wrong = queries.newest_of(db.session(), asked)
        form, ids = ContactForm(formdata=None, data=as_told(wrong)), {"corrects": wrong.id}
        origins = Origins(ids | ({"follows": wrong.follows_id} if wrong.follows_id else {}))
    else:
        form = ContactForm(formdata=None, data=beginning(origins, person))
    return _page(form, found=_chosen(form), sent=Sent(None, clock.now(), origins, uuid4()))


def _person_of(origins: Origins) -> UUID | None:
    """Whose record it is, where whoever waited or had an appointment has one."""
    entry, kept = origins.entry(), origins.kept_time()
    known = _visible(entry.person_id) if entry else None
    return known.id if known else (kept.booking.person_id if kept else None)


@advice.route("/desk/advice/log", access=WORKER, methods=["POST"], endpoint="log_sent")
def log_sent() -> Page:
    """What the pressed button says: look up, keep as a draft, or log."""
    sent, typed, do = the_sent_form(), _with_template(), request.form.get("do", "look")
    form = ContactForm(formdata=typed)
    try:
        if sent.parted is not None or sent.is_gone:
            return _come_back(form, sent, typed, other=sent.parted.id if sent.parted else None)
        if do == "log":
            return _log(form, sent, typed)
        draft = _keep(form, sent, typed)
    except InvalidInput as problem:
        return _not_kept(form, sent, _(problem.message))
    if do == "autosave":
        return _saved(draft)
    if do == "draft":
        return redirect(url_for("advice.home", done="draft"), code=303)
    return _page(form, found=_look(form), sent=replace(sent, draft=draft), looked=True)


def _come_back(
    form: ContactForm, sent: Sent, typed: MultiDict[str, str], *, other: UUID | None = None, logged: UUID | None = None
) -> AnyResponse:
    """Something came between: what was typed is kept as a draft, and shown again with what came between."""
    draft, gone = _keep(form, sent, typed), 1 if sent.is_gone else None
    page = url_for("advice.draft", draft_id=draft.id, other=other, logged=logged, gone=gone)
    return jsonify({"go": page}) if request.form.get("do") == "autosave" else redirect(page, code=303)


def _not_kept(form: ContactForm, sent: Sent, words: str) -> Page:
    """It is too long for a draft even: nothing is kept, and everything stays on the page."""
    form.validate()
    form.form_errors.append(words)
    if request.form.get("do") == "autosave":
        return make_response(jsonify({"unsaved": words}), 422)
    return _page(form, found=_chosen(form), sent=sent), 422


@advice.route("/desk/advice/drafts/<uuid:draft_id>", access=WORKER, writes=True)
def draft(draft_id: UUID) -> str:
    """Go on with a draft, just as it was left; with what came between, where something did."""
    kept = queries.draft(db.session(), current_actor(), draft_id)
    if kept.person_id is not None:
        open_person(db.session(), current_actor(), kept.person_id, reason="advice")
    form = ContactForm(formdata=_typed(kept))
    return _page(
        form,
        found=_chosen(form),
        sent=Sent(kept, clock.now(), Origins.of(kept.fields), uuid4()),
        other=OtherWindow.of(form, as_uuid(request.args.get("other"))),
        logged_as=_own_contact(as_uuid(request.args.get("logged"))),
        is_gone="gone" in request.args,
    )


def _own_contact(contact_id: UUID | None) -> AdviceContact | None:
    """The contact that the page was logged as before."""
    try:
        return open_contact(db.session(), current_actor(), contact_id) if contact_id else None
    except NotFound:
        return None


@advice.route("/desk/advice/drafts/<uuid:draft_id>/throw-away", access=WORKER, methods=["POST"])
def throw_draft_away(draft_id: UUID) -> AnyResponse:
    """Delete a draft."""
    throw_away(db.session(), queries.draft(db.session(), current_actor(), draft_id))
    return redirect(url_for("advice.home", done="thrown-away"), code=303)


def _log(form: ContactForm, sent: Sent, typed: MultiDict[str, str]) -> Page:
    if form.validate():
        if (before := sent.logged_before()) is not None:
            return _logged_twice(form, sent, typed, before)
        if Meanwhile.of(sent.origins).is_news(request.form.get("seen", "")):
            return _come_back(form, sent, typed)
        try:
            return _done(_made(form, sent), form, sent)
        except IntegrityError:  # the same, sent twice at the same time
            if (before := sent.logged_before()) is None:
                raise
            return _logged_twice(form, sent, typed, before)
        except LoggedAlready as problem:
            form.form_errors.append(_(problem.message))
            sent = replace(sent, origins=sent.origins.without("appointment"))
        except (InvalidInput, Refused) as problem:
            form.form_errors.append(_(problem.message))
        except NotFound:
            form.form_errors.append(_("The person, the case or the earlier contact is not there any more"))
    return _page(form, found=_look(form), sent=sent), 422


def _done(made: AdviceContact, form: ContactForm, sent: Sent) -> AnyResponse:
    if sent.draft is not None:
        throw_away(db.session(), sent.draft)
    is_new = made.replaces_id is None
    services, done = (form.services_picked, "logged") if is_new else ([], "corrected")
    return redirect(url_for("advice.contact", contact_id=made.id, done=done, service=services), code=303)


def _logged_twice(form: ContactForm, sent: Sent, typed: MultiDict[str, str], before: AdviceContact) -> AnyResponse:
    """The button was pressed twice, or somebody went back to the page: only what is new there is kept, as a draft."""
    if is_as_told(before, form.told(follows_id=sent.origins["follows"])):
        return _done(before, form, sent)
    return _come_back(form, sent, typed, logged=before.id)


def _made(form: ContactForm, sent: Sent) -> AdviceContact:
    session = db.session()
    with session.begin_nested():
        return _write_down(session, current_actor(), form, sent)


def _write_down(session: Session, actor: Actor, form: ContactForm, sent: Sent) -> AdviceContact:
    told = replace(
        form.told(follows_id=sent.origins["follows"], seconds=_seconds(sent)),
        form_key=sent.form_key,
    )
    if (wrong_id := sent.origins["corrects"]) is not None:
        return correct_contact(session, actor, queries.contact(session, actor, wrong_id), told)
    entry, call = sent.origins.entry(), sent.origins.phone_call()
    came_from = entry or call
    made = log_contact(session, actor, replace(told, session_id=came_from.session_id if came_from else None))
    if entry is not None:
        queue.tie_contact(session, actor, entry, made)
    if call is not None:
        calls.tie_contact(session, actor, call, made)
    if (kept := sent.origins.kept_time()) is not None:
        appointments.tie_contact(session, actor, kept, made)
    return made


def _with_template() -> MultiDict[str, str]:
    """What was sent, with what a template adds where one was picked."""
    template_id = as_uuid(request.form.get("template"))
    if template_id is None:
        return request.form
    return with_template(request.form, groups.template(db.session(), current_actor(), template_id))


def _keep(form: ContactForm, sent: Sent, sent_words: MultiDict[str, str]) -> AdviceDraft:
    typed = {name: values for name, values in sent_words.lists() if name not in NOT_TYPED and _is_ours(form, name)}
    typed |= {name: [str(id_)] for name, id_ in sent.origins.ids.items()}
    person = _visible(form.person_id) if form.has_person else None
    draft = save_draft(
        db.session(),
        current_actor(),
        sent.draft,
        typed,
        opened=sent.opened,
        person_id=person.id if person else None,
        title=_title(form, person),
    )
    draft.form_key = sent.form_key
    return draft


def _is_ours(form: ContactForm, name: str) -> bool:
    return name in form or name.rpartition("-")[0] in form


def _title(form: ContactForm, person: Person | None) -> str:
    """What a draft is known by in the list of its writer."""
    if person is not None:
        return person.name
    if form.client_kind.data == ClientKind.ANONYMOUS.value:
        return str(CLIENT_KINDS[ClientKind.ANONYMOUS])
    return (form.name.data if form.has_person else form.client_number.data) or str(_("No name yet"))


def _saved(draft: AdviceDraft) -> Response:
    words = _("Saved as a draft: %(time)s", time=moment(draft.saved_at))
    return jsonify({"draft": str(draft.id), "version": draft.version, "saved": words})


def _seconds(sent: Sent) -> int | None:
    now = clock.now()
    if sent.draft is not None:
        return sent.draft.active_seconds + seconds_more(sent.draft.saved_at, now)
    taken = round((now - sent.opened).total_seconds())
    return taken if taken <= LONGEST_TIMED else None


def _typed(kept: AdviceDraft) -> MultiDict[str, str]:
    return MultiDict((name, value) for name, values in kept.fields.items() for value in values)


def _chosen(form: ContactForm) -> list[Person]:
    person = _visible(form.person_id)
    return [person] if person else []


def _look(form: ContactForm) -> list[Person]:
    """The person who was chosen; those of the name that was typed where nobody was."""
    if chosen := _chosen(form):
        return chosen
    if not form.has_person or not form.name.data or form.name.errors:
        return []
    found, _total = find_people(db.session(), current_actor(), Search(name=form.name.data))
    return found


def _visible(person_id: UUID | None) -> Person | None:
    if person_id is None:
        return None
    try:
        return people.person(db.session(), current_actor(), person_id)
    except NotFound:
        return None


def _page(form: ContactForm, *, found: list[Person], sent: Sent, **shown: Any) -> str:
    meanwhile = Meanwhile.of(sent.origins)
    meanwhile.put_on_record()
    origins = meanwhile.origins
    values: dict[str, Any] = {"looked": False, "other": None, "logged_as": None, "is_gone": False}
    suggested = find_issues(form.words.data or "", known=wording(db.session()))
    chosen = form.issue_codes
    form.case.choices = _case_choices(form, origins["corrects"])
    return render_template(
        "advice/log.html",
        form=form,
        found=found,
        opened=sent.opened.isoformat(),
        draft=sent.draft,
        form_key=sent.form_key,
        meanwhile=meanwhile,
        whose=current_actor().user_id,
        origins=origins.ids,
        corrects_id=origins["corrects"],
        offered=list(dict.fromkeys([*chosen, *(issue.code for issue in suggested)])),
        tree=issue_tree(),
        templates=groups.templates(db.session(), current_actor()),
        hinted=_not_ticked_yet(form),
        services=services_for(
            db.session(), chosen or [issue.code for issue in suggested], form.services_picked, near=_near(form)
        ),
        **(values | shown),
    )


def _not_ticked_yet(form: ContactForm) -> list[Emergency]:
    """Emergencies that the words hint at and nobody has ticked."""
    ticked = form.emergencies.data or ()
    return [each for each in signs_of_emergency(form.words.data or "") if each.value not in ticked]


def _near(form: ContactForm) -> str:
    """Where the chosen client lives; nothing where that is not known or not theirs to show."""
    chosen = _visible(form.person_id) if form.has_person else None
    return chosen.postcode if chosen else ""


def _case_choices(form: ContactForm, corrects_id: UUID | None) -> list[SelectChoice]:
    """Not part of a case, one of the client's open cases, or a new one; for a correction also the case it is in."""
    kind, session, actor = form.client_kind.data, db.session(), current_actor()
    numbered = form.client_number.data or "" if kind == ClientKind.NUMBERED.value else ""
    person_id = form.person_id if form.has_person else None
    known = queries.open_cases_of(session, actor, person_id=person_id, client_number=numbered)
    present = queries.contact(session, actor, corrects_id).case if corrects_id else None
    if present is not None and present not in known:
        known = [present, *known]
    return [
        SelectChoice("", _("No")),
        *(SelectChoice(str(case.id), f"{case.shown_number}, {issue_tree().label(case.issue)}") for case in known),
        SelectChoice(NEW_CASE, _("Open a new case")),
    ]
