"""Writes one Whoosh segment. With segment.py and schema.py, all that knows Whoosh.

Whoosh's pool sorts one tuple a posting. Documents come in order here, so a list a term is already sorted.
"""

from array import array
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from pickle import dumps
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import stem
from search_index.documents import Document
from search_index.errors import IndexWriteFailed
from search_index.pointer import SegmentState, file_state
from search_index.schema import (
    BYTES_COLUMNS,
    COLUMN_PREFIX,
    FACTS,
    FACTS_COLUMN,
    TAGS,
    TEXT_FIELDS,
    column_values,
    make_codec,
    make_schema,
    tag_terms,
    text_terms,
)
from search_index.segment import WORDS_EXTENSION, Segment, decoded_lengths
from search_index.whoosh_parts import (
    TOC,
    WHOOSH3_HEADER_MAGIC,
    FileStorage,
    SegmentWriter,
    W3Segment,
    W3TermInfo,
    pack_int,
    pack_long,
    pack_ushort,
)
from search_index.words import GRAMMAR

INDEX_NAME = "MAIN"
PackedList: TypeAlias = "array[int]"  # a string for Python 3.11
_COUNT_BITS = 16
_MOST = (1 << _COUNT_BITS) - 1
_LONGEST_BYTE = 255


class TermPool:
    """Postings of the segment being written, by field and term. Stands in for Whoosh's PostingPool.

    A posting is one number, the document's above and the frequency below: half the memory and time of two lists.
    """

    def __init__(self) -> None:
        self._fields: dict[str, dict[bytes, PackedList]] = {name: {} for name in (*TEXT_FIELDS, TAGS)}
        self._words: Counter[str] = Counter()

    def add_terms(self, field: str, counted: dict[bytes, int], number: int) -> None:
        """Add the terms of a field of one document; numbers must not go down."""
        lists = self._fields[field]
        above = number << _COUNT_BITS
        for term, count in counted.items():
            found = lists.get(term)
            if found is None:
                found = lists[term] = array("Q")
            found.append(above | min(count, _MOST))

    def add_words(self, words: Iterable[str]) -> None:
        """Add the words of one document as written."""
        self._words.update(words)

    def add_segment(self, segment: Segment, renumbered: NDArray[np.int64]) -> None:
        """Add the postings of an old segment; `renumbered` has each document's new number, -1 if deleted."""
        for field, lists in self._fields.items():
            for row, term in zip(segment.terms.rows(field), segment.terms.terms(field), strict=True):
                documents, weights = segment.postings(row)
                numbers = renumbered[documents]
                kept = numbers >= 0
                if kept.any():
                    packed = (numbers[kept] << _COUNT_BITS) | weights[kept].astype(np.int64)
                    lists.setdefault(term, array("Q")).frombytes(packed.astype(np.uint64).tobytes())
        self._keep_words(segment, float((renumbered >= 0).mean()))

    def write(self, writer: Any, schema: Any) -> None:
        """Write every list whole, by field and term, and forget it."""
        offset = writer._postfile.tell()
        for field in sorted(self._fields):
            writer.start_field(field, schema[field])
            prefix = pack_ushort(writer._fieldid)
            lists = self._fields[field]
            for term in sorted(lists):
                postings, info = _encoded(lists.pop(term), offset)
                writer._postfile.write(postings)
                writer._tindex.add(prefix + term, info)
                offset += len(postings)
            writer.finish_field()

    def words(self) -> bytes:
        """Words as written and in how many documents, a line a word."""
        wanted = (word for word in sorted(self._words) if len(word) > 1 and word.isalpha() and word not in GRAMMAR)
        return "".join(f"{word} {self._words[word]}\n" for word in wanted).encode("utf-8", "replace")

    def cleanup(self) -> None:
        """Do nothing: Whoosh's pool has files to remove, this one has not."""

    def _keep_words(self, segment: Segment, share: float) -> None:
        # A word is kept while its stem is: the words of deleted documents must not be offered as spellings.
        for word, count in segment.words.items():
            term = stem(word).encode()
            if any(term in self._fields[field] for field in TEXT_FIELDS):
                self._words[word] += max(1, round(count * share))


def _encoded(packed: PackedList, offset: int) -> tuple[bytes, bytes]:
    """One term's postings and its entry in the dictionary, as Whoosh's W3 codec writes them, in one block."""
    if len(packed) == 1:
        first = last = packed[0] >> _COUNT_BITS
        total = heaviest = float(packed[0] & _MOST)
        steps: tuple[int, ...] = (first,)
        weights: tuple[float, ...] | float | None = None if total == 1.0 else total
    else:
        numbers = np.frombuffer(packed, np.uint64)
        documents = (numbers >> np.uint64(_COUNT_BITS)).astype(np.int64)
        counts = (numbers & np.uint64(_MOST)).astype(np.float64)
        first, last = int(documents[0]), int(documents[-1])
        total, heaviest = float(counts.sum()), float(counts.max())
        steps = (first, *np.diff(documents).tolist())
        weights = tuple(counts.tolist())
        if heaviest == counts.min():
            weights = None if heaviest == 1.0 else heaviest
    # The bounds of lengths, by which Whoosh's own searcher skips blocks, are loose: right, and quicker than exact ones.
    body = dumps((len(packed), last, heaviest, 0, 1, _LONGEST_BYTE), 2) + dumps((steps, weights, None), 2)
    postings = WHOOSH3_HEADER_MAGIC + pack_int(-len(body)) + body
    info = W3TermInfo._struct.pack(0, total, len(packed), 1, _LONGEST_BYTE, heaviest, first, last)
    return postings, info + pack_long(offset) + pack_int(len(postings))


