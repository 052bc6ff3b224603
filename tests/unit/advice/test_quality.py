"""Which files a month's lot draws, and what reading them says in figures."""

from __future__ import annotations

from collections import Counter
from datetime import date
from uuid import UUID

from app.advice.codes import ReviewQuestion
from app.advice.rules.quality import MOST_FILES, OF_EACH_ADVISER, drawn, quality

MONTH = date(2026, 11, 1)
ADVISERS = [UUID(int=n) for n in range(1, 4)]
FILES = [(UUID(int=100 + n), ADVISERS[n % 3]) for n in range(90)]


def test_the_lot_takes_some_of_each_adviser_and_is_the_same_for_everybody():
    found = drawn(FILES, MONTH)
    whose = dict(FILES)
    assert Counter(whose[case_id] for case_id in found) == dict.fromkeys(ADVISERS, OF_EACH_ADVISER)
    assert drawn(reversed(FILES), MONTH) == found
    assert set(drawn(FILES, date(2026, 12, 1))) != set(found)
    many = [(UUID(int=1000 + n), UUID(int=5000 + n)) for n in range(50)]
    assert len(drawn(many, MONTH)) == MOST_FILES


def test_every_file_comes_up_over_time():
    months = [date(2000 + year, month, 1) for year in range(20) for month in range(1, 13)]
    assert {case_id for month in months for case_id in drawn(FILES, month)} == {case_id for case_id, _ in FILES}


def test_partly_is_half_and_what_does_not_apply_is_left_out():
    files = [{"advice": "yes"}] * 6 + [{"advice": "partly"}] * 4 + [{"advice": "no", "dates": "not-asked"}] * 2
    found = quality(files)
    assert (found[ReviewQuestion.ADVICE].answers, found[ReviewQuestion.ADVICE].percent) == (12, 67)
    assert found[ReviewQuestion.DATES].answers == 0
    assert quality(files[:9])[ReviewQuestion.ADVICE].percent is None
