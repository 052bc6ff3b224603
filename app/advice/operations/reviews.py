"""A supervisor reads a file: questions answered, findings, and what is to be done until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.advice.codes import CaseState, ReviewAnswer, ReviewQuestion, StepBy
from app.advice.details import worker_of
from app.advice.models import AdviceCase, CaseReview, NextStep
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, Refused

SUBJECT = "advice_case_review"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldReview:
    """What a supervisor found. `actions` are for the case's adviser, `due_on` says until when."""

    answers: Mapping[ReviewQuestion, ReviewAnswer]
    findings: str = ""
    actions: str = ""
    due_on: date | None = None


def write_review(session: Session, actor: Actor, case: AdviceCase, told: ToldReview) -> CaseReview:
    """Keep what was found; actions become a step of the case's adviser while the case is open.

    Refused for whoever gives the advice in the case: nobody checks their own work.
    """
    worker = worker_of(actor)
    if case.adviser_id == worker.user_id:
        raise Refused("This is your own file. Somebody else has to read it.")
    if told.answers.keys() != set(ReviewQuestion):
        raise InvalidInput("Answer every question.")
    if told.actions and told.due_on is None:
        raise InvalidInput("Say until when it is to be done.")
    made = CaseReview(
        organization_id=case.organization_id,
        case_id=case.id,
        reviewer_id=worker.user_id,
        reviewed_on=clock.today(),
        answers={question.value: answer.value for question, answer in told.answers.items()},
        findings=told.findings,
        actions=told.actions,
        actions_due_on=told.due_on if told.actions else None,
    )
    session.add(made)
    if told.actions and case.state is CaseState.OPEN:
        session.add(_as_step(case, told))
    session.flush()
    record(session, actor, Action.CREATED, (SUBJECT, made.id), person_id=case.person_id)
    return made


def _as_step(case: AdviceCase, told: ToldReview) -> NextStep:
    return NextStep(
        organization_id=case.organization_id,
        case_id=case.id,
        owner_id=case.adviser_id,
        by=StepBy.ADVISER,
        words=told.actions,
        due_on=told.due_on,
    )


def confirm_actions(session: Session, actor: Actor, review: CaseReview) -> None:
    """A supervisor has seen that it was done. Refused for the adviser whose file it is."""
    if review.actions_due_on is None or review.actions_done_at is not None:
        return
    if review.case.adviser_id == worker_of(actor).user_id:
        raise Refused("This is your own file. Somebody else has to check it.")
    review.actions_done_at = clock.now()
    session.flush()
    record(
        session,
        actor,
        Action.CHANGED,
        (SUBJECT, review.id),
        person_id=review.case.person_id,
        fields=["actions_done_at"],
    )