class _At:
    """What SegmentWriter asks of an index: where it is and what it holds."""

    def __init__(self, storage: Any, toc: Any) -> None:
        self.storage = storage
        self.indexname = INDEX_NAME
        self._toc = toc

    def _read_toc(self) -> Any:
        return self._toc


class NewSegment(SegmentWriter):  # type: ignore[misc]  # Whoosh's classes are Any
    """A segment beside those of `states`. Nothing that a reader may hold is touched."""

    def __init__(self, folder: Path, states: Iterable[SegmentState], toc: int) -> None:
        self._folder = folder
        segments = [_whoosh_segment(state) for state in states]
        at = _At(FileStorage(str(folder)), TOC(make_schema(), segments, toc))
        super().__init__(at, _lk=False, codec=make_codec(), compound=False)
        self.pool = TermPool()
        self.deleted_here: set[int] = set()

    def add(self, document: Document) -> int:
        """Add a document and give its number in this segment."""
        values = column_values(document)
        terms, words = text_terms(document)
        number: int = self.docnum
        writer = self.perdocwriter
        writer.start_doc(number)
        for field, counted in terms.items():
            writer.add_field(field, self.schema[field], None, sum(counted.values()))
            self.pool.add_terms(field, counted, number)
        self.pool.add_terms(TAGS, tag_terms(document.tags), number)
        self.pool.add_words(words)
        self._finish_document(values)
        return number

    def add_live(self, segment: Segment, deleted: Iterable[int]) -> None:
        """Add what is left of an old segment."""
        gone = set(deleted)
        columns = {name: segment.column(name) for name in BYTES_COLUMNS}
        facts = segment.facts_column()
        lengths = {name: decoded_lengths(segment.lengths[name]).astype(int).tolist() for name in TEXT_FIELDS}
        renumbered = np.full(segment.size, -1, np.int64)
        for old in range(segment.size):
            if old in gone:
                continue
            renumbered[old] = self.docnum
            self.perdocwriter.start_doc(self.docnum)
            for field, values in lengths.items():
                self.perdocwriter.add_field(field, self.schema[field], None, values[old])
            row = {name: data[bounds[old] : bounds[old + 1]] for name, (data, bounds) in columns.items()}
            row[FACTS_COLUMN] = facts[old * FACTS.size : (old + 1) * FACTS.size]
            self._finish_document(row)
        self.pool.add_segment(segment, renumbered)

    def drop(self, number: int) -> None:
        """Delete a document added by this writer (its id came again)."""
        self.newsegment.delete_document(number)
        self.deleted_here.add(number)

    def abandon(self) -> None:
        """Give up, whatever state the files are in: on a full disk even closing them fails."""
        with suppress(Exception):
            self.cancel()
        for file in (self.fieldwriter._tindex.dbfile, self.fieldwriter._postfile, self.perdocwriter._cols._temp):
            with suppress(Exception):
                file.file.close()

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        self.pool.write(self.fieldwriter, self.schema)
        self.fieldwriter.close()
        (self._folder / self.newsegment.make_filename(WORDS_EXTENSION)).write_bytes(self.pool.words())

    def finish(self, states: Iterable[SegmentState]) -> list[SegmentState]:
        """Write the segment and Whoosh's table of contents; say what the commit then consists of."""
        try:
            return self._written(list(states))
        except OSError:
            raise
        except Exception as error:  # Whoosh's own, of many kinds
            raise IndexWriteFailed("the index could not be written") from error

    def _written(self, states: list[SegmentState]) -> list[SegmentState]:
        if self.docnum > len(self.deleted_here):
            new = self._finalize_segment()
            files = {name: file_state(self._folder / name) for name in sorted(new.list_files(self.storage))}
            lengths = {name: int(length) for name, length in new._fieldlengths.items()}
            deleted = tuple(sorted(self.deleted_here))
            states.append(SegmentState(new.segid, new.segment_id(), self.docnum, deleted, lengths, files))
        else:
            self._close_segment()
        toc = TOC(self.schema, [_whoosh_segment(state) for state in states], self.generation)
        toc.write(self.storage, INDEX_NAME)
        self._finish()
        return states

    def _finish_document(self, values: dict[str, bytes]) -> None:
        for name, value in values.items():
            column = self.schema[COLUMN_PREFIX + name].column_type
            self.perdocwriter.add_column_value(COLUMN_PREFIX + name, column, value)
        self.perdocwriter.finish_doc()
        self.docnum += 1


def toc_name(toc: int) -> str:
    """Name the file of Whoosh's table of contents."""
    return str(TOC._filename(INDEX_NAME, toc))


def _whoosh_segment(state: SegmentState) -> Any:
    segment = W3Segment(make_codec(), INDEX_NAME, state.documents, state.segid, set(state.deleted) or None)
    segment._fieldlengths = dict(state.lengths)
    return segment
