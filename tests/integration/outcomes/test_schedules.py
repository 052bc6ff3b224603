"""Schedules that a manager writes: seen before they are saved, kept as versions, followed by who is meant."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import select

from app.accounts.codes import Role
from app.core import clock
from app.core.clock import LONDON
from app.core.errors import InvalidInput
from app.outcomes import jobs, queries
from app.outcomes.codes import OccasionState
from app.outcomes.models import Occasion, OutcomeSchedule
from app.outcomes.operations import move, moving_on, save_schedule, start_plan
from app.outcomes.plans import Messages, Step, find_plan
from tests.outcomes import a_reachable_person, a_worker
from tests.signing_in import signed_in_client

ANCHOR = date(2026, 1, 31)
SHIPPED = find_plan("support")
ADDRESS = "/desk/outcomes/settings/schedules/support"


@pytest.fixture
def hub(session):
    with clock.moved_to(datetime(2026, 2, 2, 10, tzinfo=LONDON)):
        user, actor = a_worker(session, Role.MANAGER, Role.HUB)
        yield user.id, actor


def begun(session, actor):
    return start_plan(
        session,
        actor,
        a_reachable_person(session, actor).id,
        template="support",
        anchor_on=ANCHOR,
        measures=["ucla-3"],
    )


def planned(session, plan):
    rows = session.scalars(select(Occasion).where(Occasion.plan_id == plan.id).order_by(Occasion.due_on, Occasion.kind))
    return {(row.kind, row.months): row for row in rows.all()}


def every_two_months(session, actor, *, move_on, after=14):
    steps = [Step("baseline", (0,), 14, 14), Step("review", (2, 4, 6), 7, after)]
    made = save_schedule(session, actor, "support", steps, Messages((5,), 10, 21, 7))
    if move_on:
        moving_on.move_on(session, actor, made)
    return made


def test_who_runs_already_keeps_theirs_and_who_begins_follows_the_new_one(session, hub):
    _user, actor = hub
    first = begun(session, actor)
    made = every_two_months(session, actor, move_on=False)
    assert made.version == SHIPPED.version + 1
    assert {key for key, row in planned(session, first).items() if row.state is OccasionState.PLANNED} == {
        ("baseline", 0), ("satisfaction", 1), ("review", 3), ("review", 6), ("review", 9), ("review", 12),
    }  # fmt: skip
    later = planned(session, begun(session, actor))
    assert {key: row.due_on for key, row in later.items()} == {
        ("baseline", 0): ANCHOR,
        ("review", 2): date(2026, 3, 31),
        ("review", 4): date(2026, 5, 31),
        ("review", 6): date(2026, 7, 31),
    }
    assert later["review", 2].call_on == date(2026, 4, 10)
    with pytest.raises(InvalidInput, match="Nothing has changed"):
        every_two_months(session, actor, move_on=False)
    # Another organisation still follows the shipped one.
    _other, elsewhere = a_worker(session, workplace="Elsewhere")
    assert begun(session, elsewhere).template_version == SHIPPED.version


def test_moving_on_leaves_alone_what_was_asked_and_what_was_moved_by_hand(session, hub):
    _user, actor = hub
    plan = begun(session, actor)
    rows = planned(session, plan)
    rows["baseline", 0].state = OccasionState.SENT
    move(session, actor, rows["review", 6], date(2026, 8, 5))
    session.expire_all()
    every_two_months(session, actor, move_on=True)
    session.expire_all()
    rows = planned(session, plan)
    standing = {key: row.due_on for key, row in rows.items() if row.state is not OccasionState.VOID}
    assert standing == {
        ("baseline", 0): ANCHOR,
        ("review", 2): date(2026, 3, 31),
        ("review", 4): date(2026, 5, 31),
        ("review", 6): date(2026, 8, 5),
    }
    assert (rows["review", 6].closes_on, rows["review", 6].call_on) == (date(2026, 8, 19), date(2026, 8, 15))
    # And back again: what was taken out is there again, once.
    moving_on.move_on(session, actor, save_schedule(session, actor, "support", SHIPPED.steps, SHIPPED.messages))
    session.expire_all()
    again = planned(session, plan)
    assert {key for key, row in again.items() if row.state is not OccasionState.VOID} == {
        ("baseline", 0), ("satisfaction", 1), ("review", 3), ("review", 6), ("review", 9), ("review", 12),
    }  # fmt: skip
    assert session.scalars(select(OutcomeSchedule.version).order_by(OutcomeSchedule.version)).all() == [2, 3]


def test_a_call_is_due_on_the_day_that_the_schedule_says(session, hub):
    _user, actor = hub
    every_two_months(session, actor, move_on=False)
    begun(session, actor)
    for day, calls in ((9, 0), (10, 1)):
        with clock.moved_to(datetime(2026, 2, day, 10, tzinfo=LONDON)):
            assert (queries.count_due(session, actor, overdue=True), calls) == (calls, calls)
            assert queries.count_due(session, actor, overdue=False) == 1 - calls


def test_a_job_is_checked_when_its_own_schedule_says(session, hub):
    _user, actor = hub
    person = a_reachable_person(session, actor)
    start_plan(session, actor, person.id, template="job-kept", anchor_on=ANCHOR, label="Old job")
    steps = [Step("job kept", (1, 12), 0, 28)]
    save_schedule(session, actor, "job-kept", steps, find_plan("job-kept").messages)
    start_plan(session, actor, person.id, template="job-kept", anchor_on=ANCHOR, label="New job")
    found = [(check.plan.label, check.months) for check in jobs.checks(session, actor, person.id)]
    assert sorted(found) == [("New job", 1), ("New job", 12), ("Old job", 3), ("Old job", 6), ("Old job", 9)]


def test_the_page_shows_the_dates_first_and_says_what_is_wrong(app, session, hub):
    user_id, _actor = hub
    app.config["WTF_CSRF_ENABLED"] = False
    session.commit()
    client = signed_in_client(app, user_id)
    sent = {
        "months_0": "0", "before_0": "14", "after_0": "14", "months_1": "1 2,  6", "before_1": "7", "after_1": "14",
        "months_2": "", "reminders": "3, 8", "call": "14", "close": "28", "merge_within": "7", "running": "keep",
        "example-day": "31", "example-month": "1", "example-year": "2026",
    }  # fmt: skip
    shown = client.post(ADDRESS, data=sent | {"preview": "1"})
    page = shown.get_data(as_text=True)
    assert shown.status_code == 200
    assert "28 February 2026" in page
    assert "31 July 2026" in page
    assert 'value="1, 2, 6"' in page
    wrong = {
        "months_1": ("3, six", "Enter whole numbers, such as 3, 6, 9"),
        "after_1": ("", "Enter for how many days afterwards an answer counts"),
        "call": ("8", "Enter a day for the call that is later than the last reminder"),
        "close": ("14", "Enter a day for the end that is later than the call"),
    }
    for name, (typed, sentence) in wrong.items():
        refused = client.post(ADDRESS, data=sent | {name: typed, "save": "1"})
        assert (refused.status_code, name) == (422, name)
        assert sentence in refused.get_data(as_text=True)
    assert client.post(ADDRESS, data=sent | {"save": "1"}).status_code == 303
    saved = client.get(ADDRESS).get_data(as_text=True)
    assert 'value="1, 2, 6"' in saved
    assert "Version 2" in saved
    assert client.get("/desk/outcomes/settings/schedules/once").status_code == 404


def test_where_many_run_the_worker_moves_them_some_at_a_time(app, session, hub, monkeypatch):
    user_id, actor = hub
    monkeypatch.setattr(moving_on, "AT_ONCE", 1)
    monkeypatch.setattr(moving_on, "AT_A_TIME", 2)
    plans = [begun(session, actor) for _ in range(3)]
    made = every_two_months(session, actor, move_on=True)
    assert moving_on.waiting(session, actor.organization_id) == {"support": 3}
    later = begun(session, actor)
    session.commit()
    page = signed_in_client(app, user_id).get("/desk/outcomes/settings").get_data(as_text=True)
    assert "3 people still to be moved" in page
    assert [moving_on.go_on(session) for _ in range(3)] == [2, 1, 0]
    assert moving_on.waiting(session, actor.organization_id) == {}
    assert {plan.template_version for plan in (*plans, later)} == {made.version}
    asked = {key for key, row in planned(session, plans[0]).items() if row.state is OccasionState.PLANNED}
    assert asked == set(planned(session, later))
