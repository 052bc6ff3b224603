"""What a schedule may hold."""

from __future__ import annotations

import pytest

from app.outcomes.plans import Messages, Step, find_plan, plan_data, plans, read_plan
from app.outcomes.rules.schedules import KINDS, Wrong, wrong_messages, wrong_steps


@pytest.mark.parametrize("plan", [plan for plan in plans().values() if plan.id != "once"], ids=lambda plan: plan.id)
def test_what_is_shipped_may_be_saved_and_reads_as_it_was_written(plan) -> None:
    assert wrong_steps(plan.steps) == {}
    assert wrong_messages(plan.messages) is None
    assert {step.kind for step in plan.steps} <= set(KINDS[plan.id])
    again = read_plan(plan_data(plan))
    assert (again.steps, again.messages) == (plan.steps, plan.messages)


def test_windows_keep_apart_from_every_anchor() -> None:
    # 28 days lie between the same day of February and of March.
    assert wrong_steps([Step("review", (1, 2), 7, 21)]) == {"review": Wrong.OVERLAP}
    assert wrong_steps([Step("review", (1, 2), 7, 20)]) == {}


@pytest.mark.parametrize(
    ("months", "wrong"), [((61,), Wrong.TOO_LATE), (tuple(range(0, 26, 2)), Wrong.TOO_OFTEN), ((60,), None)]
)
def test_how_long_and_how_often(months, wrong) -> None:
    assert wrong_steps([Step("after", months, 0, 7)]) == ({"after": wrong} if wrong else {})


def test_something_is_asked() -> None:
    assert wrong_steps([]) == {"": Wrong.NOTHING}


@pytest.mark.parametrize(
    ("days", "wrong"),
    [
        (((0, 3), 14, 28), Wrong.FIRST_DAY),
        (((3, 14), 14, 28), Wrong.CALL_TOO_SOON),
        (((3,), 14, 14), Wrong.END_TOO_SOON),
        (((), 1, 2), None),
    ],
)
def test_messages_follow_one_another(days, wrong) -> None:
    assert wrong_messages(Messages(*days, merge_within=7)) is wrong


def test_a_plan_without_reminders_can_be_read() -> None:
    data = plan_data(find_plan("support"))
    data["messages"]["reminders"] = []
    assert read_plan(data).messages.reminders == ()
