"""BM25F over whole posting lists: the same scores as Whoosh's, a word at a time instead of a document at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from search_index.cache import ByteCache
from search_index.schema import K1, SHORT_FIELDS, TEXT_FIELDS
from search_index.segment import Postings, Segment, decoded_lengths

_Item = TypeVar("_Item", bound=np.generic)
Documents = NDArray[np.int32]
Scores = NDArray[np.float32]
# How many postings of a field there are, what each frequency is multiplied by, where the field's norms begin.
_FieldPostings = tuple[int, float, int, list[Postings]]
RawCache = ByteCache[tuple[tuple[str, str], int], Postings]

# A word found in more than this share of the documents is kept as one number a document: adding up two full arrays
# is some ten times quicker than adding through an index.
_DENSE_SHARE: Final = 8
# Postings up to which a word is weighed one by one.
_FEW: Final = 48
_ENTRY_BYTES: Final = 500  # what Python needs around the numbers


@dataclass(frozen=True, slots=True)
class WordWeights:
    """A stem's part in the score of each document that has it, over all fields; of all documents if it names none.

    `in_a_name` is about what it adds to a document that has it once in a name of the usual length.
    """

    documents: Documents | None
    weights: Scores
    heaviest: float
    in_a_name: float

    @property
    def memory(self) -> int:
        """Bytes."""
        return self.weights.nbytes + (0 if self.documents is None else self.documents.nbytes) + _ENTRY_BYTES


class Scorer:
    """The text scores of one generation."""

    def __init__(
        self, segments: Sequence[Segment], bases: Sequence[int], live: NDArray[np.bool_], raw: RawCache, limit: int
    ) -> None:
        self._segments = list(zip(segments, bases, strict=True))
        self._live = live
        self._all_live = bool(live.all())
        self.size = len(live)
        self._raw = raw
        self.cache: ByteCache[str, WordWeights] = ByteCache(limit)
        # Of all fields one after the other.
        self._norms = np.concatenate([self._norm(field, segments) for field in TEXT_FIELDS])

    @property
    def memory(self) -> int:
        """Bytes."""
        return self.cache.memory + self._norms.nbytes

    def scores(self, terms: Iterable[tuple[str, float]]) -> tuple[Documents, Scores]:
        """Documents (ascending) with any of the stems, and the sum of boost times weight."""
        words = [(self.word(stem), boost) for stem, boost in terms]
        total = self._sum(words)
        if len(words) == 1 and words[0][0].documents is not None:
            return words[0][0].documents, total[words[0][0].documents]
        found = _above_nought(total)
        return found, total.take(found)

    def totals(self, terms: Iterable[tuple[str, float]]) -> Scores:
        """Give the sum of boost times weight of every document, 0 where it has none of the stems."""
        return self._sum([(self.word(stem), boost) for stem, boost in terms])

    def word(self, stem: str) -> WordWeights:
        """Give the stem's weights, from the cache or worked out."""
        known = self.cache.get(stem)
        if known is None:
            known = self._weigh(stem.encode())
            self.cache.put(stem, known, known.memory)
        return known

    def documents_named(self, stem: str) -> set[int]:
        """Give the documents that have the stem in their name or their organisation's, deleted ones too."""
        lists = (self._postings(field, stem.encode()) for field in SHORT_FIELDS)
        return {number for parts in lists for documents, _ in parts for number in documents.tolist()}

    def document_frequency(self, stem: str, fields: Iterable[str] = TEXT_FIELDS) -> int:
        """Count the most documents in which one of the fields has the stem."""
        term = stem.encode()
        return max(self._frequency(field, term) for field in fields)

    def _sum(self, words: Sequence[tuple[WordWeights, float]]) -> Scores:
        total = np.zeros(self.size, np.float32)
        # First the words of few documents, then those of many: in one order, so that equals stay equal.
        for word, boost in words:
            if word.documents is not None:
                # Some three times quicker than `total[documents] += ...`; no document comes twice.
                np.add.at(total, word.documents, _boosted(word.weights, boost))
        for word, boost in words:
            if word.documents is None:
                total += _boosted(word.weights, boost)
        return total

    def _weigh(self, term: bytes) -> WordWeights:
        lists = self._lists(term)
        named = TEXT_FIELDS["name"][0] * (log((self.size or 1) / (max((row[0] for row in lists), default=0) + 1)) + 1)
        if sum(count for count, _, _, _ in lists) <= _FEW:
            return self._weigh_few(lists, named)
        found, weights = self._once(*self._of_fields(lists))
        heaviest = float(weights.max(initial=0.0))
        if len(found) * _DENSE_SHARE > self.size:
            total = np.zeros(self.size, np.float32)
            total[found] = weights
            return WordWeights(None, _frozen(total), heaviest, named)
        return WordWeights(_frozen(found), _frozen(weights), heaviest, named)

    def _lists(self, term: bytes) -> list[_FieldPostings]:
        """The postings of each field that has the term."""
        found: list[_FieldPostings] = []
        for number, (field, (weight, _)) in enumerate(TEXT_FIELDS.items()):
            parts = self._postings(field, term)
            if count := sum(len(documents) for documents, _ in parts):
                idf = log(self.size / (count + 1)) + 1
                found.append((count, weight * idf * (K1 + 1), number * self.size, parts))
        return found

    def _weigh_few(self, lists: Sequence[_FieldPostings], named: float) -> WordWeights:
        # In Python's own numbers: of a few documents each call of numpy takes longer than all of this.
        total: dict[int, float] = {}
        for _, factor, norms, parts in lists:
            for documents, frequencies in parts:
                for document, frequency in zip(documents.tolist(), frequencies.tolist(), strict=True):
                    part = frequency * factor / (frequency + self._norms.item(norms + document))
                    total[document] = total.get(document, 0.0) + part
        found = sorted(total if self._all_live else (n for n in total if self._live[n]))
        weights = np.array([total[document] for document in found], np.float32)
        heaviest = float(weights.max(initial=0.0))
        return WordWeights(_frozen(np.array(found, np.int32)), _frozen(weights), heaviest, named)

    def _of_fields(self, lists: Sequence[_FieldPostings]) -> tuple[Documents, Scores]:
        """Documents and weights of one field after the other."""
        counts = [count for count, _, _, _ in lists]
        documents = np.concatenate([documents for *_, parts in lists for documents, _ in parts])
        frequencies = np.concatenate([frequencies for *_, parts in lists for _, frequencies in parts])
        weights = frequencies * np.repeat(np.array([factor for _, factor, _, _ in lists], np.float32), counts)
        frequencies += self._norms[documents + np.repeat([norms for _, _, norms, _ in lists], counts)]
        weights /= frequencies
        return documents, weights

    def _once(self, documents: Documents, weights: Scores) -> tuple[Documents, Scores]:
        """Each live document once, ascending, with the sum of its weights."""
        if len(documents) * _DENSE_SHARE > self.size:
            total = np.zeros(self.size, np.float32)
            np.add.at(total, documents, weights)
            documents = _above_nought(total)
            weights = total[documents]
        elif len(documents) > 1:
            order = np.argsort(documents, kind="stable")
            documents = documents[order]
            begins = documents[1:] != documents[:-1]
            starts = np.flatnonzero(np.concatenate(([True], begins)))
            documents, weights = documents[starts], np.add.reduceat(weights[order], starts)
        if not self._all_live:
            alive = np.flatnonzero(self._live[documents])
            documents, weights = documents[alive], weights[alive]
        return documents, weights

    def _postings(self, field: str, term: bytes) -> list[Postings]:
        parts = []
        for segment, base in self._segments:
            row = segment.terms.row(field, term)
            if row >= 0:
                documents, weights = self._read(segment, row)
                parts.append((documents + np.int32(base), weights) if base else (documents, weights))
        return parts

    def _read(self, segment: Segment, row: int) -> Postings:
        if segment.terms.df[row] == 1:
            return segment.postings(row)
        key = (segment.key, row)
        known = self._raw.get(key)
        if known is None:
            known = segment.postings(row)
            self._raw.put(key, known, known[0].nbytes + known[1].nbytes + _ENTRY_BYTES)
        return known

    def _frequency(self, field: str, term: bytes) -> int:
        rows = ((segment, segment.terms.row(field, term)) for segment, _ in self._segments)
        return sum(int(segment.terms.df[row]) for segment, row in rows if row >= 0)

    def _norm(self, field: str, segments: Sequence[Segment]) -> NDArray[np.float32]:
        # K1 * ((1 - B) + B * length / average length) of each document, as in Whoosh's bm25().
        b = TEXT_FIELDS[field][1]
        average = sum(segment.total_lengths.get(field, 0) for segment in segments) / (self.size or 1) or 1
        lengths = [decoded_lengths(segment.lengths[field]) for segment in segments]
        joined = np.concatenate(lengths) if lengths else np.empty(0)
        return (K1 * ((1 - b) + b * joined / average)).astype(np.float32)


def _boosted(weights: Scores, boost: float) -> Scores:
    return weights if boost == 1.0 else weights * np.float32(boost)


def _above_nought(total: Scores) -> Documents:
    # BM25F is above nought for every document that has the term.
    return np.flatnonzero(total != 0.0).astype(np.int32)


def _frozen(array: NDArray[_Item]) -> NDArray[_Item]:
    array.setflags(write=False)
    return array
