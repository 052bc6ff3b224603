"""The page of a learning plan: the same for the person and for those who teach them, each with what they may change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.codes import Role
from app.accounts.models import MemberOrganization, User
from app.accounts.queries import staff_holding
from app.booking.models import Booking, LearningPlan, PlanGoal, PlanReview
from app.booking.operations import plans as verbs
from app.booking.operations.moving import party_of
from app.booking.plan_forms import (
    NO_STAGE,
    CorrectReviewForm,
    PlanGoalForm,
    PlanReviewForm,
    PlanStageForm,
    PlanWordsForm,
)
from app.booking.queries import plans as reads
from app.booking.rules.plans import may_correct_goal
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound, Refused
from app.web.done import done_before
from app.web.forms import Form

Page = Response | str | tuple[str, int]
Show = Callable[[dict[str, object]], str]
# Enter in a box presses no button in particular: what was typed says what is meant, in this order.
NAMES = ("goal", "review", "words", "stage")


@dataclass(frozen=True, slots=True)
class PlanForms:
    """What can be written on the page: sent together, so that nothing typed is lost, and each kept by its own press."""

    words: PlanWordsForm
    goal: PlanGoalForm
    review: PlanReviewForm
    stage: PlanStageForm

    def pressed(self, plan: LearningPlan | None) -> str:
        """The name of the one that was sent; none where another button of the page was pressed."""
        found = request.form.get("do", "")
        if found == "any":
            return next(iter(self.unkept(plan)), "goal")
        return found if found in NAMES else ""

    def named(self, name: str) -> Form | None:
        """One of them."""
        return getattr(self, name) if name in NAMES else None

    def unkept(self, plan: LearningPlan | None) -> list[str]:
        """The names of those in which something is typed or chosen that the plan does not say."""
        stage = plan.stage.value if plan and plan.stage else NO_STAGE
        kept = (plan.own_words, plan.what_helps) if plan else ("", "")
        talk = self.review
        typed = {
            "goal": bool(self.goal.words.data),
            "review": bool(talk.words.data or talk.what_helped.data or any(talk.next_on.typed.values())),
            "words": [_lines(field.data) for field in (self.words.own_words, self.words.what_helps)] != list(kept),
            "stage": self.stage.stage.data != stage,
        }
        return [name for name in NAMES if typed[name]]


def _lines(text: str | None) -> str:
    """Browsers send the ends of lines in a way of their own."""
    return (text or "").replace("\r\n", "\n")


def forms_for(plan: LearningPlan | None, *, is_staff: bool, fresh: str = "") -> PlanForms:
    """The forms, with what was typed, else with what the plan says; `fresh`: the one that was kept just now."""
    told = {"own_words": plan.own_words, "what_helps": plan.what_helps} if plan else {}
    stage = plan.stage.value if plan and plan.stage else NO_STAGE
    anew = {name: {"formdata": None} if name == fresh else {} for name in NAMES}
    made = PlanForms(
        words=PlanWordsForm(prefix="words-", data=told, **anew["words"]),
        goal=PlanGoalForm(prefix="goal-", **anew["goal"]),
        review=PlanReviewForm(prefix="review-", data={"held_on": clock.today()}, **anew["review"]),
        stage=PlanStageForm(prefix="stage-", data={"stage": stage}, **anew["stage"]),
    )
    made.stage.offer(plan.stage if plan else None, all_of_it=is_staff)
    return made


def answer(
    session: Session, actor: Actor, booking: Booking, plan: LearningPlan | None, *, shown: Show, to: str
) -> Page:
    """What follows a press: the page anew at `to`; the same one with every word where more is typed than it keeps."""
    forms = forms_for(plan, is_staff=actor.is_staff)
    pressed = forms.pressed(plan)
    if not keep(session, actor, booking, forms, pressed):
        return shown(values(session, actor, booking, plan, forms, wrong=forms.named(pressed))), 422
    kept = reads.plan_of(session, _person(booking), booking.pool.run.organization_id)
    forms = forms_for(kept, is_staff=actor.is_staff, fresh=pressed)
    if not forms.unkept(kept):
        return redirect(to, code=303)
    return shown(values(session, actor, booking, kept, forms) | {"done": "partly"})


def keep(session: Session, actor: Actor, booking: Booking, forms: PlanForms, pressed: str) -> bool:
    """Write what was sent into the plan; False where it cannot be read."""
    goal_id, form = request.form.get("reach", ""), forms.named(pressed)
    if form is not None and not form.validate():
        return False
    if form is None and not goal_id:
        raise NotFound(_("plan"))
    plan = verbs.open_plan(session, actor, _person(booking), booking.pool.run.organization_id)
    if form is None:
        verbs.reach_goal(session, actor, plan, _uuid(goal_id))
    elif isinstance(form, PlanWordsForm):
        verbs.say(session, actor, plan, own_words=_lines(form.own_words.data), what_helps=_lines(form.what_helps.data))
    elif isinstance(form, PlanGoalForm):
        verbs.add_goal(session, actor, plan, form.words.data)
    elif isinstance(form, PlanStageForm):
        verbs.step(session, actor, plan, form.chosen)
    elif isinstance(form, PlanReviewForm) and actor.is_staff and form.held_on.data:
        talk = verbs.Talk(
            held_on=form.held_on.data,
            words=form.words.data,
            what_helped=form.what_helped.data or "",
            next_on=form.next_on.data,
        )
        verbs.add_review(session, actor, plan, talk)
    return True


def looked_over(session: Session, actor: Actor, plan: LearningPlan | None, *, page: str, lists: str) -> Response:
    """What follows when a manager found nothing wrong: their list, or the plan where a talk was added meanwhile."""
    if plan is None:
        raise NotFound(_("plan"))
    verbs.look_over(session, actor, plan, {_uuid(one) for one in request.form.getlist("talk")})
    is_done = not verbs.to_look_over(actor, plan, reads.talks_left(session, plan))
    return redirect(f"{lists}?done=looked_over" if is_done else page, code=303)


def _person(booking: Booking) -> UUID:
    if booking.person_id is None:
        raise NotFound(_("plan"))
    return booking.person_id


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound("goal") from error


def values(
    session: Session,
    actor: Actor,
    booking: Booking,
    plan: LearningPlan | None,
    forms: PlanForms,
    *,
    wrong: Form | None = None,
) -> dict[str, object]:
    """What the page shows."""
    college = session.get_one(MemberOrganization, booking.pool.run.organization_id)
    chosen = reads.courses_chosen(session, booking.person_id, college.id) if booking.person_id else []
    left = reads.talks_left(session, plan) if plan and actor.is_staff else frozenset()
    return {
        "plan": plan,
        "forms": forms,
        "wrong": wrong,
        "college": college,
        "chosen": chosen,
        "correctable": _correctable(actor, plan, left),
        "left": left,
        "to_look_over": verbs.to_look_over(actor, plan, left) if plan else [],
        "managers": list(staff_holding(session, college.id, [Role.MANAGER])) if left else [],
        "done": done_before(),
    }


def _correctable(actor: Actor, plan: LearningPlan | None, left: frozenset[UUID]) -> frozenset[UUID]:
    """The goals and the talks that are whoever reads to put right; `left`: the talks whose writers have left."""
    if plan is None:
        return frozenset()
    goals = [one.id for one in plan.goals if may_correct_goal(one.by_party, party_of(actor))]
    return frozenset([*goals, *verbs.correctable_talks(actor, plan, left)])


def correct_goal(session: Session, actor: Actor, plan: LearningPlan | None, goal_id: UUID, *, page: str) -> Page:
    """Put a goal right, or take it away; `page` is the address of the plan."""
    if plan is None:
        raise NotFound("plan")
    goal = verbs.goal_of(session, plan, goal_id)
    form = PlanGoalForm(data={"words": goal.words})

    def keep_it() -> None:
        verbs.correct_goal(session, actor, plan, goal, form.words.data)

    def take_it_away() -> None:
        verbs.take_goal_away(session, actor, plan, goal)

    may = goal.id in _correctable(actor, plan, frozenset())
    return _corrected(actor, goal, form, {"keep": keep_it, "away": take_it_away}, page=page, may=may)


def correct_review(session: Session, actor: Actor, plan: LearningPlan | None, review_id: UUID, *, page: str) -> Page:
    """Put a talk right, or take it away."""
    if plan is None:
        raise NotFound("plan")
    review = verbs.review_of(session, plan, review_id)
    next_on = plan.review_on if verbs.is_last_talk(plan, review) else None
    told = {"held_on": review.held_on, "words": review.words, "what_helped": review.what_helped, "next_on": next_on}
    form = CorrectReviewForm(data=told, next_on=next_on, with_next=verbs.is_last_talk(plan, review))

    def keep_it() -> None:
        talk = verbs.Talk(
            held_on=form.held_on.data or review.held_on,
            words=form.words.data,
            what_helped=form.what_helped.data or "",
            next_on=form.next_on.data if form.next_on else None,
        )
        verbs.correct_review(session, actor, plan, review, talk)

    def take_it_away() -> None:
        verbs.take_review_away(session, actor, plan, review)

    left = reads.talks_left(session, plan)
    writer = session.get(User, review.by_id) if review.by_id and review.id in left else None
    return _corrected(
        actor,
        review,
        form,
        {"keep": keep_it, "away": take_it_away},
        page=page,
        may=review.id in _correctable(actor, plan, left),
        writer=writer.name if writer else "",
    )


def _corrected(
    actor: Actor,
    part: PlanGoal | PlanReview,
    form: Form,
    acts: Mapping[str, Callable[[], None]],
    *,
    page: str,
    may: bool,
    writer: str = "",
) -> Page:
    """The page on which a part of a plan is put right; after a press, the plan anew. `writer`: of it, who has left."""
    if request.method == "GET" and not may:
        # It was put right meanwhile, or is not theirs to.
        return redirect(page, code=303)
    done = "away" if request.form.get("do") == "away" else "keep"
    if form.validate_on_submit() or (request.method == "POST" and done == "away"):
        try:
            acts[done]()
        except Refused as refusal:
            form.form_errors.append(refusal.message)
        else:
            # Where it says what it said nothing was corrected.
            told = {"away": "away", "keep": "corrected" if part.replaced_at else "saved"}[done]
            return redirect(f"{page}?done={told}", code=303)
    own = not actor.is_staff
    shown = render_template("booking/plan_correct.html", form=form, part=part, page=page, own=own, writer=writer)
    return (shown, 422) if form.errors else shown
