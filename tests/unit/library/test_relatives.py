"""Who asks because of another is shown help for those around too."""

from __future__ import annotations

import pytest

from app.library.conditions import Conditions, conditions
from app.library.relatives import AROUND, THERE_FOR_THEM, of_another, states_meant, with_those_around


def test_a_burden_asks_for_help_for_those_around_beside_it() -> None:
    found = with_those_around({"alcohol": 0.9, "parenting": 0.05})
    assert found["alcohol"] == 0.9
    assert 0.0 < found[AROUND] < found["alcohol"]
    assert with_those_around({"alcohol": 0.3, AROUND: 0.6})[AROUND] == 0.6


def test_what_is_no_such_state_asks_for_nothing_beside_it() -> None:
    topics = {"parenting": 0.9, "alcohol": 0.05}
    assert with_those_around(topics) is topics


@pytest.mark.parametrize(
    ("typed", "of_another"),
    [
        ("my husband drinks too much", True),
        ("my dad hears voices", True),
        ("mum drinks", True),
        # She asks for herself, or it is written of her.
        ("mum of two, drinks in the evening", False),
        ("single mum depressed", False),
        ("i drink too much", False),
        # It is about danger.
        ("my dad hits me when he drinks", False),
    ],
)
def test_the_state_of_another_is_told_from_ones_own(typed: str, *, of_another: bool) -> None:
    assert conditions(typed).of_another is of_another


def test_a_wish_takes_the_place_of_a_weaker_one_for_the_same() -> None:
    asked = conditions("my husband drinks too much, is there an evening group")
    wanting = dict(asked.wanting(THERE_FOR_THEM).tags)
    assert wanting == {**dict(asked.tags), **dict([THERE_FOR_THEM])}


def test_help_for_those_around_comes_first_unless_the_other_is_in_danger() -> None:
    topics, asked = {"self-harm": 0.7}, Conditions(of_another=True)
    around, wanted = of_another(asked, topics, in_danger=False)
    assert AROUND in around
    assert (wanted.tags, wanted.states) == ((THERE_FOR_THEM,), ("self-harm",))
    around, wanted = of_another(asked, topics, in_danger=True)
    assert AROUND in around
    assert (wanted.tags, wanted.states) == ((), ("self-harm",))
    assert of_another(Conditions(), topics, in_danger=False) == (topics, Conditions())


def test_help_for_those_around_is_about_the_state_that_was_said() -> None:
    states, others = states_meant({"self-harm": 0.7, "young-people": 0.2, "dementia": 0.01})
    assert states == ("self-harm",)
    assert "dementia" in others
    assert "dementia" not in states_meant({"alcohol": 0.5, "dementia": 0.4})[1]
