"""Which topics go with which: where help for one thing is found under the name of another.

Two sources: the lexicon's situations, which name several topics each, and a short written table of what usually helps
(talking therapies for low mood, debt advice for rent owed). Listings rarely say so themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from search_index.lexicon.phrases import load_situations

# A topic counts this much of how often it stands beside another in the situations.
OFTEN = 0.6
# What is meant -> where help for it is also found, and how much that counts.
HELPED_BY: Mapping[str, Mapping[str, float]] = {
    "anxiety": {"talking-therapies": 0.5},
    "depression": {"talking-therapies": 0.5},
    "trauma": {"talking-therapies": 0.45},
    "self-harm": {"talking-therapies": 0.35, "crisis": 0.3},
    "personality-disorder": {"talking-therapies": 0.3},
    "eating-disorders": {"talking-therapies": 0.3},
    "perinatal": {"talking-therapies": 0.25},
    "grief": {"talking-therapies": 0.2},
    "sexual-violence": {"trauma": 0.3},
    "rent-arrears": {"debt-advice": 0.4, "eviction": 0.3},
    "eviction": {"legal-advice": 0.3, "homelessness": 0.3},
    "homelessness": {"finding-a-home": 0.3},
    "bailiffs": {"debt-advice": 0.6},
    "energy-bills": {"emergency-grants": 0.35},
    "respite": {"carers-support": 0.5},
    "carers-support": {"respite": 0.25},
    "dementia": {"carers-support": 0.25},
    "young-carers": {"carers-support": 0.2},
}


# From this on a service is said to be found for the company that its topic keeps.
PLAIN = 0.2


def goes_with(slug: str, meant: Iterable[str]) -> bool:
    """Whether help for one of the topics meant is plainly also found under this topic."""
    return any(company().get(other, {}).get(slug, 0.0) >= PLAIN for other in meant)


@cache
def company() -> Mapping[str, Mapping[str, float]]:
    """By topic: how much each other topic counts when the first is meant, 0 to 1."""
    times: Counter[str] = Counter()
    beside: dict[str, Counter[str]] = {}
    for _, slugs in load_situations():
        times.update(slugs)
        for slug in slugs:
            beside.setdefault(slug, Counter()).update(other for other in slugs if other != slug)
    found = {
        slug: {other: OFTEN * count / times[slug] for other, count in sorted(others.items())}
        for slug, others in beside.items()
    }
    for slug, others in HELPED_BY.items():
        known = found.setdefault(slug, {})
        known.update({other: max(weight, known.get(other, 0.0)) for other, weight in others.items()})
    return found
