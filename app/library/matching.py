"""One search over one snapshot of the index: from an understood query to ranked documents. No database, no Flask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

import numpy as np
from numpy.typing import NDArray

from app.library.beyond import FAINT
from app.library.conditions import NO_CONDITIONS, Conditions
from app.library.named import NOBODY, Named
from app.library.offer_scores import OfferScores
from app.library.places import Point
from app.library.ranking import (
    PORTAL,
    Numbers,
    Scores,
    Standing,
    Weights,
    best,
    branch_counts,
    candidates,
    suitability,
    without_branches,
)
from app.library.spoken import Language
from app.library.topic_vectors import TopicVectors
from app.library.whereabouts import naming
from search_index import Snapshot
from search_index.analysis import stem
from search_index.words import GRAMMAR

WEIGHTS = Weights()
# What other words for the same, and mended spellings, count beside the words typed.
ALSO_SHARE = 0.25
MENDED_SHARE = 0.9
# What the words typed count beside what listings call a thing that no topic is for.
BESIDE_LISTED = np.float32(0.4)
# What topics count beside what listings call the thing itself, where there is such a listing.
BESIDE_NAMED = 0.75
# Of what a listing's words for that count, the part that is for using a second name for it too; and what it counts at
# least to be called so itself, which is looked for among so many of the best.
BY_ANOTHER_NAME = 0.3
CALLED_SO = np.float32(0.9)
LOOKED_AT = 1_000
# What a website for finding any service of a nation counts where a listing is called so.
BESIDE_CALLED_SO = np.float32(0.7)
# What it adds that a language asked for is stated, or only named in the text; and where nothing else was asked for.
IN_LANGUAGE, IN_LANGUAGE_ALONE = np.float32(0.25), np.float32(0.5)
NAMED_IN_TEXT = np.float32(0.7)
# What it adds to be just the kind of help that is asked for: also where a listing's topics say nothing of it, and of
# what else counts that share.
OFFERED, BY_OFFER = np.float32(0.25), np.float32(1.0)
# From how good a fit that is told.
PLAINLY_OFFERED = 0.5
# What is about the subject asked for, as a share of the best.
ON_SUBJECT = 0.5
# Of the scale of word scores, the part that is the best possible score rather than the best found.
IDEAL_SHARE = 0.8
# Words of which none is clearer than that ("looking for work", "how to manage") are found anywhere, and count so much.
VAGUE, BY_VAGUE_WORDS = 0.3, 0.4

# What it adds to be the one whose name was typed; and to have a word for its own in what was typed, if all of that is
# its name: half as much of it counts a quarter.
TYPED, BY_A_WORD = np.float32(1.0), np.float32(0.6)

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for, once understood."""

    words: str
    # How clearly each word points at certain listings, by its stem: 0 to 1, and 1 for one that is not named.
    clarity: Mapping[str, float] = field(default_factory=dict)
    mended: str = ""
    also: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    listed_alone: bool = False
    languages: tuple[Language, ...] = ()
    language_alone: bool = False
    topics: Mapping[str, float]
    # Kinds of help asked for within them, by topic and number, with their chance.
    offers: Mapping[tuple[str, int], float] = field(default_factory=dict)
    point: Point | None = None
    # What was asked to be near of which no point is known.
    place_name: str = ""
    conditions: Conditions = NO_CONDITIONS
    named: Named = NOBODY


@dataclass(frozen=True, slots=True)
class Matches:
    """The documents that fit: `numbers` ascend, and what else is said of them stands in the same order."""

    numbers: Numbers
    rank: Scores
    relevance: Scores
    kilometres: Scores | None
    # How well they fit the kinds of help asked for, 0 to 1; nothing where none is known.
    fit: Scores | None = None

    def mask(self, size: int) -> Mask:
        """The fitting documents as a mask over all."""
        found = np.zeros(size, np.bool_)
        found[self.numbers] = True
        return found

    def offering(self, numbers: Sequence[int]) -> list[bool]:
        """Whether each of some of the documents is plainly the kind of help asked for."""
        if self.fit is None:
            return [False] * len(numbers)
        return (self.fit[np.searchsorted(self.numbers, numbers)] >= PLAINLY_OFFERED).tolist()

    def of(self, numbers: Sequence[int]) -> tuple[list[float], list[float]]:
        """Ranks and kilometres of some of the documents; infinite where there is no place or none was named."""
        at = np.searchsorted(self.numbers, numbers)
        kilometres = [inf] * len(numbers) if self.kilometres is None else self.kilometres[at].tolist()
        return self.rank[at].tolist(), kilometres


