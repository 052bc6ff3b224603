"""The parts of Whoosh that we use, named in one place. Whoosh is typed only here and there, so here they are Any."""

import warnings
from typing import Any, Final

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", module="whoosh")  # invalid escapes, seen when Python first compiles it
    from whoosh import columns, fields, formats
    from whoosh.codec import whoosh3
    from whoosh.filedb import filestore
    from whoosh.index import TOC as _TOC
    from whoosh.lang.snowball import english
    from whoosh.system import pack_int, pack_long, pack_ushort
    from whoosh.util.numeric import byte_to_length
    from whoosh.writing import SegmentWriter as _SegmentWriter

Existence: Final[Any] = formats.Existence
FieldType: Final[Any] = fields.FieldType
FileStorage: Final[Any] = filestore.FileStorage
FixedBytesColumn: Final[Any] = columns.FixedBytesColumn
Schema: Final[Any] = fields.Schema
SegmentWriter: Final[Any] = _SegmentWriter
TOC: Final[Any] = _TOC
VarBytesColumn: Final[Any] = columns.VarBytesColumn
W3Codec: Final[Any] = whoosh3.W3Codec
W3Segment: Final[Any] = whoosh3.W3Segment
W3TermInfo: Final[Any] = whoosh3.W3TermInfo
WHOOSH3_HEADER_MAGIC: Final[bytes] = whoosh3.WHOOSH3_HEADER_MAGIC
ColumnField: Final[Any] = fields.COLUMN
EnglishStemmer: Final[Any] = english.EnglishStemmer

__all__ = [
    "TOC",
    "WHOOSH3_HEADER_MAGIC",
    "ColumnField",
    "EnglishStemmer",
    "Existence",
    "FieldType",
    "FileStorage",
    "FixedBytesColumn",
    "Schema",
    "SegmentWriter",
    "VarBytesColumn",
    "W3Codec",
    "W3Segment",
    "W3TermInfo",
    "byte_to_length",
    "pack_int",
    "pack_long",
    "pack_ushort",
]
