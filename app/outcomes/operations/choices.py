"""What is used with a person: measures and who chose them, own goals, results from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, Refused
from app.core.events import announce
from app.core.text import clean, single_line
from app.outcomes import duty, wording
from app.outcomes.codes import ChosenBy
from app.outcomes.events import MeasuresChosen
from app.outcomes.measures import Measure
from app.outcomes.models import MeasureChoice, OutsideResult, OwnGoal
from app.people.models import Person

MOST_GOALS = 3


def require_usable(session: Session, organization_id: UUID, measure: Measure) -> None:
    """Refused where the words may not be shown, or nobody is on duty for a measure with a safety question."""
    if measure.is_record_only:
        raise Refused("This tool may not be used here. Record its result from elsewhere instead.")
    if measure.needs_duty_person and not duty.has_duty(session, organization_id):
        raise Refused("One of its answers may need help at once. Name a person on duty and their hours first.")
    if wording.text_for(session, organization_id, measure) is None:
        raise Refused("Its words belong to somebody else. Load them with the reference of your licence first.")


def is_usable(session: Session, organization_id: UUID, measure: Measure) -> bool:
    """Whether a measure may be used at an organisation today."""
    try:
        require_usable(session, organization_id, measure)
    except Refused:
        return False
    return True


def choose(
    session: Session,
    actor: Actor,
    person: Person,
    measure: Measure,
    *,
    chosen_by: ChosenBy,
    reason: str = "",
    organization_id: UUID | None = None,
) -> MeasureChoice:
    """Use a measure with a person from now on; who chose it and why is kept. A new choice takes an old one's place.

    `organization_id` is who it is used with, where the person chooses alone.
    """
    organization_id = actor.organization_id or organization_id or _organization(actor)
    require_usable(session, organization_id, measure)
    _end_running(session, actor, person, measure, organization_id)
    made = MeasureChoice(
        organization_id=organization_id,
        person_id=person.id,
        measure=measure.reference,
        chosen_by=chosen_by,
        chosen_on=clock.today(),
        reason=clean(reason),
        made_by_id=actor.user_id,
    )
    session.add(made)
    session.flush()
    record(session, actor, Action.CREATED, ("measure_choice", made.id), person_id=person.id)
    announce(session, MeasuresChosen(organization_id, person.id))
    return made


def end_choice(
    session: Session, actor: Actor, person: Person, measure: Measure, *, organization_id: UUID | None = None
) -> bool:
    """Use a measure no longer; what was measured stays. Says whether it was in use."""
    organization_id = actor.organization_id or organization_id or _organization(actor)
    ended = _end_running(session, actor, person, measure, organization_id)
    if ended:
        announce(session, MeasuresChosen(organization_id, person.id))
    return ended


def _end_running(session: Session, actor: Actor, person: Person, measure: Measure, organization_id: UUID) -> bool:
    running = session.scalars(
        select(MeasureChoice)
        .where(
            MeasureChoice.organization_id == organization_id,
            MeasureChoice.person_id == person.id,
            MeasureChoice.measure == measure.reference,
            MeasureChoice.ended_on.is_(None),
        )
        .order_by(MeasureChoice.id)
        .with_for_update()
    ).one_or_none()
    if running is None:
        return False
    running.ended_on = clock.today()
    session.flush()
    record(session, actor, Action.CHANGED, ("measure_choice", running.id), person_id=person.id, fields=["ended_on"])
    return True


def set_goals(
    session: Session, actor: Actor, person: Person, words: Sequence[str], *, organization_id: UUID | None = None
) -> list[OwnGoal]:
    """The person's goals in their own words, in order; one that reads otherwise than before is a new goal."""
    if len(words) > MOST_GOALS:
        raise InvalidInput("Three goals at most.")
    organization_id = actor.organization_id or organization_id or _organization(actor)
    running = session.scalars(
        select(OwnGoal)
        .where(OwnGoal.organization_id == organization_id, OwnGoal.person_id == person.id, OwnGoal.ended_on.is_(None))
        .order_by(OwnGoal.number, OwnGoal.id)
        .with_for_update()
    ).all()
    wanted = {number: single_line(text) for number, text in enumerate(words, 1) if single_line(text)}
    kept = {goal.number: goal for goal in running if wanted.get(goal.number) == goal.words}
    for goal in running:
        if goal.number not in kept:
            goal.ended_on = clock.today()
    session.flush()
    new = [
        OwnGoal(organization_id=organization_id, person_id=person.id, number=number, words=text)
        for number, text in wanted.items()
        if number not in kept
    ]
    session.add_all(new)
    session.flush()
    for goal in new:
        record(session, actor, Action.CREATED, ("own_goal", goal.id), person_id=person.id)
    return sorted([*kept.values(), *new], key=lambda goal: goal.number)


def record_outside(
    session: Session, actor: Actor, person: Person, *, tool: str, happened_on: date, summary: str, link: str | None
) -> OutsideResult:
    """Write down what a tool said that is used elsewhere."""
    if happened_on > clock.today():
        raise InvalidInput("A result cannot be of a day to come.")
    made = OutsideResult(
        organization_id=_organization(actor),
        person_id=person.id,
        tool=single_line(tool),
        happened_on=happened_on,
        summary=clean(summary),
        link=link or None,
        made_by_id=actor.user_id,
    )
    session.add(made)
    session.flush()
    record(session, actor, Action.CREATED, ("outside_result", made.id), person_id=person.id)
    return made


def _organization(actor: Actor) -> UUID:
    if actor.organization_id is None:
        raise Refused("Choose the organisation that you work in first.")
    return actor.organization_id
