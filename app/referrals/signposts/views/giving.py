"""Picking services for somebody and giving them: one page, one press."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from app.accounts.current import current_actor, vault
from app.accounts.vault import SIGNPOST
from app.core.actor import Actor
from app.core.errors import NotFound
from app.directory.curation.experiences import capacity_hints
from app.directory.models import Service
from app.people import queries as people
from app.people.access import may_write
from app.people.models import Person
from app.people.operations import find_people, open_person
from app.people.queries import Search
from app.referrals.parties import REFERRING
from app.referrals.rules.aid import Suggestion, Tick, suggest
from app.referrals.signposts import operations, queries, sending
from app.referrals.signposts.access import SIGNPOSTER
from app.referrals.signposts.codes import PAPERS, Declined, Way, Whom
from app.referrals.signposts.forms import UNSAFE, WHOM, SignpostForm, WordsForm, problems_of
from app.referrals.signposts.models import Signpost
from app.referrals.signposts.operations import Pick, Wanted
from app.referrals.signposts.rules import MOST_SERVICES
from app.referrals.signposts.views import beginning
from app.referrals.signposts.views.blueprint import link_of, must_wait_to_send, signposts
from app.web.database import db
from app.web.filters import day
from app.web.limits import retry_after, wait_in_words

SUGGEST, FIND, DECLINED = "suggest", "find", "declined"
MOST_FOUND = 8


@dataclass(frozen=True, slots=True)
class Desk:
    """What stands on the page: the services with their words, and the form around them."""

    services: Sequence[Service]
    words: Sequence[WordsForm]
    form: SignpostForm
    left_out: int
    may_name: bool

    def refer_address(self) -> str:
        """Where they are referred instead: to the one service that was picked, with whoever was chosen."""
        service = self.services[0].id if len(self.services) == 1 else None
        chosen = uuid_of(self.form.person.data or "") if self.form.is_for_person else None
        return url_for("referrals.choose_pathway", service=service, person=chosen)

    def page(self, *, suggestion: Suggestion | None = None, person: Person | None = None) -> str:
        """The page as it is."""
        return render_template(
            "signposts/new.html",
            picks=list(zip(self.services, self.words, strict=True)),
            form=self.form,
            left_out=self.left_out,
            problems=problems_of(self.form, *self.words),
            suggestion=suggestion,
            person=person,
            full=capacity_hints(db.session(), self.services),
            refer_address=self.refer_address(),
            services=[service.id for service in self.services],
            may_name=self.may_name,
            may_refer=current_actor().holds(*REFERRING),
        )


@signposts.route("/desk/signposts/new", access=SIGNPOSTER, writes=True)
def new_signpost() -> str:
    """The services that were picked, ready to give; to somebody whose record led here, where it did.

    With no service yet they are picked first, and who it is for is remembered on the way.
    """
    desk = _desk(request.args)
    person = _begun_for() if desk.may_name else None
    if not desk.services:
        if person is not None:
            beginning.remember(person.id)
        return render_template("signposts/none_picked.html", person=person)
    if person is not None:
        desk.form.whom.data, desk.form.person.data = Whom.PERSON.value, str(person.id)
        _offer(desk.form, [person])
    return desk.page(person=person)


def _begun_for() -> Person | None:
    """Whose record led here, by the address or a moment ago. That it was opened is put on record."""
    asked = request.args.get("person", "")
    known = uuid_of(asked)
    if asked:
        beginning.forget()
    elif request.args.getlist("service"):
        known = beginning.remembered()
    else:
        beginning.forget()
    if known is None:
        return None
    return open_person(db.session(), current_actor(), known, reason="signpost")


@signposts.route("/desk/signposts/new", access=SIGNPOSTER, methods=["POST"], endpoint="give")
def give() -> Response | str | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Give them: on paper, as a message, or as a link to show."""
    desk = _desk(request.form)
    if not desk.services:
        return render_template("signposts/none_picked.html", person=None), 422
    # Each is asked, so that everything wrong is told at once.
    verdicts = [form.validate() for form in (desk.form, *desk.words)]
    is_right = all(verdicts)
    actor, pressed = current_actor(), _pressed(desk)
    if pressed == SUGGEST:
        _chosen(desk, actor)
        suggestion = suggest([Tick(value) for value in desk.form.ticks.data or () if value in set(Tick)])
        return desk.page(suggestion=suggestion)
    if pressed == FIND:
        desk.form.whom.data, desk.form.person.data = Whom.PERSON.value, ""
        _find(desk, actor)
        return desk.page()
    way = _way(pressed, desk.form)
    is_message = way in (Way.SMS, Way.EMAIL) or pressed == "message"
    if (is_message or desk.form.remind.data) and not desk.form.reach.errors and desk.form.needs_address():
        is_right = False
    person = _person_of(desk, actor) if desk.form.is_for_person else None
    if desk.form.is_for_person:
        may_go = person is not None and _may_go_to(person, desk.form, is_message=is_message)
        is_right = is_right and may_go
    if not is_right:
        return desk.page(), 422
    if is_message and (wait := must_wait_to_send(actor.user_id, desk.form.reached or "")):
        desk.form.form_errors.append(wait_in_words(wait))
        return desk.page(), 429, retry_after(wait)
    return _given(db.session(), actor, desk, way, person)


def _pressed(desk: Desk) -> str:
    """The button that was pressed. The Enter key presses none; beside a name that was typed it finds whose it is."""
    pressed, form = request.form.get("give", ""), desk.form
    is_name_alone = desk.may_name and form.person_name.data and not (form.person.data or form.reach.data)
    return FIND if not pressed and is_name_alone else pressed


