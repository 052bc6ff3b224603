"""The topics of a query, read three ways: whole, without the words for a kind of help, and clause by clause.

"Fibro group Skelby" is about fibromyalgia; the group is how the help should come. "Stroke, needs a rail in the bath,
help claiming" is about three things, and the loudest must not drown the others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import words
from search_index.lexicon import TopicModel
from search_index.lexicon.known_names import known_name
from search_index.words import LOW_VALUE

Shares = NDArray[np.float32]

# How much each reading counts, and how much the bare one does where there is only one clause.
WHOLE, BARE, CLAUSES = 0.2, 0.4, 0.4
BARE_ALONE = 0.6
# What a name that is known everywhere ("citizens advice") counts beside how the words sound.
KNOWN = 0.5
# Words that are a name only where nothing else was typed.
NAMES_ALONE: Mapping[str, Sequence[str]] = {"mind": ("mental-health",)}
MOST_CLAUSES = 6
# More clauses than that are a story: those that speak plainly of something count, and "I am not sure where to begin"
# does not. So many of them are heard.
LONGEST_STORY = 24
# Where no topic is likelier than this, the words are of nothing that the model knows: "zzxqv flurb", a name. Of 517 lay
# queries those that are no name have 0.11 and more.
LEAST_HEARD = 0.06
# Words for a kind of help, for being in need of it and for whom it is, which say little of what it is about.
_FORM = re.compile(
    r"\b(?:(?:support |self help |peer )?groups?|courses?|class(?:es)?|workshops?|sessions?|clubs?|meet ?ups?|support"
    r"|services?|help(?:ing)?|advi[cs]e|near|ladies|women(?:s| only)?|mens?|blokes?"
    r"|lads?|dads?|evenings?|free|cheap|local|needs?|wants?|looking for)\b"
)
_ANY_HELP = frozenset("advice advise group groups service services support worker".split())
_BETWEEN = re.compile(r"[,;.?!]+|\b(?:and|but|cos|because|so|needs?|then|who|which|that|since)\b")
_SHORTEST_CLAUSE = 2


def topic_shares(text: str, model: TopicModel) -> Shares:
    """The share of each topic, in the order of the model's slugs; none where that would be guessing."""
    plain = text.lower()
    shares = _as_heard(plain, model)
    if shares.max(initial=0.0) < LEAST_HEARD:
        shares = np.zeros_like(shares)
    topics = known_name(text).topics or NAMES_ALONE.get(plain, ())
    if topics and (known := [place for place, slug in enumerate(model.slugs) if slug in topics]):
        shares *= np.float32(1 - KNOWN)
        shares[known] += np.float32(KNOWN / len(known))
    return shares


def _as_heard(plain: str, model: TopicModel) -> Shares:
    whole = model.shares(plain)
    clauses = [part for part in map(str.strip, _BETWEEN.split(plain)) if len(part.split()) >= _SHORTEST_CLAUSE]
    if len(clauses) > MOST_CLAUSES:
        return _of_a_story(clauses[:LONGEST_STORY], model, whole)
    bare = _bare(plain, model, whole)
    if len(clauses) <= 1:
        return ((1 - BARE_ALONE) * whole + BARE_ALONE * bare).astype(np.float32)
    each = np.mean([model.shares(clause) for clause in clauses], axis=0)
    return (WHOLE * whole + BARE * bare + CLAUSES * each).astype(np.float32)


def _of_a_story(clauses: Sequence[str], model: TopicModel, whole: Shares) -> Shares:
    each = np.array([model.shares(clause) for clause in clauses])
    # Each topic as its plainest clause says it: what was said twice is not needed twice.
    told = (each.max(axis=1, keepdims=True) * each).max(axis=0)
    told /= max(float(told.sum()), 1.0)
    return (WHOLE * whole + (1 - WHOLE) * told).astype(np.float32)


def says_something(plain: str) -> bool:
    """Whether the text has any word beyond asking for help: "someone for advice" has none, "women's group" has one."""
    return any(word not in LOW_VALUE and word not in _ANY_HELP for word in words(plain))


def _bare(plain: str, model: TopicModel, whole: Shares) -> Shares:
    bare = " ".join(_FORM.sub(" ", plain).split())
    return model.shares(bare) if bare and bare != plain else whole
