"""What a listing's own words sound like, as faint topics beside those it states or was given by rule.

Too unsure to be shown or filtered by, and enough to rank by: on real directories, where nobody stated topics, most
listings have no other sign of what they are about. Kept in the index as tags `told0:slug` (faintest) to `told3:slug`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from app.directory.topic_model import topic_model
from search_index import Snapshot
from search_index.lexicon.known_names import known_name
from search_index.lexicon.listings import heard_by_both
from search_index.lexicon.service_topics import of_the_help, telling, terms_in, untitled

PREFIX = "told"
# The share of the topic model that each strength stands for; below the least it says nothing.
STRENGTHS: tuple[float, ...] = (0.05, 0.15, 0.4, 0.8)
LEAST = 0.08
# Words of a description that are read, and how many at a time: the model was taught on short texts.
WINDOW = 40
WINDOWS = 2
# What each of a topic's own terms adds ("anxiety and depression": the model hears one of the two), and how far is read.
TERM_IN_NAME, TERM_IN_TEXT = np.float32(0.4), np.float32(0.2)
READ = 1_500
# What is heard in the words of people and of organisations is surer than its share says.
PLAINER = np.float32(1.2)
# What a name adds that is known everywhere, of the service or of its organisation.
KNOWN = np.float32(0.5)
# From this strength a reason may be given for it.
TELLING = 1


def told_tags(name: str, description: str, organization: str = "", categories: Iterable[str] = ()) -> Iterator[str]:
    """Tags for the topics that the names, its source's own categories or a stretch of the description sound like."""
    model = topic_model()
    known, name = known_name(untitled(name))
    description = of_the_help(description)
    known += known_name(organization).topics
    shares = np.max([model.shares(text) for text in _stretches(name, description)], axis=0)
    shares += TERM_IN_NAME * terms_in(name, model.slugs) + TERM_IN_TEXT * terms_in(description[:READ], model.slugs)
    shares = PLAINER * heard_by_both(shares, model.listed(name, description))
    for category in telling(categories, model.slugs):
        np.maximum(shares, model.shares(category), out=shares)
    shares[[place for place, slug in enumerate(model.slugs) if slug in known]] += KNOWN
    for place in np.flatnonzero(shares >= LEAST).tolist():
        yield f"{PREFIX}{_strength(shares[place])}:{model.slugs[place]}"


def sounding(snapshot: Snapshot, numbers: Sequence[int], slugs: Iterable[str]) -> list[tuple[str, ...]]:
    """Of each document those of the topics that its words tell of plainly enough to say so."""
    told: list[list[str]] = [[] for _ in numbers]
    for slug in slugs:
        tags = (snapshot.tagged(f"{PREFIX}{strength}:{slug}") for strength in _TOLD)
        for place in {place for documents in tags for place in _having(documents, numbers)}:
            told[place].append(slug)
    return list(map(tuple, told))


_TOLD = range(TELLING, len(STRENGTHS))


def _having(documents: NDArray[np.int32], numbers: Sequence[int]) -> list[int]:
    """The places of those numbers that are among the documents (ascending)."""
    if not len(documents):
        return []
    at = np.searchsorted(documents, numbers)
    found: list[int] = np.flatnonzero(documents.take(at, mode="clip") == numbers).tolist()
    return found


def _stretches(name: str, description: str) -> Sequence[str]:
    words = description.split(maxsplit=WINDOW * WINDOWS)[: WINDOW * WINDOWS]
    return [name, *(" ".join(words[start : start + WINDOW]) for start in range(0, len(words), WINDOW))]


def _strength(share: float) -> int:
    """The strength nearest on a scale of ratios."""
    distances: NDArray[np.float64] = np.abs(np.log(np.array(STRENGTHS)) - np.log(share))
    return int(np.argmin(distances))
