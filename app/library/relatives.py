"""Who asks because of another: help for those around somebody is a need of its own beside what that other needs.

"My husband drinks too much" is typed by a wife. What treats him helps if he goes; what is there for her helps today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.library.conditions import Conditions

# States of another that wear out those around.
BURDENS = frozenset(
    (
        "alcohol bipolar depression drugs eating-disorders gambling personality-disorder psychosis self-harm"
        " substance-use trauma"
    ).split()
)
# States of another kind that help for relatives can be about: who lives beside dementia is no help with an addiction.
OTHERS = frozenset(("autism-adhd", "dementia", "learning-disability"))
# What help for those around counts beside the likeliest of these states.
AROUND, BESIDE = "carers-support", 0.4
# What a listing that is there for those around counts then.
THERE_FOR_THEM = ("for:relatives", 2.0)
# From this share on such a state is among what the words are about.
PLAINLY = 0.12


def states_meant(topics: Mapping[str, float]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The states of another that the words are about, and those that they are not about."""
    meant = {slug for slug in BURDENS | OTHERS if topics.get(slug, 0.0) >= PLAINLY}
    return tuple(sorted(meant)), tuple(sorted(OTHERS - meant))


def of_another(
    asked: Conditions, topics: Mapping[str, float], *, in_danger: bool
) -> tuple[Mapping[str, float], Conditions]:
    """What is meant and asked for where somebody speaks of the state of another; as it was where nobody does.

    Of one who is `in_danger`, what helps in danger comes first.
    """
    if not asked.of_another or (wider := with_those_around(topics)) is topics:
        return topics, asked
    states, others = states_meant(topics)
    asked = asked if in_danger else asked.wanting(THERE_FOR_THEM)
    return wider, replace(asked, states=states, other_states=others)


def with_those_around(topics: Mapping[str, float]) -> Mapping[str, float]:
    """What somebody says of another, and help for who lives beside it; the same topics where it is no such state."""
    heaviest = max((weight for slug, weight in topics.items() if slug in BURDENS), default=0.0)
    if heaviest < PLAINLY:
        return topics
    return {**topics, AROUND: max(topics.get(AROUND, 0.0), BESIDE * heaviest)}
