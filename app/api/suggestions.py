"""What to offer while somebody types: topics by the beginnings of lay phrases, and names of services."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api.hsds import Json
from app.directory.models import Service
from app.directory.queries import SHOWN
from app.directory.wording.queries import Wording, wording
from app.directory.wording.rules import lived
from app.library.topics import Topic, TopicTree
from search_index import NameHit, Snapshot
from search_index.analysis import words
from search_index.lexicon import load_phrases, load_terms
from search_index.words import LOW_VALUE

MOST = 8
MOST_TOPICS = 4
LONGEST = 100
SHORTEST = 2
MOST_LOOKED_AT = 3000
# From so many of the last words on; a hundred letters of another script may come to hundreds of words.
MOST_STARTS = 12
# What a topic's own label counts for, and a phrase that begins so rather than has it further on.
BY_LABEL, BY_BEGINNING, BY_MIDDLE = 40, 3, 1


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of a lay phrase from one of its words on."""

    text: str
    slug: str
    weight: int


class PhraseBook:
    """Lay phrases, found by the beginning of any of their words."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        """`phrases` are pairs of words and topic slug."""
        self._endings = sorted((ending for pair in phrases for ending in _endings(*pair)), key=lambda one: one.text)
        self._texts = [ending.text for ending in self._endings]

    def topics(self, beginning: str) -> Counter[str]:
        """Topic slugs with how strongly the beginning speaks for each."""
        first = bisect_left(self._texts, beginning)
        found: Counter[str] = Counter()
        for ending in islice(self._endings, first, first + MOST_LOOKED_AT):
            if not ending.text.startswith(beginning):
                break
            found[ending.slug] += ending.weight
        return found


def _endings(phrase: str, slug: str) -> Iterator[Ending]:
    parts = words(phrase)
    for place, word in enumerate(parts):
        if word not in LOW_VALUE or place == 0:
            yield Ending(" ".join(parts[place:]), slug, BY_BEGINNING if place == 0 else BY_MIDDLE)


@cache
def phrase_book() -> PhraseBook:
    """The phrases of the lexicon, read once in a process."""
    lists = (*load_phrases().items(), *load_terms().items())
    return PhraseBook((text, slug) for slug, texts in lists for text in texts)


@lru_cache(maxsize=4)
def _taught(phrases: tuple[tuple[str, tuple[str, ...]], ...]) -> PhraseBook:
    return PhraseBook((phrase, slug) for phrase, slugs in phrases for slug in slugs)


def suggest(session: Session, snapshot: Snapshot | None, text: str) -> list[Json]:
    """At most `MOST` suggestions; a service has an address, a topic or an organisation is words to search for."""
    typed = words(text[:LONGEST])
    if len(" ".join(typed)) < SHORTEST:
        return []
    labels = _topic_labels(TopicTree.of(session), wording(session), typed)
    names = _names(session, snapshot, text[:LONGEST])
    room = max(MOST - len(labels), 0)
    offered = [_offer(label) for label in labels] + names[:room]
    return list({offer["label"].casefold(): offer for offer in reversed(offered)}.values())[::-1]


def _offer(label: str, url: str | None = None) -> Json:
    return {"label": label, "url": url}


def _topic_labels(tree: Mapping[str, Topic], known: Wording, typed: Sequence[str]) -> list[str]:
    for start in (0, *range(max(1, len(typed) - MOST_STARTS), len(typed))):
        if found := _topics(tree, known, " ".join(typed[start:])):
            return [tree[slug].label for slug, _ in found.most_common(MOST_TOPICS)]
        # "i need help with my ren": what cannot be found as a whole is looked for from a later word on.
    return []


def _topics(tree: Mapping[str, Topic], known: Wording, beginning: str) -> Counter[str]:
    if len(beginning) < SHORTEST or beginning in LOW_VALUE:
        return Counter()
    found = phrase_book().topics(beginning) + _taught(known.phrases).topics(beginning)
    for slug, topic in tree.items():
        label = " ".join(words(topic.label))
        if label.startswith(beginning) or f" {beginning}" in label:
            found[slug] += BY_LABEL
    return Counter({slug: int(weight) for slug, weight in lived(found, known.heirs).items() if slug in tree})


def _names(session: Session, snapshot: Snapshot | None, text: str) -> list[Json]:
    if snapshot is None:
        return []
    hits = snapshot.prefix_names(text, MOST)
    shown = _still_shown(session, hits)
    return [
        _offer(hit.text, f"/services/{hit.id}" if hit.id else None)
        for hit in hits
        if not hit.id or UUID(hit.id) in shown
    ]


def _still_shown(session: Session, hits: Sequence[NameHit]) -> set[UUID]:
    # The index may be behind: the database has the last word on what is published.
    ids = [UUID(hit.id) for hit in hits if hit.id]
    statement = select(Service.id).where(Service.id.in_(ids), Service.status.in_(SHOWN)).order_by(Service.id)
    return set(session.scalars(statement)) if ids else set()
