"""Two records of one person that both use the same thing become one, and two again: nothing of it is lost."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import UniqueConstraint, select

from app.accounts.codes import Role
from app.core import clock
from app.outcomes.codes import ChosenBy
from app.outcomes.measures import find_measure
from app.outcomes.models import AttendedContact, MeasureChoice, OutcomePlan, OwnGoal
from app.outcomes.operations import ask_once, choose, note_contact, set_goals, start_plan
from app.people import parts
from app.people.codes import PairState
from app.people.models import PersonPair
from app.people.operations import merging
from tests.people import a_person
from tests.signing_in import a_member, actor_of

UCLA = find_measure("ucla-3")


@pytest.fixture
def hub(session):
    return actor_of(session, a_member(session, Role.HUB, workplace="Hub"))


@pytest.fixture
def two(session, hub):
    """Both use the same measure, the first goal, the same plan, the same question of today."""
    people = [a_person(session, hub, name) for name in ("Rowan Ashby", "Rowan Ashby-Marsh")]
    for person, chosen_by, goal in zip(people, (ChosenBy.WORKER, ChosenBy.PERSON), ("Sleep", "Walk"), strict=True):
        choose(session, hub, person, UCLA, chosen_by=chosen_by)
        set_goals(session, hub, person, [goal])
        start_plan(session, hub, person.id, template="support", anchor_on=clock.today(), measures=["ucla-3"])
        ask_once(session, hub, person.id, ["ucla-3"])
    return people


def joined(session, hub, kept, dropped):
    one, other = sorted((kept.id, dropped.id))
    pair = PersonPair(one_id=one, other_id=other, state=PairState.ASKED)
    session.add(pair)
    session.flush()
    return merging.merge(session, hub, pair, keep_id=kept.id)


def running(session, model, name):
    wanted = select(model.person_id, getattr(model, name)).where(model.ended_on.is_(None))
    return {(row[0], row[1]) for row in session.execute(wanted.order_by(model.id))}


def labels(session):
    return sorted((row.template, row.label) for row in session.scalars(select(OutcomePlan).order_by(OutcomePlan.id)))


def test_what_the_person_chose_and_the_kept_goal_count_and_both_plans_go_on(session, hub, two):
    kept, dropped = two
    before = [running(session, MeasureChoice, "chosen_by"), running(session, OwnGoal, "words"), labels(session)]
    made = joined(session, hub, kept, dropped)
    assert running(session, MeasureChoice, "chosen_by") == {(kept.id, ChosenBy.PERSON)}
    assert running(session, OwnGoal, "words") == {(kept.id, "Sleep")}
    assert labels(session) == [
        ("once", "ucla-3/1"),
        ("once", "ucla-3/1 (2)"),
        ("support", ""),
        ("support", " (2)"),
    ]
    assert {plan.person_id for plan in session.scalars(select(OutcomePlan))} == {kept.id}
    merging.undo_merge(session, hub, made.id)
    assert [running(session, MeasureChoice, "chosen_by"), running(session, OwnGoal, "words"), labels(session)] == before
    assert {plan.person_id for plan in session.scalars(select(OutcomePlan))} == {kept.id, dropped.id}


def test_what_took_its_place_since_the_merge_stays(session, hub, two):
    kept, dropped = two
    made = joined(session, hub, kept, dropped)
    choose(session, hub, kept, UCLA, chosen_by=ChosenBy.JOINT)
    set_goals(session, hub, kept, ["Swim"])
    merging.undo_merge(session, hub, made.id)
    assert running(session, MeasureChoice, "chosen_by") == {(kept.id, ChosenBy.JOINT)}
    assert running(session, OwnGoal, "words") == {(kept.id, "Swim"), (dropped.id, "Walk")}


def test_a_contact_that_stands_in_both_counts_once(session, hub, two):
    because = ("appointment", two[0].id)
    for person in two:
        note_contact(
            session,
            hub,
            organization_id=hub.organization_id,
            person_id=person.id,
            happened_on=date(2026, 3, 1),
            because=because,
        )
    joined(session, hub, *two)
    assert session.scalars(select(AttendedContact.person_id)).all() == [two[0].id]


def test_every_constraint_that_moving_a_person_could_break_has_its_way_out(app):
    """One more of these needs its rows to give way (`operations.joining`) before two records become one."""
    moved = {column for part in parts.all_parts() for column in part.columns}
    found = set()
    for column in moved:
        table = column.class_.__table__
        rules = [*table.indexes, *(each for each in table.constraints if isinstance(each, UniqueConstraint))]
        if any(column.key in rule.columns for rule in rules if getattr(rule, "unique", True)):
            found.add(table.name)
    assert found == {"measure_choice", "own_goal", "outcome_plan", "outcome_contact"}
