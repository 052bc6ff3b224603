"""The figures of a queue, and which days a weekly session takes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from app.advice.codes import QueueState
from app.advice.rules.rota import weekly
from app.advice.rules.waiting import Stay, queue_figures

NINE = datetime(2026, 11, 26, 9, tzinfo=UTC)


def after(minutes):
    return NINE + timedelta(minutes=minutes)


def test_the_longest_wait_is_of_anybody_and_the_usual_one_of_those_who_were_called():
    stays = [
        Stay(QueueState.SEEN, NINE, after(4), after(30)),
        Stay(QueueState.CALLED, NINE, after(10)),
        Stay(QueueState.LEFT, NINE, None, after(25)),
        Stay(QueueState.WAITING, after(12)),
    ]
    found = queue_figures(stays, after(52))
    assert (found.came, found.seen, found.with_adviser, found.left, found.waiting) == (4, 1, 1, 1, 1)
    assert (found.longest_wait, found.usual_wait) == (40, 7)


def test_who_was_forgotten_is_counted_and_nobody_knows_how_long_they_waited():
    stays = [
        Stay(QueueState.SEEN, NINE, after(4), after(30)),
        Stay(QueueState.NOT_SAID, NINE, None, after(180)),
        Stay(QueueState.NOT_SAID, NINE, after(9), after(180)),
    ]
    found = queue_figures(stays, after(900))
    assert (found.came, found.seen, found.left, found.not_said) == (3, 1, 0, 2)
    assert (found.longest_wait, found.usual_wait) == (9, 6)


def test_where_nobody_came_there_is_no_wait():
    found = queue_figures([], NINE)
    assert (found.came, found.longest_wait, found.usual_wait) == (0, None, None)


def test_a_weekly_session_leaves_out_bank_holidays_but_the_day_that_was_said():
    christmas = date(2026, 12, 25)
    assert weekly(date(2026, 12, 18), 4) == [date(2026, 12, 18), date(2027, 1, 8)]
    assert weekly(christmas, 1) == [christmas]
