"""What Whoosh is told of a document: fields, weights, columns, and the codec's settings."""

import struct
from collections.abc import Iterable, Mapping
from typing import Any, Final

from search_index.analysis import count_terms
from search_index.documents import Document
from search_index.whoosh_parts import (
    ColumnField,
    Existence,
    FieldType,
    FixedBytesColumn,
    Schema,
    VarBytesColumn,
    W3Codec,
)

# field: (weight in the score, B of BM25F: how much a long text is held against it).
# Fields that are often empty have a tiny average length, so a high B would drown them.
TEXT_FIELDS: Final[Mapping[str, tuple[float, float]]] = {
    "name": (2.0, 0.4),
    "alternate_name": (2.0, 0.0),
    "topics": (1.3, 0.3),
    "organization": (0.5, 0.3),
    "sessions": (0.4, 0.2),
    "places": (0.4, 0.2),
    "eligibility": (0.8, 0.3),
    "description": (2.0, 0.7),
}
K1: Final = 1.2
SHORT_FIELDS: Final = frozenset({"name", "alternate_name", "organization"})  # keep words such as "the"
TAGS: Final = "tags"

BYTES_COLUMNS: Final = ("id", "name", "organization", "chain", "points", "openings")
FACTS_COLUMN: Final = "facts"
COLUMN_PREFIX: Final = "c_"  # a column and a text field cannot share a name

FACTS: Final = struct.Struct("<ihh")  # checked on (ordinal), minimum age, maximum age
OPENING: Final = struct.Struct("<BbHH")  # weekday, ordinal, opens, closes
FACTS_DTYPE: Final = [("checked_on", "<i4"), ("minimum_age", "<i2"), ("maximum_age", "<i2")]
OPENING_DTYPE: Final = [("weekday", "u1"), ("ordinal", "i1"), ("opens", "<u2"), ("closes", "<u2")]

_UNKNOWN_AGE: Final = -1
_LARGEST_AGE: Final = 32_000
_LONGEST_TAG: Final = 200
_LONGEST_ID: Final = 200


class CountedTerms(FieldType):  # type: ignore[misc]  # Whoosh's classes are Any
    """A field that is given its terms already counted, so that text is analysed once and by us."""

    def __init__(self, *, scorable: bool) -> None:
        super().__init__(Existence(), None, scorable=scorable)

    def index(self, value: Mapping[bytes, int], **_: Any) -> Any:
        """Term, frequency, weight and value of each posting."""
        return ((term, count, float(count), b"") for term, count in value.items())


def make_schema() -> Any:
    """Make a schema; the same in every index of this format."""
    schema = Schema()
    for name in TEXT_FIELDS:
        schema.add(name, CountedTerms(scorable=True))
    schema.add(TAGS, CountedTerms(scorable=False))
    for name in BYTES_COLUMNS:
        schema.add(COLUMN_PREFIX + name, ColumnField(VarBytesColumn()))
    schema.add(COLUMN_PREFIX + FACTS_COLUMN, ColumnField(FixedBytesColumn(FACTS.size)))
    return schema


def make_codec() -> Any:
    """Whoosh's codec with large uncompressed blocks: we read whole posting lists, so skipping buys nothing."""
    return W3Codec(blocklimit=1 << 16, compression=0)


def to_bytes(text: str) -> bytes:
    """UTF-8 that never fails: half a surrogate pair becomes a question mark."""
    return text.encode("utf-8", "replace")


def check_id(identifier: str) -> bytes:
    """Give the id as stored. One that would not come back as it went in is refused."""
    data = identifier.encode("utf-8")
    if not data or len(data) > _LONGEST_ID:
        raise ValueError("a document's id must have 1 to 200 bytes")
    return data


def text_terms(document: Document) -> tuple[dict[str, dict[bytes, int]], set[str]]:
    """Count the stems of each text field, and list the words as written."""
    found = {}
    seen: set[str] = set()
    for name in TEXT_FIELDS:
        text = getattr(document, name)
        if text:
            counted = count_terms(text, with_grammar=name in SHORT_FIELDS, seen=seen)
            if counted:
                found[name] = counted
    return found, seen


def tag_terms(tags: Iterable[str]) -> dict[bytes, int]:
    """Give the tags as terms of their field."""
    return {to_bytes(tag)[:_LONGEST_TAG]: 1 for tag in tags if tag}


def column_values(document: Document) -> dict[str, bytes]:
    """Every column's bytes. None is left out: Whoosh's filling of gaps is not relied upon."""
    return {
        "id": check_id(document.id),
        "name": to_bytes(document.name),
        "organization": to_bytes(document.organization),
        "chain": to_bytes(document.chain),
        "points": b"".join(struct.pack("<dd", *point) for point in document.points),
        "openings": b"".join(OPENING.pack(o.weekday, o.ordinal, o.opens, o.closes) for o in document.openings),
        FACTS_COLUMN: FACTS.pack(
            document.checked_on.toordinal() if document.checked_on else 0,
            _age(document.minimum_age),
            _age(document.maximum_age),
        ),
    }


def _age(age: int | None) -> int:
    return _UNKNOWN_AGE if age is None else max(0, min(age, _LARGEST_AGE))
