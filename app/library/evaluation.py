"""How good the search is: judged queries, the usual figures, and SQLite FTS5 beside it on the same documents.

nDCG@10 with gains 2^rel - 1 and discount log2(rank + 1) (Järvelin and Kekäläinen 2002); success@3 is the share of
queries with a relevant service among the first three; topic accuracy is the share of queries whose likeliest topic is a
topic of one of the services judged best.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from app.core.engines import sqlite_module
from app.core.errors import InvalidInput
from search_index import Document
from search_index.analysis import words

Judgements = Mapping[str, Mapping[str, int]]
# A searcher takes a query and gives ids, best first.
Searcher = Callable[[str], Sequence[str]]
DEPTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One searcher's figures over all judged queries."""

    queries: int
    ndcg_at_10: float
    success_at_3: float
    zero_result_rate: float

    def as_dict(self) -> dict[str, float]:
        """For printing."""
        return {name: round(value, 4) for name, value in asdict(self).items()}


def read_judgements(path: Path) -> dict[str, dict[str, int]]:
    """Read `query<TAB>id<TAB>relevance 0-2` lines; raises `InvalidInput` naming the line that is not of that form."""
    judged: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE), 1):
            if not row or row[0].startswith("#"):
                continue
            if len(row) != 3 or row[2].strip() not in {"0", "1", "2"}:
                raise InvalidInput(f"{path}, line {number}: expected query, id and relevance 0 to 2, parted by tabs.")
            judged.setdefault(row[0].strip(), {})[row[1].strip()] = int(row[2])
    if not judged:
        raise InvalidInput(f"{path} holds no judged query.")
    return judged


def figures(judged: Judgements, search: Searcher) -> tuple[Figures, dict[str, float]]:
    """Run every query; also each query's nDCG@10."""
    by_query: dict[str, float] = {}
    successes = nothing = 0
    for query, relevant in judged.items():
        found = list(search(query))[:DEPTH]
        by_query[query] = ndcg(found, relevant)
        successes += any(relevant.get(identifier, 0) > 0 for identifier in found[:3])
        nothing += not found
    count = len(judged)
    return (
        Figures(
            queries=count,
            ndcg_at_10=sum(by_query.values()) / count,
            success_at_3=successes / count,
            zero_result_rate=nothing / count,
        ),
        by_query,
    )


def ndcg(found: Sequence[str], relevant: Mapping[str, int]) -> float:
    """nDCG at 10 of one list against its judgements."""
    ideal = _dcg(sorted(relevant.values(), reverse=True)[:DEPTH])
    return _dcg([relevant.get(identifier, 0) for identifier in found[:DEPTH]]) / ideal if ideal else 0.0


def _dcg(grades: Iterable[int]) -> float:
    return sum((2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))


class FullTextPeer:
    """SQLite FTS5 over the same documents: bm25, any of the words, porter stemming."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._connection = sqlite_module().connect(":memory:")
        self._connection.execute(
            "CREATE VIRTUAL TABLE listing USING fts5(id UNINDEXED, words, tokenize='porter unicode61')"
        )
        self._connection.executemany(
            "INSERT INTO listing VALUES (?, ?)", ((document.id, all_words(document)) for document in documents)
        )

    def search(self, query: str) -> list[str]:
        """Ids, best first."""
        typed = words(query)
        if not typed:
            return []
        match = " OR ".join(f'"{word}"' for word in typed)
        rows = self._connection.execute(
            "SELECT id FROM listing WHERE listing MATCH ? ORDER BY bm25(listing), id LIMIT 20", (match,)
        )
        return [row[0] for row in rows]


def all_words(document: Document) -> str:
    """Every text of a document."""
    return "\n".join(
        (
            document.name,
            document.alternate_name,
            document.organization,
            document.topics,
            document.description,
            document.eligibility,
            document.places,
            document.sessions,
        )
    )