def _find(desk: Desk, actor: Actor) -> None:
    """Offer those whose name fits, to choose from; the search is put on record."""
    name = (desk.form.person_name.data or "").strip()
    if not name:
        desk.form.person_name.errors = [_("Type the beginning of their name.")]
        return
    found, _total = find_people(db.session(), actor, Search(name=name))
    _offer(desk.form, found[:MOST_FOUND])
    if not found:
        desk.form.person_name.errors = [
            _("Your organisation has no record of this name. Type less of it, or add them.")
        ]


def _offer(form: SignpostForm, found: Sequence[Person]) -> None:
    form.person.choices = [SelectChoice(str(one.id), _name_and_birth(one)) for one in found]


def _name_and_birth(person: Person) -> str:
    """Two things that tell one person from another."""
    born = _("born on %(day)s", day=day(person.born_on)) if person.born_on else _("no date of birth")
    return f"{person.name}, {born}"


def _person_of(desk: Desk, actor: Actor) -> Person | None:
    """Who was chosen, where it may be kept with their name; else the form says what to do."""
    person = _chosen(desk, actor)
    if person is None:
        if desk.form.person_name.data:
            _find(desk, actor)
        desk.form.person_name.errors = desk.form.person_name.errors or [_("Find them, and choose who it is for.")]
        return None
    if not people.may_record(db.session(), person.id):
        desk.form.person_name.errors = [_("They do not want things written down. Give it without their name.")]
        return None
    return person


def _chosen(desk: Desk, actor: Actor) -> Person | None:
    """Who was chosen, as far as the actor may see them; they stay on the form."""
    chosen = uuid_of(desk.form.person.data or "") if desk.form.is_for_person else None
    try:
        person = people.person(db.session(), actor, chosen) if chosen else None
    except NotFound:
        person = None
    if person is not None:
        _offer(desk.form, [person])
    return person


def _may_go_to(person: Person, form: SignpostForm, *, is_message: bool) -> bool:
    """Whether a message may go to them now or later; paper always may."""
    if not (is_message or form.remind.data) or form.reached is None:
        return True
    refusal = sending.refusal_of(person, form.reached)
    if refusal is not None:
        form.reach.errors = [str(UNSAFE[refusal])]
    is_unwanted = form.remind.data and not people.may_be_asked(db.session(), person.id)
    if is_unwanted:
        form.remind.errors = [_("They said that nobody is to ask them later how it went. Take the tick away.")]
    return refusal is None and not is_unwanted


def _given(session: Session, actor: Actor, desk: Desk, way: Way, person: Person | None) -> Response:
    form = desk.form
    made = operations.give(session, actor, vault(SIGNPOST), _wanted(desk, person), form_key=form.key())
    beginning.forget()
    if made.declined is not None:
        return redirect(url_for("signposts.signpost", signpost_id=made.id), code=303)
    address = desk.form.reached
    if way in (Way.SMS, Way.EMAIL) and address:
        send_to(session, made, address)
    if desk.form.remind.data and address and made.remind_on is None:
        channel = sending.channel_of(address)
        operations.remind_later(session, actor, vault(SIGNPOST), made, channel=channel, address=address)
    operations.hand_over(session, actor, made, way)
    if way in PAPERS:
        return redirect(url_for("signposts.slip", signpost_id=made.id, paper=way.value, new=1), code=303)
    return redirect(url_for("signposts.signpost", signpost_id=made.id, done=way.value), code=303)


def send_to(session: Session, signpost: Signpost, address: str) -> None:
    """Send the link to an address, where there still is a link."""
    if link := link_of(signpost):
        sending.send_link(session, signpost, link=link, address=address)


def _way(pressed: str, form: SignpostForm) -> Way:
    """What was pressed. The Enter key in a box presses no button: then it is a message if there is an address."""
    if pressed in {way.value for way in (*PAPERS, Way.LINK)}:
        return Way(pressed)
    return Way(sending.channel_of(form.reached).value) if form.reached else Way.LINK


def _desk(sent: MultiDict[str, str]) -> Desk:
    wanted = list(dict.fromkeys(found for text in sent.getlist("service") if (found := uuid_of(text))))
    services = queries.shown_services(db.session(), wanted[: MOST_SERVICES * 3])
    picked = services[:MOST_SERVICES]
    topics = queries.topics_of(picked)
    form = SignpostForm(
        form_key=str(uuid4()),
        language="en",
        near=request.args.get("near", "")[:20],
        need=next(iter(topics), ""),
    )
    form.need.choices = [
        *(SelectChoice(slug, _(name)) for slug, name in topics.items()),
        SelectChoice("", _("Something else")),
    ]
    may_name = may_write(current_actor())
    form.whom.choices = [choice for choice in WHOM if may_name or choice.value != Whom.PERSON.value]
    form.person.choices = []
    return Desk(picked, [WordsForm.of(service) for service in picked], form, len(services) - len(picked), may_name)


def uuid_of(text: str) -> UUID | None:
    """The id that was sent; None for anything else."""
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def _wanted(desk: Desk, person: Person | None) -> Wanted:
    form = desk.form
    return Wanted(
        picks=[
            Pick(service, words.say.data or "", words.bring.data or "", words.happens_next.data or "")
            for service, words in zip(desk.services, desk.words, strict=True)
        ],
        whom=Whom(form.whom.data),
        person=person,
        declined=Declined(form.why.data) if request.form.get("give") == DECLINED else None,
        need=form.need.data or "",
        district=form.district,
        language=form.language.data,
        large_print=bool(form.large_print.data),
        ticks=[Tick(value) for value in form.ticks.data or ()],
    )
