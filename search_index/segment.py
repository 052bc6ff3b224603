"""One Whoosh segment read into arrays. This is the only module that knows Whoosh's file formats.

Whoosh's own readers decode one posting at a time in Python. The same bytes are read here a block at a time.
"""

import io
import os
import pickle
import struct
import weakref
import zlib
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from search_index.errors import IndexUnavailable
from search_index.names import NameLines
from search_index.pointer import FileState, SegmentState
from search_index.schema import (
    BYTES_COLUMNS,
    COLUMN_PREFIX,
    FACTS,
    FACTS_COLUMN,
    FACTS_DTYPE,
    OPENING_DTYPE,
    TAGS,
    TEXT_FIELDS,
)
from search_index.whoosh_parts import WHOOSH3_HEADER_MAGIC, W3Codec, byte_to_length

WORDS_EXTENSION: Final = ".words"  # a file of ours beside Whoosh's
Postings = tuple[NDArray[np.int32], NDArray[np.float32]]

_LENGTHS: Final = np.array([byte_to_length(byte) for byte in range(256)], dtype=np.float64)
_INT: Final = struct.Struct(">i")
_ARRAY_TYPES: Final = {"B": ">u1", "H": ">u2", "i": ">i4", "I": ">u4", "q": ">i8"}
_FIELD_ID: Final = struct.Struct(">H")
# Where W3TermInfo.to_bytes() puts things, behind the key.
_WEIGHT_AT, _DF_AT, _FIRST_AT, _LAST_AT, _OFFSET_AT, _LENGTH_AT = 1, 5, 15, 19, 23, 31


def read_checked(path: Path, state: FileState) -> bytes:
    """Read the file's bytes, which must be those that were written."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise IndexUnavailable(f"{path.name} cannot be read") from error
    if len(data) != state.size or zlib.crc32(data) != state.crc:
        raise IndexUnavailable(f"{path.name} is damaged")
    return data


class _Plain(pickle.Unpickler):
    """Unpickles numbers and texts, and nothing that could run."""

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        """Refuse: Whoosh's posting lists hold no objects."""
        raise pickle.UnpicklingError(f"{module_name}.{global_name} in a posting list")


