"""The signposts of the own organisation: the list, one of them, its slip on paper, and giving it again."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.current import current_actor, signed_in
from app.accounts.models import User
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.errors import InvalidInput, NotFound, Refused
from app.people import queries as people
from app.people.models import Person
from app.referrals.rules.gp_record import Consultation, Interaction, consultation_text
from app.referrals.signposts import coming_back, operations, queries, sending
from app.referrals.signposts.access import SIGNPOSTER
from app.referrals.signposts.codes import PAPERS, Way
from app.referrals.signposts.forms import REACH_PROBLEM, UNSAFE, GiveAgainForm
from app.referrals.signposts.models import Signpost
from app.referrals.signposts.queries import Show
from app.referrals.signposts.slips import slip_of
from app.referrals.signposts.views import words
from app.referrals.signposts.views.blueprint import house, link_of, must_wait_to_send, qr_code, signposts
from app.referrals.signposts.views.giving import send_to, uuid_of
from app.web.blueprint import afterwards
from app.web.database import db
from app.web.done import done_before
from app.web.helplines import STRIP
from app.web.languages import LANGUAGES, UNCHECKED, speak
from app.web.limits import retry_after, wait_in_words
from app.web.pagination import Page, page_number

Answer = Response | str | tuple[str, int] | tuple[str, int, dict[str, str]]


@signposts.route("/desk/signposts", access=SIGNPOSTER, endpoint="signposts")
def signposts_list() -> str:
    """What the organisation gave, and what people said."""
    asked = request.args.get("show", "")
    show = Show(asked) if asked in set(Show) else Show.ALL
    number = page_number(request.args.get("page"))
    found, total = queries.own(db.session(), current_actor(), show=show, page=number)
    return render_template(
        "signposts/list.html",
        found=found,
        staff=queries.staff_of(db.session(), found),
        show=show,
        page=Page(number, queries.PAGE, total),
        page_url=lambda page: url_for("signposts.signposts", show=show.value, page=page),
        words=words,
    )


@signposts.route("/desk/signposts/<uuid:signpost_id>", access=SIGNPOSTER, writes=True)
def signpost(signpost_id: UUID) -> str:
    """One signpost: what was given and said, ways to give it again, and words for the record."""
    return _page(queries.signpost(db.session(), current_actor(), signpost_id), GiveAgainForm())


def _page(found: Signpost, form: GiveAgainForm) -> str:
    session, link = db.session(), link_of(found)
    person = _person_of(found)
    staff = queries.staff_of(session, [found])
    return render_template(
        "signposts/signpost.html",
        signpost=found,
        lines=slip_of(found, queries.services_of(session, found)),
        maker=staff[found.made_by_id],
        owner=staff.get(found.owner_id) if found.owner_id else None,
        colleagues=_others(session, found) if found.bounced_at else [],
        link=link,
        code=qr_code(link) if link else "",
        record_text=_record_text(found),
        form=form,
        person=person,
        done=done_before(),
        waiting=sending.waiting_of(session, found),
        words=words,
    )


def _others(session: Session, found: Signpost) -> list[User]:
    """To whom it can be passed on."""
    return [user for user in coming_back.colleagues(session, found.organization_id) if user.id != found.owner_id]


def _person_of(found: Signpost) -> Person | None:
    """Whose it is, as far as the member of staff may see them; that they looked is put on record."""
    if found.person_id is None:
        return None
    try:
        person = people.person(db.session(), current_actor(), found.person_id)
    except NotFound:
        return None
    actor, signpost_id, person_id = current_actor(), found.id, person.id

    def look(session: Session) -> None:
        record(session, actor, Action.READ, ("signpost", signpost_id), person_id=person_id)

    if request.method == "GET":
        look(db.session())
    else:
        afterwards(look)  # a refused form shows the name, and what it wrote is rolled back
    return person


def _record_text(found: Signpost) -> str:
    known = signed_in()
    name = known.user.name if known else ""
    place = f", {known.organization.name}" if known and known.organization else ""
    return consultation_text(
        Consultation(
            on=found.created_at.astimezone(clock.LONDON).date(),
            by=f"{name}{place}",
            interaction=Interaction.DECLINED if found.declined else Interaction.SIGNPOSTED,
            services=[line.name for line in found.lines],
            need=queries.topic_name(db.session(), found.need),
            formats=[words.RECORD_WAYS[way] for way in dict.fromkeys(giving.way for giving in found.givings)],
            follow_up=""
            if found.declined
            else f"slip {found.reference}" + (f", reminder on {found.remind_on:%d/%m/%Y}" if found.remind_on else ""),
        )
    )


@signposts.route("/desk/signposts/<uuid:signpost_id>/slip", access=SIGNPOSTER)
def slip(signpost_id: UUID) -> str:
    """The slip, laid out for a sheet of paper."""
    session = db.session()
    found = queries.signpost(session, current_actor(), signpost_id)
    paper = Way.A5 if request.args.get("paper") == Way.A5.value else Way.A4
    asked = request.args.get("language", "")
    language = asked if asked in LANGUAGES else found.language
    large = {"1": True, "0": False}.get(request.args.get("large", ""), found.large_print)
    # For whoever prints; the slip itself may be in another language.
    bar = Markup(  # noqa: S704 - a template of ours, escaped as it was made
        render_template(
            "signposts/slip_bar.html",
            signpost=found,
            paper=paper.value,
            large=large,
            chosen=language,
            languages=LANGUAGES,
        )
    )
    speak(language)
    link = link_of(found)
    return render_template(
        "signposts/slip.html",
        bar=bar,
        signpost=found,
        lines=slip_of(found, queries.services_of(session, found)),
        paper=paper.value,
        large=large,
        is_unchecked=language in UNCHECKED,
        link=link,
        code=qr_code(link) if link else "",
        house=house(),
        helplines=STRIP,
    )


@signposts.route("/desk/signposts/<uuid:signpost_id>/give", access=SIGNPOSTER, methods=["POST"])
def give_again(signpost_id: UUID) -> Answer:
    """Give the same signpost in another way."""
    session, actor = db.session(), current_actor()
    found = queries.signpost(session, actor, signpost_id)
    pressed = request.form.get("give", "")
    if pressed in {way.value for way in PAPERS}:
        operations.hand_over(session, actor, found, Way(pressed))
        return redirect(url_for("signposts.slip", signpost_id=found.id, paper=pressed), code=303)
    form = GiveAgainForm()
    if not form.validate():
        return _page(found, form), 422
    address = form.reached
    if address is None or link_of(found) is None:
        form.reach.errors = [str(REACH_PROBLEM) if address is None else _("Its link does not work any more.")]
        return _page(found, form), 422
    person = _person_of(found)
    if person is not None and (problem := _unsafe(person, address, found)):
        form.reach.errors = [problem]
        return _page(found, form), 422
    if wait := must_wait_to_send(actor.user_id, address):
        form.form_errors.append(wait_in_words(wait))
        return _page(found, form), 429, retry_after(wait)
    send_to(session, found, address)
    way = Way(sending.channel_of(address).value)
    operations.hand_over(session, actor, found, way)
    return redirect(url_for("signposts.signpost", signpost_id=found.id, done=way.value), code=303)


def _unsafe(person: Person, address: str, found: Signpost) -> str:
    """Why a message must not go to them that way, or only when its link is over; empty where it may."""
    refusal = sending.refusal_of(person, address)
    if refusal is not None:
        return str(UNSAFE[refusal])
    if sending.is_safe_too_late(person, address, found):
        return _("Its link ends before an hour that is safe for them. Print it, or make a new list.")
    return ""


@signposts.route("/desk/signposts/<uuid:signpost_id>/pass-on", access=SIGNPOSTER, methods=["POST"])
def pass_on(signpost_id: UUID) -> Answer:
    """A colleague sees to what came back."""
    session, actor = db.session(), current_actor()
    found = queries.signpost(session, actor, signpost_id)
    form = GiveAgainForm()
    try:
        coming_back.pass_on(session, actor, found, uuid_of(request.form.get("to", "")))
    except (InvalidInput, Refused) as problem:
        form.form_errors.append(_(problem.message))
        return _page(found, form), 422
    return redirect(url_for("signposts.signpost", signpost_id=found.id, done="passed-on"), code=303)


@signposts.route("/desk/signposts/<uuid:signpost_id>/note", access=SIGNPOSTER, methods=["POST"])
def note_answers(signpost_id: UUID) -> Response:
    """The answers of one signpost have been read."""
    session, actor = db.session(), current_actor()
    operations.note_answers(session, actor, [queries.signpost(session, actor, signpost_id)])
    return redirect(url_for("signposts.signposts", show=Show.ANSWERED.value), code=303)


@signposts.route("/desk/signposts/note", access=SIGNPOSTER, methods=["POST"])
def note_all() -> Response:
    """All answers on the first page of the list have been read."""
    session, actor = db.session(), current_actor()
    found, _total = queries.own(session, actor, show=Show.ANSWERED)
    operations.note_answers(session, actor, found)
    return redirect(url_for("signposts.signposts", show=Show.ANSWERED.value), code=303)
