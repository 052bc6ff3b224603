"""Full-text search of services: one document a service, scores by BM25F. Knows nothing of topics or ranking."""

from search_index.documents import Document, Opening
from search_index.errors import IndexUnavailable, IndexWriteFailed, SearchIndexError, WriterBusy
from search_index.index import Index
from search_index.names import NameHit
from search_index.query import QueryTerms
from search_index.snapshot import Snapshot
from search_index.writer import Writer, WriterStatus

__all__ = [
    "Document",
    "Index",
    "IndexUnavailable",
    "IndexWriteFailed",
    "NameHit",
    "Opening",
    "QueryTerms",
    "SearchIndexError",
    "Snapshot",
    "Writer",
    "WriterBusy",
    "WriterStatus",
]
