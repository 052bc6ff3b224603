"""One search over one snapshot of the index: from an understood query to ranked documents. No database, no Flask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.library.conditions import NO_CONDITIONS, Conditions
from app.library.ranking import (
    Numbers,
    Point,
    Relevance,
    Scores,
    Standing,
    Weights,
    best_of_chains,
    candidates,
    distances,
    suitability,
)
from app.library.topic_vectors import TopicVectors
from search_index import QueryTerms, Snapshot

WEIGHTS = Weights()
# What other words for the same, and mended spellings, count beside the words typed.
ALSO_SHARE = np.float32(0.35)
MENDED_SHARE = np.float32(0.9)
# Of the scale of word scores, the part that is the best possible score rather than the best found.
IDEAL_SHARE = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for, once understood."""

    words: str
    mended: str = ""
    also: tuple[str, ...] = ()
    topics: Mapping[str, float]
    point: Point | None = None
    conditions: Conditions = NO_CONDITIONS


@dataclass(frozen=True, slots=True)
class Matches:
    """The documents that fit, best first is not said here: `numbers` ascend, the other arrays are by document."""

    numbers: Numbers
    rank: Scores
    relevance: Relevance
    kilometres: Scores | None

    def mask(self, size: int) -> NDArray[np.bool_]:
        """The fitting documents as a mask over all."""
        found = np.zeros(size, np.bool_)
        found[self.numbers] = True
        return found


def match(
    snapshot: Snapshot, query: Query, *, vectors: TopicVectors, standing: Standing, weights: Weights = WEIGHTS
) -> Matches:
    """Find and weigh every document that fits the query. A query without words or topics fits all."""
    fit = relevance_of(snapshot, query, vectors, weights)
    kilometres = distances(snapshot, query.point) if query.point else None
    rank = fit.total * standing.quality
    if query.conditions != NO_CONDITIONS:
        rank *= suitability(snapshot, query.conditions)
    if kilometres is not None:
        rank *= standing.nearness(kilometres)
    return Matches(candidates(fit.total, snapshot.live, weights), rank, fit, kilometres)


def relevance_of(snapshot: Snapshot, query: Query, vectors: TopicVectors, weights: Weights) -> Relevance:
    """How well each document fits words and topics."""
    words = word_scores(snapshot, snapshot.analyse(query.words))
    if query.mended:
        np.maximum(words, word_scores(snapshot, snapshot.analyse(query.mended)) * MENDED_SHARE, out=words)
    for other in query.also:
        np.maximum(words, word_scores(snapshot, snapshot.analyse(other)) * ALSO_SHARE, out=words)
    topics = vectors.scores(query.topics)
    if not (query.words or query.topics):
        return Relevance(words, topics, np.ones(snapshot.size, np.float32))
    # What the topics leave in doubt, the words decide.
    trust = weights.topics * min(1.0, 4 * sum(query.topics.values()))
    return Relevance(words, topics, (1 - trust) * words + trust * topics)


def word_scores(snapshot: Snapshot, terms: QueryTerms) -> Scores:
    """BM25F scores brought to 0..1: 1 is a service that has every word where it counts most.

    Scaled by the best that these words could score anywhere as well as by the best found: in a long sentence of which
    a service shares one chance word, that service must not look like a hit.
    """
    documents, found = snapshot.text_scores(terms)
    scores = np.zeros(snapshot.size, np.float32)
    if len(documents):
        ideal = sum(
            boost * float(snapshot.scorer.word(stem).weights.max(initial=0.0))
            for stem, boost in terms.terms
            if boost == 1.0
        )
        best = float(found.max())
        scores[documents] = found / (IDEAL_SHARE * max(ideal, best) + (1 - IDEAL_SHARE) * best)
    return scores


def ranked(
    snapshot: Snapshot, matches: Matches, kept: NDArray[np.bool_], wanted: int
) -> tuple[Sequence[int], int, Mapping[int, int]]:
    """The first `wanted` of the matches that are in `kept`, best first, branches of one chain folded into the best.

    Also how many there are in all, and how many other branches each stands for.
    """
    numbers = matches.numbers[kept[matches.numbers]]
    unfolded, branches = best_of_chains(snapshot.chain, numbers, matches.rank[numbers])
    total = len(unfolded)
    scores = matches.rank[unfolded]
    if wanted < total:
        # All that tie with the last one wanted are looked at, or pages one and two would part a tie differently.
        top = scores >= np.partition(scores, total - wanted)[total - wanted]
        unfolded, scores = unfolded[top], scores[top]
    return unfolded[np.lexsort((unfolded, -scores))][:wanted].tolist(), total, branches
