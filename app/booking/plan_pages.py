"""The page of a learning plan: the same for the person and for those who teach them, each with what they may change."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.models import MemberOrganization
from app.booking.models import Booking, LearningPlan
from app.booking.operations import plans as verbs
from app.booking.plan_forms import NO_STAGE, PlanGoalForm, PlanReviewForm, PlanStageForm, PlanWordsForm
from app.booking.queries import plans as reads
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound
from app.web.done import done_before
from app.web.forms import Form


@dataclass(frozen=True, slots=True)
class PlanForms:
    """What can be sent from the page."""

    words: PlanWordsForm
    goal: PlanGoalForm
    review: PlanReviewForm
    stage: PlanStageForm

    def sent(self) -> Form | None:
        """The one that was sent, if it was one of these."""
        found = request.form.get("do", "")
        return getattr(self, found) if found in {"words", "goal", "review", "stage"} else None


def forms_for(plan: LearningPlan | None, *, is_staff: bool) -> PlanForms:
    """The forms, filled with what the plan says."""
    told = {"own_words": plan.own_words, "what_helps": plan.what_helps} if plan else {}
    stage = plan.stage.value if plan and plan.stage else NO_STAGE
    made = PlanForms(
        words=PlanWordsForm(prefix="words-", data=told),
        goal=PlanGoalForm(prefix="goal-"),
        review=PlanReviewForm(prefix="review-", data={"held_on": clock.today()}),
        stage=PlanStageForm(prefix="stage-", data={"stage": stage}),
    )
    made.stage.offer(plan.stage if plan else None, all_of_it=is_staff)
    return made


def keep(session: Session, actor: Actor, booking: Booking, forms: PlanForms) -> bool:
    """Write what was sent into the plan; False where it cannot be read."""
    goal_id, form = request.form.get("reach", ""), forms.sent()
    if form is not None and not form.validate():
        return False
    if booking.person_id is None or (form is None and not goal_id):
        raise NotFound(_("plan"))
    plan = verbs.open_plan(session, actor, booking.person_id, booking.pool.run.organization_id)
    if form is None:
        verbs.reach_goal(session, actor, plan, _uuid(goal_id))
    elif isinstance(form, PlanWordsForm):
        verbs.say(session, actor, plan, own_words=form.own_words.data or "", what_helps=form.what_helps.data or "")
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


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound("goal") from error


def values(session: Session, booking: Booking, plan: LearningPlan | None, forms: PlanForms) -> dict[str, object]:
    """What the page shows."""
    college = session.get_one(MemberOrganization, booking.pool.run.organization_id)
    chosen = reads.courses_chosen(session, booking.person_id, college.id) if booking.person_id else []
    sent = forms.sent()
    return {
        "plan": plan,
        "forms": forms,
        "wrong": sent if sent is not None and sent.errors else None,
        "college": college,
        "chosen": chosen,
        "done": done_before(),
    }
