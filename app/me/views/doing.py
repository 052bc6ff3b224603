"""How one is doing: the same charts that staff see, and what one chooses to keep an eye on, alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import PERSON
from app.accounts.current import current_actor
from app.accounts.models import MemberOrganization
from app.core.errors import NotFound, Refused
from app.me.access import own
from app.me.forms import OwnGoalsForm, OwnMeasureForm
from app.me.views.blueprint import me
from app.outcomes import labels, queries, sending, showing
from app.outcomes.codes import ChosenBy
from app.outcomes.measures import NOT_CHOSEN, Measure, find_measure
from app.outcomes.models import MeasureChoice, Measurement, OwnGoal
from app.outcomes.operations import ask_once, choose, end_choice, set_goals
from app.outcomes.operations.answering import GOALS
from app.outcomes.operations.choices import is_usable
from app.outcomes.rules.change import Direction
from app.outcomes.wording import usable_measures
from app.people.models import Person
from app.people.queries import age_of, may_record, organizations_with_access
from app.web.database import db
from app.web.done import done_before

Page = Response | str | tuple[str, int]
# A form that somebody begins on their own page: long enough to go on after a night.
LASTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Kept:
    """One measure with those one keeps it with: what came out, and whether it is in use."""

    measure: Measure
    place: MemberOrganization
    choice: MeasureChoice | None
    courses: list[showing.Course]
    named: list[showing.Point]

    @property
    def shared(self) -> dict[str, str]:
        """By score, the rule that judges several of them alike."""
        return showing.said_once(self.measure, self.courses)


@me.route("/me/records/<uuid:person_id>/doing", access=PERSON, writes=True)
def doing(person_id: UUID) -> str:
    """What was answered, over time."""
    person, kept = own(person_id), _kept(person_id)
    return render_template(
        "me/doing.html",
        person=person,
        kept=kept,
        is_mixed=showing.together([course for each in kept for course in each.courses]) is Direction.MIXED,
        goals=_goals(person_id),
        labels=labels,
        size=(showing.WIDTH, showing.HEIGHT),
        left=showing.LEFT,
        done=done_before(),
    )


def _goals(person_id: UUID) -> dict[UUID, dict[str, str]]:
    """The words of running goals, by whom they are kept with and their score."""
    found: dict[UUID, dict[str, str]] = defaultdict(dict)
    for goal in queries.goals(db.session(), current_actor(), person_id):
        found[goal.organization_id][f"goal-{goal.number}"] = goal.words
    return dict(found)


def _kept(person_id: UUID) -> list[Kept]:
    session, actor = db.session(), current_actor()
    forms: dict[tuple[UUID, str], list[Measurement]] = defaultdict(list)
    for form in queries.measurements(session, actor, person_id):
        forms[form.organization_id, form.measure].append(form)
    chosen = {(each.organization_id, each.measure): each for each in queries.choices(session, actor, person_id)}
    return [
        _one(place_id, reference, forms.get((place_id, reference), []), chosen.get((place_id, reference)))
        for place_id, reference in dict.fromkeys([*chosen, *forms])
    ]


def _one(place_id: UUID, reference: str, forms: Sequence[Measurement], choice: MeasureChoice | None) -> Kept:
    measure = find_measure(reference)
    place = db.session().get_one(MemberOrganization, place_id)
    return Kept(measure, place, choice, showing.courses(measure, forms), showing.categories(measure, forms))


def _places(person: Person) -> list[MemberOrganization]:
    """Those who help, and whom answers can go to."""
    if not may_record(db.session(), person.id):
        raise Refused("You have said that nothing may be written down. Change that first.")
    return organizations_with_access(db.session(), person.id)


def _place(person: Person, wanted: str) -> MemberOrganization:
    found = next((each for each in _places(person) if str(each.id) == wanted), None)
    if found is None:
        raise NotFound("organisation")
    return found


@me.route("/me/records/<uuid:person_id>/doing/choose", access=PERSON, methods=["GET", "POST"], writes=True)
def choose_own(person_id: UUID) -> Page:
    """Choose what to keep an eye on, without anybody's help."""
    session, actor, person = db.session(), current_actor(), own(person_id)
    places = _places(person)
    known = {measure.reference: measure for place in places for measure in _offered(place)}
    form = OwnMeasureForm.offering(known.values(), places)
    if form.validate_on_submit():
        measure, place = known[form.measure.data], _place(person, form.place.data)
        if measure.id == GOALS:
            return redirect(url_for("me.own_goals", person_id=person_id, place=place.id), code=303)
        try:
            choose(
                session,
                actor,
                person,
                measure,
                chosen_by=ChosenBy.PERSON,
                reason=form.reason.data or "",
                organization_id=place.id,
            )
        except Refused:
            form.measure.errors = [_("%(place)s cannot use this one. Choose another.", place=place.name)]
        else:
            return redirect(url_for("me.doing", person_id=person_id, done="chosen"), code=303)
    page = render_template("me/choose.html", form=form, person=person, age=age_of(person))
    return (page, 422) if form.errors else page