def match(
    snapshot: Snapshot,
    query: Query,
    *,
    vectors: TopicVectors,
    standing: Standing,
    offers: OfferScores,
    weights: Weights = WEIGHTS,
) -> Matches:
    """Find and weigh every document that fits the query. A query without words or topics fits all."""
    relevance = relevance_of(snapshot, query, vectors, weights)
    fit = offers.fit(query.offers) if query.offers else None
    if fit is not None:
        relevance += OFFERED * fit
    # What is nobody's name is a result as much as it would be if no name were known.
    best_unnamed = float(relevance.max(initial=0.0))
    if query.named.shares:
        _lift_those_named(query.named, relevance)
    numbers = candidates(relevance, best_unnamed, snapshot.live, weights)
    # From here on only what is good enough is looked at.
    relevance = relevance[numbers]
    rank = relevance * standing.quality[numbers]
    if fit is not None:
        fit = fit[numbers]
        rank *= 1 + BY_OFFER * fit
    if query.conditions != NO_CONDITIONS:
        rank *= suitability(snapshot, query.conditions, numbers)
    if query.point is None:
        if (named := naming(snapshot, query.place_name)) is not None:
            rank *= standing.nearness_by_name(named, numbers)
        return Matches(numbers, rank, relevance, None, fit)
    kilometres = standing.places.kilometres(query.point, numbers)
    near = standing.nearness(numbers, kilometres)
    if query.named.with_place:
        # "Greater Manchester Transport" is where it is, however far from the middle of Manchester.
        near[np.isin(numbers, list(query.named.shares))] = 1.0
    rank *= near
    return Matches(numbers, rank, relevance, kilometres, fit)


def relevance_of(snapshot: Snapshot, query: Query, vectors: TopicVectors, weights: Weights) -> Scores:
    """How well each document fits words and topics; 0 where it does not."""
    relevance = _by_words_and_topics(snapshot, query, vectors, weights)
    if query.languages:
        spoken = in_language(snapshot, query.languages)
        spoken *= IN_LANGUAGE_ALONE if query.language_alone else _on_subject(relevance)
        relevance += spoken
    return relevance


def _lift_those_named(named: Named, relevance: Scores) -> None:
    most = TYPED if named.whole else BY_A_WORD
    for number, share in named.shares.items():
        relevance[number] += most * np.float32(share * share)


def _on_subject(relevance: Scores) -> Scores:
    """What a language adds to each document: half of it to what is about something else than what was asked for."""
    best = max(float(relevance.max(initial=0.0)), 1e-6)
    about = np.minimum(relevance * np.float32(1 / (ON_SUBJECT * best)), np.float32(1.0))
    return (about + np.float32(1.0)) * (IN_LANGUAGE / np.float32(2))


def _by_words_and_topics(snapshot: Snapshot, query: Query, vectors: TopicVectors, weights: Weights) -> Scores:
    if not (query.words or query.topics):
        return np.ones(snapshot.size, np.float32)
    words = word_scores(snapshot, query.words, query.clarity)
    if query.mended:
        np.maximum(words, word_scores(snapshot, query.mended, query.clarity, MENDED_SHARE), out=words)
    for other in query.also:
        np.maximum(words, word_scores(snapshot, other, query.clarity, ALSO_SHARE), out=words)
    found = False
    if query.listed_alone:
        words *= BESIDE_LISTED
    if query.listed:
        listed = _listed_scores(snapshot, query.listed)
        np.maximum(words, listed, out=words)
        found = bool(listed.any())
    if not query.topics:
        return words
    # What the topics leave in doubt, the words decide.
    sure = sum(query.topics.values())
    if query.listed_alone and not found:
        # Nobody lists it: what the topics guess is the nearest there is.
        sure /= FAINT
    trust = weights.topics * min(1.0, 4 * sure)
    if found and not query.listed_alone:
        trust *= BESIDE_NAMED
    topics = vectors.scores(query.topics)
    topics *= np.float32(trust)
    words *= np.float32(1 - trust)
    words += topics
    return words


def in_language(snapshot: Snapshot, languages: Sequence[Language]) -> Scores:
    """How plainly each document says that one of the languages is spoken, 0 to 1."""
    found = np.zeros(snapshot.size, np.float32)
    for language in languages:
        for word in language.words:
            found[snapshot.text_totals([(stem(word), 1.0)]) > 0] = NAMED_IN_TEXT
    for language in languages:
        found[snapshot.tagged(f"lang:{language.code}")] = 1.0
    return found


def word_scores(snapshot: Snapshot, text: str, clarity: Mapping[str, float], share: float = 1.0) -> Scores:
    """BM25F scores brought to 0..`share`: its top is a service that has every word where it counts most.

    Scaled by the best that these words could score anywhere as well as by the best found: in a long sentence of which
    a service shares one chance word, that service must not look like a hit.
    """
    terms = [(stem, boost * clarity.get(stem, 1.0), boost) for stem, boost in snapshot.analyse(text).terms]
    scores = snapshot.text_totals([(stem, weight) for stem, weight, _ in terms])
    top = float(scores.max(initial=0.0))
    if top > 0.0:
        typed = [(weight, snapshot.heaviest(stem)) for stem, weight, boost in terms if boost == 1.0]
        ideal = _ideal(typed)
        if typed and max(typed)[0] < VAGUE:
            share *= BY_VAGUE_WORDS
        scores *= np.float32(share / (IDEAL_SHARE * max(ideal, top) + (1 - IDEAL_SHARE) * top))
    return scores


