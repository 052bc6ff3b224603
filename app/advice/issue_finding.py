"""From a client's own words to the issues that they are about: the search's understanding, and the issues' words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from app.advice.codes import Emergency
from app.advice.issue_tree import Issue, issue_tree
from app.directory.topic_model import topic_model
from app.directory.wording.queries import Wording
from search_index.lexicon import expand, folded_words

MOST_FOUND = 6
LONGEST = 500
LEAST = 0.12
# How much a word that an issue names counts beside what the topic model makes of the whole.
OF_WORDS, OF_TOPICS = 0.6, 1.0
# A second or third topic of an issue says less about it than its first.
FADING = 0.6
# Said so often, and about so much, that they tell no issue from another.
EMPTY = frozenset(
    "a an the of to and or for in on at by my her his their from with about has have had is are be not no up off out "
    "need needs help want wants get gets got they them she he i we it can cant cannot do does did who too new".split()
)
_SIGNS: dict[Emergency, tuple[str, ...]] = {
    Emergency.NO_FOOD: ("no food", "nothing to eat", "not eaten", "starving", "cupboards are empty"),
    Emergency.NO_HEAT: ("no heating", "no heat", "no electric", "no gas", "no power", "meter has run out", "cut off"),
    Emergency.HOMELESS_TONIGHT: (
        "homeless tonight", "nowhere to sleep", "nowhere to stay", "nowhere to go tonight", "sleeping rough",
        "on the street", "sleeping in my car", "sleeping in his car", "sleeping in her car", "locked out",
    ),
    Emergency.VIOLENCE: (
        "hits me", "hit me", "hits her", "hit her", "hits him", "hit him", "hitting", "violent", "violence", " beats",
        "hurts me", "strangled", "scared of him", "scared of her", "afraid of him", "afraid of her",
        "scared to go home", "threatened to kill", "threatens to kill",
    ),
}  # fmt: skip
# The issue that an emergency is logged under; it is offered however much else was said.
_ISSUE_OF = {
    Emergency.NO_FOOD: "benefits/food-fuel",
    Emergency.NO_HEAT: "debt/energy-water",
    Emergency.HOMELESS_TONIGHT: "housing/homeless-now",
    Emergency.VIOLENCE: "housing/domestic-abuse",
}


def find_issues(text: str, limit: int = MOST_FOUND, known: Wording | None = None) -> list[Issue]:
    """The issues that the words may be about, likeliest first; none for words that say nothing of the kind.

    That of an emergency that the words hint at is always among them. `known` are the phrases that staff taught the
    search.
    """
    text = text[:LONGEST]
    said = set(folded_words(text)) - EMPTY
    if not said:
        return []
    heard = known.taught.hear(text) if known else None
    plain = heard.rest if heard else text.lower()
    shares = {guess.slug: guess.weight for guess in topic_model().topics(plain, limit=12, least=0.02)}
    shares = heard.beside(shares) if heard else shares
    for also in expand(text, shares):
        said |= set(folded_words(also.also)) - EMPTY
    scored = [(_score(issue, said, shares), -place, issue) for place, issue in enumerate(issue_tree().values())]
    ranked = sorted(scored, reverse=True, key=lambda row: row[:2])
    urgent = {_ISSUE_OF[emergency] for emergency in signs_of_emergency(text)}
    others = [issue.code for score, _place, issue in ranked if score >= LEAST and issue.code not in urgent]
    offered = urgent.union(others[: max(limit - len(urgent), 0)])
    return [issue for _score_, _place, issue in ranked if issue.code in offered]


def _score(issue: Issue, said: set[str], shares: dict[str, float]) -> float:
    known = _words_of(issue)
    hits = len(said & known)
    of_words = OF_WORDS * min(1.0, hits / 2) + 0.02 * hits
    of_topics = max((shares.get(slug, 0.0) * FADING**place for place, slug in enumerate(issue.topics)), default=0.0)
    score = of_words + OF_TOPICS * of_topics
    # The first tier is for what no narrower issue says.
    return score * (0.6 if not issue.parent and _has_children(issue) else 1.0)


@cache
def _words_of(issue: Issue) -> frozenset[str]:
    return frozenset(folded_words(f"{issue.label} {issue.words}", limit=LONGEST)) - EMPTY


@cache
def _has_children(issue: Issue) -> bool:
    return bool(issue_tree().below(issue.code))


def signs_of_emergency(text: str) -> Sequence[Emergency]:
    """Emergencies that the words hint at, to be asked about; nobody is held to them."""
    plain = f" {' '.join(text.lower().replace('’', chr(39)).split())[:LONGEST]} "
    return [emergency for emergency, signs in _SIGNS.items() if any(sign in plain for sign in signs)]