def _offered(place: MemberOrganization) -> list[Measure]:
    found = [each for each in usable_measures(db.session(), place.id) if each.respondent == "person"]
    return [each for each in found if each.id not in NOT_CHOSEN and is_usable(db.session(), place.id, each)]


@me.route("/me/records/<uuid:person_id>/doing/goals", access=PERSON, methods=["GET", "POST"], writes=True)
def own_goals(person_id: UUID) -> Page:
    """Goals in one's own words."""
    session, actor, person = db.session(), current_actor(), own(person_id)
    place = _place(person, request.args.get("place", ""))
    form = OwnGoalsForm.showing(_running(queries.goals(session, actor, person_id), place))
    if form.validate_on_submit():
        words = [form.goal_1.data or "", form.goal_2.data or "", form.goal_3.data or ""]
        set_goals(session, actor, person, words, organization_id=place.id)
        measure = find_measure(GOALS)
        choose(session, actor, person, measure, chosen_by=ChosenBy.PERSON, organization_id=place.id)
        return redirect(url_for("me.doing", person_id=person_id, done="chosen"), code=303)
    page = render_template("me/goals.html", form=form, person=person, place=place)
    return (page, 422) if form.errors else page


def _running(goals: Sequence[OwnGoal], place: MemberOrganization) -> dict[str, str]:
    return {f"goal_{goal.number}": goal.words for goal in goals if goal.organization_id == place.id}


@me.route("/me/records/<uuid:person_id>/doing/answer", access=PERSON, methods=["POST"])
def answer_now(person_id: UUID) -> Page:
    """Answer one's own measure today: the same pages as behind a link that was sent."""
    session, actor, person = db.session(), current_actor(), own(person_id)
    choice = _own_choice(person)
    try:
        asked = ask_once(session, actor, person.id, [choice.measure], organization_id=choice.organization_id)
    except Refused:
        return redirect(url_for("me.doing", person_id=person_id, done="cannot"), code=303)
    if asked.last_message_no is None:
        asked.last_message_no = 0  # they are at it: no message has to ask them
    token = sending.make_link(session, asked, LASTS, detail=sending.OWN_PAGE)
    return redirect(url_for("outcomes.reply", token=token), code=303)


@me.route("/me/records/<uuid:person_id>/doing/end", access=PERSON, methods=["POST"])
def end_own(person_id: UUID) -> Page:
    """Keep an eye on something no longer; what was answered stays."""
    person = own(person_id)
    choice = _own_choice(person)
    measure = find_measure(choice.measure)
    end_choice(db.session(), current_actor(), person, measure, organization_id=choice.organization_id)
    return redirect(url_for("me.doing", person_id=person_id, done="saved"), code=303)


def _own_choice(person: Person) -> MeasureChoice:
    """The choice that a button names; NotFound for one that is over or another's."""
    running = queries.choices(db.session(), current_actor(), person.id)
    found = next((each for each in running if str(each.id) == request.form.get("choice")), None)
    if found is None:
        raise NotFound("choice")
    return found
