"""The demo's follow-ups: what was chosen with its people, how they answered over the months, what is due now.

Everybody and every answer is made up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core import clock
from app.core.actor import Actor
from app.outcomes import operations
from app.outcomes.codes import ChosenBy, Mode
from app.outcomes.duty import desk_of
from app.outcomes.measures import find_measure
from app.outcomes.models import MeasureChoice, Measurement
from app.outcomes.operations.answering import asked_items
from app.outcomes.operations.occasions import waiting_for
from app.outcomes.operations.setting_up import set_duty
from app.outcomes.rules.answers import read_answer
from app.people.codes import PermissionKind, PermissionMethod
from app.people.models import Person
from app.people.operations import Answer, answer_permission
from app.people.rules.contact import SafeTime
from seed.demo import answers
from seed.demo.people import actor_named

OFFICE_HOURS = SafeTime(frozenset({0, 1, 2, 3, 4}), time(9), time(17))
HUB, MANAGER, ADVISER = "hub@wexmoor.example", "manager@wexmoor.example", "adviser@wexmoor.example"
# Answers in the order of the questions, and how many days ago they were given.
DEE: Mapping[str, Sequence[tuple[int, Sequence[int], Mode]]] = {
    "gad-7": (
        (182, (2, 3, 3, 2, 2, 2, 2), Mode.IN_PERSON),
        (91, (2, 2, 2, 2, 1, 2, 1), Mode.LINK),
        (14, (1, 1, 1, 1, 1, 1, 0), Mode.LINK),
    ),
    "ons4": ((182, (3, 4, 3, 8), Mode.IN_PERSON), (14, (6, 6, 7, 4), Mode.LINK)),
    "goals": ((182, (2, 1), Mode.IN_PERSON), (91, (4, 3), Mode.PHONE), (14, (7, 5), Mode.LINK)),
}
COLIN: Mapping[str, Sequence[tuple[int, Sequence[int], Mode]]] = {
    "ucla-3": ((95, (3, 3, 2), Mode.PAPER), (5, (2, 2, 2), Mode.PAPER)),
}


def load(session: Session, people: Mapping[str, UUID]) -> dict[str, UUID]:
    """Make what is not there yet; the ids of some of it, by slug."""
    hub, adviser = actor_named(session, HUB), actor_named(session, ADVISER)
    _duty(session, actor_named(session, MANAGER), hub)
    _follow(session, hub, session.get_one(Person, people["dee"]), DEE)
    _follow(session, adviser, session.get_one(Person, people["colin"]), COLIN)
    answers.load(session)
    session.flush()
    form = session.scalars(
        select(Measurement)
        .where(Measurement.person_id == people["dee"], Measurement.measure == "gad-7/1")
        .order_by(Measurement.answered_on, Measurement.id)
    ).first()
    return {"form-of-dee": form.id} if form else {}


def _duty(session: Session, manager: Actor, hub: Actor) -> None:
    if manager.organization_id is None or desk_of(session, manager.organization_id) is not None:
        return
    owner = session.get_one(User, hub.user_id).id
    set_duty(session, manager, owner_id=owner, deputy_id=manager.user_id, hours=[OFFICE_HOURS], within_minutes=120)


def _follow(
    session: Session,
    actor: Actor,
    person: Person,
    told: Mapping[str, Sequence[tuple[int, Sequence[int], Mode]]],
) -> None:
    known = select(MeasureChoice.id).where(MeasureChoice.person_id == person.id).limit(1)
    if session.scalar(known) is not None:
        return
    permitted = Answer(kind=PermissionKind.FOLLOW_UP, given=True, method=PermissionMethod.VERBAL)
    answer_permission(session, actor, person, permitted)
    if "goals" in told:
        operations.set_goals(session, actor, person, ["Go to the shop on my own", "Sleep through most nights"])
    for name in told:
        reason = "They know it from before." if name == "gad-7" else ""
        operations.choose(session, actor, person, find_measure(name), chosen_by=ChosenBy.JOINT, reason=reason)
    operations.start_plan(
        session,
        actor,
        person.id,
        template="support",
        anchor_on=clock.today() - timedelta(days=182 if "gad-7" in told else 95),
        measures=list(told),
    )
    for name, forms in told.items():
        for days, codes, mode in forms:
            _answer(session, actor, person, name, (clock.today() - timedelta(days=days), codes, mode))


def _answer(session: Session, actor: Actor, person: Person, name: str, told: tuple[date, Sequence[int], Mode]) -> None:
    day, codes, mode = told
    measure = find_measure(name)
    assert actor.organization_id is not None  # noqa: S101 - staff of the demo work somewhere
    form = operations.open_form(
        session,
        actor,
        organization_id=actor.organization_id,
        person_id=person.id,
        measure=measure,
        mode=mode,
        occasion=waiting_for(session, actor.organization_id, person.id, measure.reference, day),
        answered_on=day,
    )
    for item, code in zip(asked_items(session, form, measure, person.id), codes, strict=True):
        operations.save_answer(session, actor, form, item, read_answer(item, str(code)))