def _listed_scores(snapshot: Snapshot, names: Sequence[str]) -> Scores:
    """How well each document fits what listings call a thing: best if it uses more than one of the names for it."""
    best = np.zeros(snapshot.size, np.float32)
    second = np.zeros(snapshot.size, np.float32)
    for name in names:
        scores = _all_words_scores(snapshot, name)
        np.maximum(second, np.minimum(best, scores), out=second)
        np.maximum(best, scores, out=best)
    if len(names) > 1:
        best *= np.float32(1 - BY_ANOTHER_NAME)
        best += np.float32(BY_ANOTHER_NAME) * second
    _lift_those_called_so(snapshot, names, best)
    return best


def _lift_those_called_so(snapshot: Snapshot, names: Sequence[str], scores: Scores) -> None:
    """A "School admissions team" comes before what mentions admissions, and before a website for everything."""
    found = np.flatnonzero(scores)
    if len(found) > LOOKED_AT:
        found = found[np.argpartition(-scores[found], LOOKED_AT)[:LOOKED_AT]]
    portals = set(snapshot.tagged(PORTAL).tolist())
    lifted = False
    for number in found.tolist():
        called = snapshot.names[number].lower()
        if number not in portals and any(name in called for name in names):
            scores[number] = CALLED_SO + (1 - CALLED_SO) * scores[number]
            lifted = True
    if lifted:
        scores[list(portals)] *= BESIDE_CALLED_SO


def _all_words_scores(snapshot: Snapshot, text: str) -> Scores:
    """How well each document that has every word speaks of that: "health centre" is no other centre.

    What names it in passing stays below 1, also where no listing says more of it.
    """
    # The space after it says that the last word is no beginning of others.
    terms = snapshot.analyse(f"{text} ").terms
    scores = snapshot.text_totals(terms)
    top = float(scores.max(initial=0.0))
    if top > 0.0:
        scores /= np.float32(max(top, sum(boost * snapshot.in_a_name(stem) for stem, boost in terms)))
        np.sqrt(scores, out=scores)
    if " " in text:
        for word in _worth_indexing(text):
            scores[snapshot.text_totals([(stem(word), 1.0)]) <= 0] = 0.0
    return scores


def _worth_indexing(name: str) -> Sequence[str]:
    """The words of a name that running text is indexed with: "meals on wheels" without "on"."""
    return [word for word in name.split() if word not in GRAMMAR]


def _ideal(typed: Sequence[tuple[float, float]]) -> float:
    """The most that the words typed could score, from their weights and what each adds at most.

    A word that no listing has might add as much as the weightiest of the others: "universal" is half of "universal
    credit", also where nobody gives credit.
    """
    unknown = max((heaviest for _, heaviest in typed), default=0.0)
    return sum(weight * (heaviest or unknown) for weight, heaviest in typed)


def ranked(
    snapshot: Snapshot, matches: Matches, kept: Mask, wanted: int
) -> tuple[Sequence[int], int, Mapping[int, int]]:
    """The first `wanted` of the matches that are in `kept`, best first, branches of one chain folded into the best.

    Also how many there are in all, and for how many other branches a chain's best stands.
    """
    stays = np.flatnonzero(kept[matches.numbers])
    numbers, scores = matches.numbers, matches.rank
    if len(stays) < len(numbers):
        numbers, scores = numbers[stays], scores[stays]
    counts = branch_counts(snapshot.chain, numbers)
    if not len(counts):  # none of them is of a chain, so there is nothing to fold
        first: list[int] = numbers[best(scores, wanted)[:wanted]].tolist()
        return first, len(numbers), {}
    total = len(numbers) - int(counts.sum()) + int(np.count_nonzero(counts))
    found = _first(snapshot, numbers, scores, min(wanted, total))
    chains = snapshot.chain[found].tolist()
    shown: list[int] = found.tolist()
    branches = {
        n: int(counts[code]) - 1 for n, code in zip(shown, chains, strict=True) if code >= 0 and counts[code] > 1
    }
    return shown, total, branches


def _first(snapshot: Snapshot, numbers: Numbers, scores: Scores, wanted: int) -> Numbers:
    """The first `wanted` after folding; some more are looked at, and more again where chains fill the top."""
    looked_at = wanted
    while True:
        found = without_branches(snapshot.chain, numbers[best(scores, looked_at)])
        if len(found) >= wanted:
            return found[:wanted]
        looked_at *= 4
