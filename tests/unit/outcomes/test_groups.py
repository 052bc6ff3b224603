"""What is told of many people: periods, means, parts by the rule, stages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.outcomes.rules.groups import Counted, Drop, Response, stages, told_answers, told_score
from app.outcomes.rules.periods import chosen_period, periods


def test_periods_are_whole_financial_years_and_quarters():
    known = periods(date(2026, 11, 26))
    assert known[0].key == "2026-27"
    assert (known[0].begins, known[0].ends) == (date(2026, 4, 1), date(2027, 3, 31))
    quarter = chosen_period(date(2026, 11, 26), "2026-q3")
    assert (quarter.begins, quarter.ends) == (date(2026, 7, 1), date(2026, 9, 30))
    assert chosen_period(date(2026, 3, 31), "").key == "2025-26"
    assert chosen_period(date(2026, 4, 1), "rubbish").key == "2026-27"
    assert chosen_period(date(2028, 1, 15), "2028-q1").ends == date(2028, 3, 31)


def test_a_score_is_told_with_its_mean_and_parts():
    told = told_score(Counted(people=41, pairs=32, change=Decimal(-128), better=12, worse=10))
    assert (told.people, told.pairs, told.mean_change) == (40, 30, Decimal("-4.0"))
    assert (told.better, told.same, told.worse) == (10, 10, 10)


def test_parts_of_few_pairs_are_hidden_with_them():
    told = told_score(Counted(people=30, pairs=6, change=Decimal(-60), better=0, worse=0))
    assert (told.pairs, told.mean_change, told.better, told.same, told.worse) == (None, None, None, None, None)
    told = told_score(Counted(people=30, pairs=25, change=Decimal(5), better=2, worse=13))
    assert (told.better, told.same, told.worse) == (None, None, 15)


def test_a_mean_needs_ten_pairs():
    assert told_score(Counted(9, 9, Decimal(9), 9, 0)).mean_change is None
    assert told_score(Counted(10, 10, Decimal(9), 10, 0)).mean_change == Decimal("0.9")


def test_without_a_published_rule_nothing_is_called_better():
    told = told_score(Counted(people=41, pairs=32, change=Decimal(64)))
    assert not told.is_judged
    assert (told.better, told.same, told.worse) == (None, None, None)


def test_answers_stages_and_response():
    assert told_answers({"yes": 20, "no": 2, "unknown": 11}) == {"yes": 20, "no": None, "unknown": None}
    found = stages(Drop(asked=40, opened=30, started=20, finished=6))
    assert [(stage.count, stage.share) for stage in found] == [(40, 100), (30, 75), (20, 50), (None, None)]
    assert Response(over=40, answered=30).share == 75
    assert Response(over=40, answered=3).share is None
