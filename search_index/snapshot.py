"""One state of the index, in memory. It does not change; many threads may ask it."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import nlargest
from time import monotonic, sleep
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import stems
from search_index.cache import ByteCache
from search_index.names import NameHit, best, question_of
from search_index.pointer import Commit
from search_index.query import QueryTerms, Vocabulary, analyse
from search_index.schema import SHORT_FIELDS, TAGS, TEXT_FIELDS, to_bytes
from search_index.scoring import Documents, RawCache, Scorer, Scores
from search_index.segment import Segment

_WARM_FIRST: Final = 3_000  # of the words, before those that were asked for
_WARM_WORDS: Final = 10_000
_WARM_STEMS: Final = 20_000
_PAUSE_AFTER: Final = 0.01  # seconds of warming, after which other threads are let in


class Snapshot:
    """Documents are numbered 0 .. size-1 over all segments; deleted ones keep their number and are not `live`."""

    def __init__(self, commit: Commit, segments: Sequence[Segment], raw: RawCache, cache_bytes: int) -> None:
        self.generation = commit.generation
        self.sequence = commit.sequence
        self.segments = tuple(segments)
        sizes = [segment.size for segment in segments]
        self._bases = [sum(sizes[:n]) for n in range(len(sizes))]
        self.size = sum(sizes)
        self.live = self._live(commit)
        self.ids: Sequence[str] = [identifier for segment in segments for identifier in segment.ids]
        self.names: Sequence[str] = [name for segment in segments for name in segment.names]
        self.organizations: Sequence[str] = [name for segment in segments for name in segment.organizations]
        self._read_arrays()
        self.scorer = Scorer(segments, self._bases, self.live, raw, cache_bytes)
        self._words = _sum_words(segments)
        self._vocabulary = Vocabulary(self._words, self.size, self.scorer.document_frequency)
        self._tagged: ByteCache[str, Documents] = ByteCache(cache_bytes // 8)
        self._has_tag: ByteCache[str, NDArray[np.bool_]] = ByteCache(cache_bytes // 16)
        self._tag_names = sorted({tag.decode() for segment in segments for tag in segment.terms.terms(TAGS)})

    def __repr__(self) -> str:
        return f"<Snapshot {self.generation}: {int(self.live.sum())} live of {self.size}>"

    @property
    def memory(self) -> int:
        """Bytes held, estimated where Python's own objects are."""
        arrays = sum(value.nbytes for value in vars(self).values() if isinstance(value, np.ndarray))
        segments = sum(segment.memory for segment in self.segments)
        return (
            arrays + segments + self.scorer.memory + self._tagged.memory + self._has_tag.memory + len(self._words) * 120
        )

    # Documents

    def number(self, id: str) -> int | None:  # noqa: A002 - the name by which callers know it
        """Give the number of the live document with this id."""
        for segment, base in zip(self.segments, self._bases, strict=True):
            here = segment.number.get(id)
            if here is not None and self.live[base + here]:
                return base + here
        return None

    # Tags

    def tagged(self, tag: str) -> Documents:
        """Live documents with the tag, ascending."""
        known = self._tagged.get(tag)
        if known is None:
            wanted = to_bytes(tag)
            parts = [s.tagged(wanted) + np.int32(base) for s, base in zip(self.segments, self._bases, strict=True)]
            joined = np.concatenate(parts) if parts else np.empty(0, np.int32)
            known = joined[self.live[joined]]
            known.setflags(write=False)
            self._tagged.put(tag, known, known.nbytes + 200)
        return known

    def has_tag(self, tag: str) -> NDArray[np.bool_]:
        """Tell of every document whether it is live and has the tag."""
        known = self._has_tag.get(tag)
        if known is None:
            known = np.zeros(self.size, np.bool_)
            known[self.tagged(tag)] = True
            known.setflags(write=False)
            self._has_tag.put(tag, known, known.nbytes + 200)
        return known

    def tags(self, prefix: str) -> tuple[str, ...]:
        """Tags in use that begin so, sorted."""
        first = bisect_left(self._tag_names, prefix)
        found = []
        for tag in self._tag_names[first:]:
            if not tag.startswith(prefix):
                break
            if len(self.tagged(tag)):
                found.append(tag)
        return tuple(found)

    # Text

    def analyse(self, text: str) -> QueryTerms:
        """Give the stems to score of what was typed: at most 200 characters and 12 words."""
        return analyse(text, self._vocabulary)

    def text_scores(self, terms: QueryTerms) -> tuple[Documents, Scores]:
        """Live documents with any of the terms, ascending, and their BM25F scores."""
        return self.scorer.scores(terms.terms)

    def text_totals(self, terms: Iterable[tuple[str, float]]) -> Scores:
        """Give the scores of stems and their boosts as an array over all documents, 0 for those that have none."""
        return self.scorer.totals(terms)

    def heaviest(self, stem: str) -> float:
        """Give the most that the stem adds to the score of any document."""
        return self.scorer.word(stem).heaviest

    def in_a_name(self, stem: str) -> float:
        """Give about what the stem adds to the score of a document that is named so."""
        return self.scorer.word(stem).in_a_name

    def begins_a_name(self, word: str) -> bool:
        """Whether any service's or organisation's name begins with this word, but for words such as "the"."""
        return any(segment.name_lines.begins_with(word) for segment in self.segments)

    def called(self, name: Sequence[str]) -> list[int]:
        """Give the live documents that are called so, or whose organisation is; or by both names at once.

        `name` is its `name_words`.
        """
        found: list[int] = []
        for segment, base in zip(self.segments, self._bases, strict=True):
            found += [base + number for number in segment.name_lines.called(name) if self.live[base + number]]
        return found

    def called_at_first(self, name: Sequence[str]) -> list[int]:
        """Give the live documents whose name, or whose organisation's, begins with these `name_words` and goes on."""
        found: list[int] = []
        for segment, base in zip(self.segments, self._bases, strict=True):
            found += [base + number for number in segment.name_lines.beginning(name) if self.live[base + number]]
        return found

    def named(self, stem: str) -> list[int]:
        """Give the live documents that have the stem in a name of theirs or their organisation's."""
        return [number for number in self.scorer.documents_named(stem) if self.live[number]]

    def name_frequency(self, stem: str) -> int:
        """Count the documents that have the stem in their name or their organisation's, about; deleted ones too."""
        return self.scorer.document_frequency(stem, SHORT_FIELDS)

    def documents_with(self, stem: str) -> int:
        """Count the live documents that have the stem in any field."""
        word = self.scorer.word(stem)
        return int(np.count_nonzero(word.weights))

    def vocabulary(self) -> Mapping[str, int]:
        """Words as written (folded) and in how many documents, about."""
        return MappingProxyType(self._words)

    def prefix_names(self, text: str, limit: int) -> list[NameHit]:
        """Names of services and organisations that begin with, or else have, what was typed."""
        question = question_of(text)
        if not question:
            return []
        found: list[tuple[bool, NameHit]] = []
        for segment, base in zip(self.segments, self._bases, strict=True):
            live = self.live[base : base + segment.size]
            for begins, name, kind, line in segment.name_lines.find(question, live):
                identifier = segment.ids[line] if kind == "service" else ""
                found.append((begins, NameHit(name, kind, identifier)))
        return best(found, limit)

    def warm(self, also: Sequence[str], seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Work out the names, then the commonest words and those asked for before, so that nobody waits for them.

        The names are not under the limit of `seconds`: each search asks for them.
        """
        for segment in self.segments:
            segment.name_lines.warm()
        started = paused = monotonic()
        common = self._commonest(_WARM_WORDS)
        for word in dict.fromkeys((*common[:_WARM_FIRST], *reversed(also), *common)):
            if not self.scorer.cache.has_room:
                break
            self.scorer.word(word)
            if monotonic() - paused > _PAUSE_AFTER:
                sleep(0)
                paused = monotonic()
                if paused - started > seconds or until():
                    return
        # What anybody types is mostly a word of the listings, and to cut a word down takes longer than to weigh it.
        stems(nlargest(_WARM_STEMS, self._words, key=self._words.__getitem__))

    # Building

    def _live(self, commit: Commit) -> NDArray[np.bool_]:
        live = np.ones(self.size, np.bool_)
        for state, base in zip(commit.segments, self._bases, strict=True):
            live[np.array(state.deleted, np.int64) + base] = False
        live.setflags(write=False)
        return live

    def _read_arrays(self) -> None:
        points = self._joined("points", np.empty((0, 2)))
        self.latitude: NDArray[np.float64] = np.ascontiguousarray(points[:, 0], np.float64)
        self.longitude: NDArray[np.float64] = np.ascontiguousarray(points[:, 1], np.float64)
        self.point_document = self._numbered("point_document")
        facts = [segment.facts for segment in self.segments]
        self.checked_on = _column(facts, "checked_on", np.int32)
        self.minimum_age = _column(facts, "minimum_age", np.int16)
        self.maximum_age = _column(facts, "maximum_age", np.int16)
        openings = [segment.openings for segment in self.segments]
        self.opening_document = self._numbered("opening_document")
        self.opening_weekday = _column(openings, "weekday", np.int8)
        self.opening_ordinal = _column(openings, "ordinal", np.int8)
        self.opening_opens = _column(openings, "opens", np.int16)
        self.opening_closes = _column(openings, "closes", np.int16)
        self.chain = self._chain_codes()
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    def _joined(self, name: str, empty: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate([empty, *(getattr(segment, name) for segment in self.segments)])

    def _numbered(self, name: str) -> NDArray[np.int32]:
        parts = [getattr(s, name) + np.int32(base) for s, base in zip(self.segments, self._bases, strict=True)]
        return np.concatenate(parts).astype(np.int32) if parts else np.empty(0, np.int32)

    def _chain_codes(self) -> NDArray[np.int32]:
        codes: dict[str, int] = {"": -1}
        found = np.full(self.size, -1, np.int32)
        for segment, base in zip(self.segments, self._bases, strict=True):
            if any(segment.chains):
                known = [codes.setdefault(chain, len(codes) - 1) for chain in segment.chains]
                found[base : base + segment.size] = known
        return found

    def _commonest(self, limit: int) -> list[str]:
        counted: Counter[bytes] = Counter()
        for segment in self.segments:
            for field in TEXT_FIELDS:
                rows = segment.terms.rows(field)
                df = segment.terms.df[rows.start : rows.stop]
                for place in np.argsort(df)[-limit:].tolist():
                    counted[segment.terms.term(rows.start + place)] += int(df[place])
        return [term.decode() for term, _ in counted.most_common(limit)]


def _sum_words(segments: Sequence[Segment]) -> dict[str, int]:
    if len(segments) == 1:
        return segments[0].words
    total: Counter[str] = Counter()
    for segment in segments:
        total.update(segment.words)
    return dict(total)


def _column(parts: Sequence[NDArray[Any]], name: str, dtype: type[np.generic]) -> NDArray[Any]:
    return np.concatenate([np.empty(0, dtype), *(part[name].reshape(-1).astype(dtype) for part in parts)])
