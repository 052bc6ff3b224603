"""One tap at a time: what it changes, what it says of a listing, and when a reminder may go."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.directory.codes import Experience
from app.referrals.signposts.codes import Contacted, Helped, Hindrance
from app.referrals.signposts.rules import NOTHING, Answer, after, asks_why, is_unmet, may_remind, met_with, remind_on

TAPS = st.sampled_from([*Contacted, *Helped, *Hindrance])
ANSWERS = st.lists(TAPS, max_size=6)


def told(*taps) -> Answer:
    answer = NOTHING
    for tap in taps:
        answer = after(answer, tap)
    return answer


@given(ANSWERS, TAPS)
def test_the_last_tap_counts_and_the_same_again_is_nothing(taps, tap):
    answer = after(told(*taps), tap)
    assert tap in {answer.contacted, answer.helped, answer.hindrance}
    assert after(answer, tap) == answer


@given(ANSWERS)
def test_no_answer_contradicts_itself(taps):
    answer = told(*taps)
    assert not (answer.contacted is Contacted.NOT_YET and answer.helped is not None)
    assert not (answer.helped is Helped.YES and answer.hindrance is not None)
    assert not (is_unmet(answer) and met_with(answer) is Experience.HELPED)


@pytest.mark.parametrize(
    ("taps", "listing", "unmet"),
    [
        ((), None, False),
        ((Contacted.YES,), None, False),
        ((Contacted.YES, Helped.YES), Experience.HELPED, False),
        ((Contacted.YES, Helped.A_LITTLE), Experience.HELPED, False),
        ((Contacted.YES, Helped.NO), None, True),
        ((Contacted.NOT_YET,), None, False),
        ((Contacted.NOT_YET, Hindrance.CHANGED_MIND), None, False),
        ((Contacted.NOT_YET, Hindrance.NO_ANSWER), Experience.NO_ANSWER, True),
        ((Helped.NO, Hindrance.FULL), Experience.FULL, True),
        ((Helped.NO, Hindrance.FULL, Helped.YES), Experience.HELPED, False),
        ((Helped.A_LITTLE, Hindrance.COST), Experience.COST, False),
        ((Helped.NO, Hindrance.CLOSED, Contacted.NOT_YET), Experience.CLOSED, True),
    ],
)
def test_what_an_answer_says(taps, listing, unmet):
    answer = told(*taps)
    assert met_with(answer) is listing
    assert is_unmet(answer) is unmet


def test_every_hindrance_but_a_change_of_mind_says_something_of_the_listing():
    silent = {hindrance for hindrance in Hindrance if met_with(told(Helped.NO, hindrance)) is None}
    assert silent == {Hindrance.CHANGED_MIND}


def test_the_reason_is_asked_where_there_is_one():
    assert [asks_why(told(tap)) for tap in (Contacted.NOT_YET, Helped.NO, Helped.A_LITTLE)] == [True] * 3
    assert [asks_why(told(tap)) for tap in (Contacted.YES, Helped.YES)] == [False] * 2


def test_a_reminder_goes_two_weeks_on_and_not_much_later():
    due = remind_on(date(2026, 10, 20))
    assert due == date(2026, 11, 3)
    assert not may_remind(due, due - timedelta(days=1))
    assert may_remind(due, due)
    assert may_remind(due, due + timedelta(days=14))
    assert not may_remind(due, due + timedelta(days=15))
    assert not may_remind(None, due)
