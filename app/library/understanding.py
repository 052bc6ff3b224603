"""What a person means by the words they typed: place, danger, topics, mended spelling, other words for the same."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy.orm import Session

from app.core.text import single_line
from app.directory import geography
from app.directory.wording.queries import Wording, wording
from app.directory.wording.rules import lived
from app.library.engine import Engine
from app.library.readings import topic_shares
from search_index import Snapshot
from search_index.lexicon import Correction, TopicModel, danger, expand, folded_words

MAXIMUM_TEXT = 200
# A topic below this share is searched for but not shown as what was understood.
LEAST_SHOWN = 0.12
MOST_TOPICS = 12
LEAST_SEARCHED = 0.02
DANGER_TOPICS = {"suicide": "suicide", "self-harm": "self-harm", "abuse": "domestic-abuse", "emergency": "crisis"}
DANGER_WEIGHT = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """A query taken apart. `words` is what remains when the place is out."""

    words: str
    point: geography.Point | None = None
    danger: frozenset[str] = frozenset()
    topics: Mapping[str, float] = field(default_factory=dict)
    correction: Correction | None = None
    also: tuple[str, ...] = ()

    @property
    def likely_topics(self) -> Mapping[str, float]:
        """The topics sure enough to be told to the person."""
        return {slug: weight for slug, weight in self.topics.items() if weight >= LEAST_SHOWN}


def understand(
    text: str, *, session: Session, snapshot: Snapshot | None, engine: Engine, draft: Wording | None = None
) -> Understanding:
    """Read a query of any length. Without a snapshot of the index no spelling is mended.

    `draft` is a wording to try instead of the one that is published.
    """
    known = wording(session) if draft is None else draft
    text = single_line(text)[:MAXIMUM_TEXT]
    found = geography.find_in_text(session, text)
    point, words = found if found else (None, text)
    correction = engine.corrector(snapshot).correct(folded_words(words), known.taught.knows) if snapshot else None
    meant = correction.text if correction else words
    dangers = danger(text)
    topics = _with_dangers(_topics(meant, engine.model_with(known.phrases), known), dangers)
    return Understanding(
        words=words,
        point=point,
        danger=dangers,
        topics=topics,
        correction=correction,
        also=_also(meant, topics.keys()),
    )


def _topics(words: str, model: TopicModel, known: Wording) -> dict[str, float]:
    heard = known.taught.hear(words)
    shares = topic_shares(words if heard is None else heard.rest, model)
    best = np.argsort(-shares, kind="stable")[:MOST_TOPICS].tolist()
    found = {model.slugs[place]: float(shares[place]) for place in best if shares[place] >= LEAST_SEARCHED}
    if heard is None and not known.heirs:
        return found
    told = lived(found if heard is None else heard.beside(found), known.heirs)
    best_first = sorted(told.items(), key=lambda item: (-item[1], item[0]))[:MOST_TOPICS]
    return {slug: weight for slug, weight in best_first if weight >= LEAST_SEARCHED}


def _with_dangers(topics: Mapping[str, float], dangers: frozenset[str]) -> dict[str, float]:
    """Lift the topics of a danger that the words name: it counts even where the words look like something else."""
    lifted = {
        slug: max(topics.get(slug, 0.0), DANGER_WEIGHT) for kind, slug in DANGER_TOPICS.items() if kind in dangers
    }
    return {**topics, **lifted}


def _also(words: str, topics: Set[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(expansion.also for expansion in expand(words, topics=topics)))
