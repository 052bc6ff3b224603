"""What words find now, and what they would find with a change of the wording that nobody has published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.directory.wording.queries import Wording, wording_now
from app.library.engine import Engine
from app.library.request import SearchRequest
from app.library.search import Hit, SearchResults, TopicChoice, search
from app.library.topics import TopicTree

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Found:
    """What one wording finds."""

    topics: Sequence[TopicChoice]
    hits: Sequence[Hit]
    total: int


@dataclass(frozen=True, slots=True)
class Trial:
    """Both sides for the words tried. `same` where the change makes no difference to them."""

    text: str
    now: Found
    draft: Found

    @property
    def same(self) -> bool:
        """Whether both sides show the same."""
        return _told(self.now) == _told(self.draft)


def try_out(session: Session, engine: Engine, text: str, draft: Wording) -> Trial:
    """Ask the search twice."""
    sides = [_found(session, engine, text, wording) for wording in (wording_now(session), draft)]
    return Trial(text, *sides)


def _found(session: Session, engine: Engine, text: str, wording: Wording) -> Found:
    request = SearchRequest(text=text, size=SHOWN)
    results: SearchResults = search(
        request, session=session, engine=engine, with_facets=False, with_reasons=False, draft=wording
    )
    tree = TopicTree.of(session)
    return Found([topic for topic in results.topics if topic.slug in tree], results.hits, results.total)


def _told(found: Found) -> tuple[list[tuple[str, float]], list[str]]:
    return [(topic.slug, topic.weight) for topic in found.topics], [str(hit.service.id) for hit in found.hits]