class TermDictionary:
    """Where each term of a segment has its postings."""

    def __init__(self, data: bytes) -> None:
        (extras_length,) = _INT.unpack_from(data, len(data) - 4)
        stream = io.BytesIO(data)
        stream.seek(len(data) - 4 - extras_length)
        extras = _Plain(stream).load()
        positions = np.frombuffer(
            data, dtype=_ARRAY_TYPES[extras["indextype"]], count=extras["indexlen"], offset=stream.tell()
        ).astype(np.int64)
        buffer = np.frombuffer(data, dtype=np.uint8)
        starts = positions + 8
        ends = starts + _gather(buffer, positions, ">i4")
        self._prefix = {name: _FIELD_ID.pack(number) for name, number in extras["fieldmap"].items()}
        keys = [data[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        self._row = dict(zip(keys, range(len(keys)), strict=True))
        self._ends = self._field_ends(keys)
        self._keys = keys
        self.df = _gather(buffer, ends + _DF_AT, ">u4").astype(np.int32)
        self.weight = _gather(buffer, ends + _WEIGHT_AT, ">f4").astype(np.float32)
        self.first = _gather(buffer, ends + _FIRST_AT, ">u4").astype(np.int32)
        self.last = _gather(buffer, ends + _LAST_AT, ">u4").astype(np.int32)
        self.offset = _gather(buffer, ends + _OFFSET_AT, ">i8").astype(np.int64)
        self.length = _gather(buffer, ends + _LENGTH_AT, ">i4").astype(np.int64)

    def row(self, field: str, term: bytes) -> int:
        """Give the term's row in the arrays, -1 if it does not occur."""
        prefix = self._prefix.get(field)
        return -1 if prefix is None else self._row.get(prefix + term, -1)

    def rows(self, field: str) -> range:
        """Give the rows of a field, in the order of its terms."""
        return self._ends.get(field, range(0))

    def terms(self, field: str) -> list[bytes]:
        """List the terms of a field, sorted."""
        rows = self.rows(field)
        return [key[2:] for key in self._keys[rows.start : rows.stop]]

    def term(self, row: int) -> bytes:
        """Give the term of a row."""
        return self._keys[row][2:]

    @property
    def memory(self) -> int:
        """Bytes, estimated: 120 a term for key, dictionary slot and arrays."""
        return len(self._keys) * 120

    def _field_ends(self, keys: list[bytes]) -> dict[str, range]:
        found: dict[str, range] = {}
        heads = np.frombuffer(b"".join(key[:2] for key in keys), dtype=">u2")
        for name, prefix in self._prefix.items():
            (number,) = _FIELD_ID.unpack(prefix)
            first, last = np.searchsorted(heads, [number, number + 1])
            found[name] = range(int(first), int(last))
        return found


class Segment:
    """The arrays of one segment. Postings are read from its file when asked for; the rest is in memory."""

    def __init__(self, folder: Path, state: SegmentState) -> None:
        self.key = (folder.name, state.key)
        self.size = state.documents
        self.total_lengths = state.lengths
        self._folder = folder
        self._state = state
        self.terms = TermDictionary(self._file(W3Codec.TERMS_EXT))
        postings = state.key + W3Codec.POSTS_EXT
        read_checked(folder / postings, state.files[postings])
        self._postings = os.open(folder / postings, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._postings)
        self.lengths = {name: self._field_lengths(name) for name in TEXT_FIELDS}
        self._read_columns()
        self.memory = self.terms.memory + self.size * (len(TEXT_FIELDS) + FACTS.size + 400)

    def postings(self, row: int) -> Postings:
        """Documents (ascending) and weights of a term."""
        try:
            return self._read_postings(row)
        except IndexUnavailable:
            raise
        except Exception as error:  # whatever unpickling damaged bytes may raise
            raise IndexUnavailable("a posting list is damaged") from error

    def _read_postings(self, row: int) -> Postings:
        terms = self.terms
        if terms.df[row] == 1:  # most terms: the dictionary says it all
            return terms.first[row : row + 1], terms.weight[row : row + 1]
        length = int(terms.length[row])
        data = os.pread(self._postings, length, int(terms.offset[row]))
        if len(data) != length or data[:4] != WHOOSH3_HEADER_MAGIC:
            raise IndexUnavailable("a posting list is damaged")
        steps, weights = _decode(data)
        if not self._plausible(row, steps, weights):
            raise IndexUnavailable("a posting list is damaged")
        return np.array(tuple(accumulate(steps)), np.int32), np.array(weights, np.float32)

    def _plausible(self, row: int, steps: Sequence[int], weights: Sequence[float]) -> bool:
        # The file was checked when it was opened, but it may be damaged since: the dictionary's own figures tell.
        # In Python's own numbers: most lists are short, and there each call of numpy takes longer than all of this.
        terms = self.terms
        return bool(
            len(steps) == len(weights) == int(terms.df[row])
            and steps[0] == int(terms.first[row])
            and sum(steps) == int(terms.last[row]) < self.size
            and min(steps[1:]) > 0
            and np.float32(sum(weights)) == terms.weight[row]
        )

    def tagged(self, tag: bytes) -> NDArray[np.int32]:
        """Documents with the tag."""
        row = self.terms.row(TAGS, tag)
        return np.empty(0, np.int32) if row < 0 else self.postings(row)[0]

    @cached_property
    def name_lines(self) -> NameLines:
        """The names as they are looked through while somebody types."""
        return NameLines(self.names, self.organizations)

    @cached_property
    def number(self) -> dict[str, int]:
        """Each id's number, deleted documents too."""
        return {identifier: number for number, identifier in enumerate(self.ids)}

    def _read_words(self) -> dict[str, int]:
        # Words as written and in how many documents.
        lines = (line.split(" ") for line in self._file(WORDS_EXTENSION).decode().split("\n")[:-1])
        return {word: int(count) for word, count in lines}

    def column(self, name: str) -> tuple[bytes, NDArray[np.int64]]:
        """Read the bytes of a column end to end, and where each document's begin (one more than documents)."""
        return read_column(self._folder, self._state, name)

    def facts_column(self) -> bytes:
        """Every document's facts, 8 bytes each."""
        data = self._file(f".{COLUMN_PREFIX}{FACTS_COLUMN}{W3Codec.COLUMN_EXT}", optional=True)
        return data.ljust(self.size * FACTS.size, b"\0")

    def _read_columns(self) -> None:
        self.ids = self._texts("id")
        self.names = self._texts("name")
        self.organizations = self._texts("organization")
        self.chains = self._texts("chain")
        self.points, self.point_document = self._records("points", np.dtype("<f8"), 2)
        openings, self.opening_document = self._records("openings", np.dtype(OPENING_DTYPE), 1)
        self.openings = openings
        self.facts = np.frombuffer(self.facts_column(), dtype=FACTS_DTYPE)
        self.words = self._read_words()

    def _texts(self, column: str) -> list[str]:
        return read_texts(self._folder, self._state, column)

    def _records(self, column: str, dtype: np.dtype[Any], each: int) -> tuple[NDArray[Any], NDArray[np.int32]]:
        data, bounds = self.column(column)
        records = np.frombuffer(data, dtype=dtype, count=int(bounds[-1]) // dtype.itemsize)
        counts = np.diff(bounds) // (dtype.itemsize * each)
        return records.reshape(-1, each), np.repeat(np.arange(self.size, dtype=np.int32), counts)

    def _field_lengths(self, field: str) -> NDArray[np.uint8]:
        data = self._file(f"._{field}_len{W3Codec.COLUMN_EXT}", optional=True)
        return np.frombuffer(data.ljust(self.size, b"\0"), dtype=np.uint8)

    def _file(self, extension: str, *, optional: bool = False) -> bytes:
        return read_file(self._folder, self._state, extension, optional=optional)


def read_column(folder: Path, state: SegmentState, column: str) -> tuple[bytes, NDArray[np.int64]]:
    """Read a VarBytesColumn: all values, their lengths, for many rows also offsets, type codes."""
    data = read_file(folder, state, f".{COLUMN_PREFIX}{column}{W3Codec.COLUMN_EXT}")
    end, kind = len(data) - 1, chr(data[-1])
    if kind == "X":  # lengths, offsets, both type codes, "X"
        kind, offsets = chr(data[-3]), chr(data[-2])
        end = len(data) - 3 - state.documents * np.dtype(_ARRAY_TYPES[offsets]).itemsize
    dtype = np.dtype(_ARRAY_TYPES[kind])
    lengths = np.frombuffer(data, dtype=dtype, count=state.documents, offset=end - state.documents * dtype.itemsize)
    bounds = np.zeros(state.documents + 1, np.int64)
    np.cumsum(lengths, out=bounds[1:])
    return data, bounds


def read_texts(folder: Path, state: SegmentState, column: str) -> list[str]:
    """Read a column of texts."""
    data, bounds = read_column(folder, state, column)
    edges = bounds.tolist()
    return [data[start:end].decode() for start, end in pairwise(edges)]


def read_file(folder: Path, state: SegmentState, extension: str, *, optional: bool = False) -> bytes:
    """Read a file of the segment, checked."""
    name = state.key + extension
    expected = state.files.get(name)
    if expected is None:
        if optional:  # Whoosh writes no file for a column nobody has a value in
            return b""
        raise IndexUnavailable(f"{name} is missing")
    return read_checked(folder / name, expected)


def decoded_lengths(lengths: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Whoosh keeps a field's length in one byte, roughly; this is the length it then scores by."""
    return _LENGTHS[lengths]


def _gather(buffer: NDArray[np.uint8], positions: NDArray[np.int64], dtype: str) -> NDArray[Any]:
    width = np.dtype(dtype).itemsize
    gathered: NDArray[Any] = buffer[positions[:, None] + np.arange(width)].view(dtype)[:, 0]
    return gathered


def _decode(data: bytes) -> tuple[Sequence[int], Sequence[float]]:
    """The steps from each document to the next, and the weights."""
    steps, weights = list[int](), list[float]()
    position, last, before = 4, False, 0
    while not last:
        (length,) = _INT.unpack_from(data, position)
        last = length < 0
        end = position + 4 + abs(length)
        stream = io.BytesIO(data[position + 4 : end])
        count, highest, _, compressed, _, _ = _Plain(stream).load()
        if compressed:
            stream = io.BytesIO(zlib.decompress(stream.read()))
        (first, *further), block_weights, _ = _Plain(stream).load()
        steps += (first - before, *further)  # each block begins anew
        if block_weights is None or isinstance(block_weights, float):
            block_weights = (1.0 if block_weights is None else block_weights,) * count
        weights += block_weights
        position, before = end, highest
    return steps, weights


__all__ = ["BYTES_COLUMNS", "Postings", "Segment", "decoded_lengths", "read_checked"]
