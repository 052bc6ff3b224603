"""Which score follows which, and how far each is from the first."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from app.outcomes.rules.points import Scored, in_a_row


def scored(number: int, day: date, value: int | None, **more) -> Scored:
    return Scored(UUID(int=number), "total", day, None, None if value is None else Decimal(value), **more)


def row(*scores: Scored) -> list[tuple[int, date | None, Decimal | None]]:
    return [(point.scored.form_id.int, point.next_on, point.change) for point in in_a_row(scores)]


def test_each_knows_the_next_and_is_held_against_the_first() -> None:
    march, june, sept = date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1)
    assert row(scored(3, sept, 6), scored(1, march, 16), scored(2, june, 12)) == [
        (1, june, None),
        (2, sept, Decimal(-4)),
        (3, None, Decimal(-10)),
    ]


@pytest.mark.parametrize(
    ("first", "change"),
    [
        (scored(1, date(2024, 8, 31), 16), Decimal(-10)),
        (scored(1, date(2024, 8, 30), 16), None),
        (scored(1, date(2026, 9, 1), 16), None),
        (scored(1, date(2026, 3, 1), 16, out_of=Decimal(32)), None),
    ],
    ids=["two years before", "a day more", "the same day", "another scale"],
)
def test_what_the_first_may_be(first, change) -> None:
    assert row(first, scored(2, date(2026, 9, 1), 6))[1] == (2, None, change)


def test_the_first_on_the_same_scale_within_two_years_counts_though_others_were_before() -> None:
    before = [scored(1, date(2023, 1, 1), 1), scored(2, date(2025, 1, 1), 20), scored(3, date(2026, 1, 1), 9)]
    assert row(*before, scored(4, date(2026, 9, 1), 6))[-1] == (4, None, Decimal(-14))


def test_names_of_answers_are_in_a_row_too_and_scores_are_apart() -> None:
    said = [Scored(UUID(int=n), "answer", date(2026, n, 1), None, None, band="good") for n in (1, 2)]
    number = scored(1, date(2026, 1, 1), 7)
    assert row(*said, number) == [(1, date(2026, 2, 1), None), (2, None, None), (1, None, None)]
