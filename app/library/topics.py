"""The topic tree as pages and ranking use it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Table, and_, select
from sqlalchemy.orm import Session

from app.directory.changes import has_changes
from app.directory.models import Taxonomy, TaxonomyTerm
from app.web.languages import WELSH
from app.web.page_words import gettext, page_words

# Topics change with a new release, an import or an editor's pen; a page may be so many seconds behind.
FRESH_SECONDS = 2.0
_term, _taxonomy = cast("Table", TaxonomyTerm.__table__), cast("Table", Taxonomy.__table__)
_parent = _term.alias("parent")
# Written once: each search asks for it.
_ROWS = (
    select(
        _term.c.code,
        _term.c.name,
        _parent.c.code,
        _term.c.description,
        _term.c.retired,
        _term.c.name_cy,
        _term.c.description_cy,
    )
    .join(_taxonomy, _taxonomy.c.id == _term.c.taxonomy_id)
    .outerjoin(_parent, and_(_parent.c.id == _term.c.parent_id, _parent.c.taxonomy_id == _taxonomy.c.id))
    .where(_taxonomy.c.slug == "need")
    .order_by(_term.c.position, _term.c.id)
)


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of the tree."""

    slug: str
    name: str
    parent: str | None
    description: str = ""
    retired: bool = False
    name_cy: str = ""
    description_cy: str = ""

    @property
    def label(self) -> str:
        """Its name in the language of the page: as editors say it, else as Waymark ships it."""
        return self.name_cy if self.name_cy and _in_welsh() else gettext(self.name)

    @property
    def explained(self) -> str:
        """What it is about, where that says more than its name."""
        if self.description_cy and _in_welsh():
            return self.description_cy
        return self.description if self.description != self.name else ""


def _in_welsh() -> bool:
    return page_words().language == WELSH


class TopicTree(Mapping[str, Topic]):
    """All topics by slug, in the order of the tree; those out of use too, because listings still name them."""

    def __init__(self, topics: list[Topic]) -> None:
        self._topics = {topic.slug: topic for topic in topics}
        self.parents: Mapping[str, str | None] = {topic.slug: topic.parent for topic in topics}
        self.retired: Set[str] = frozenset(topic.slug for topic in topics if topic.retired)

    @staticmethod
    def of(session: Session) -> TopicTree:
        """The tree as the database had it no more than some seconds ago; a session sees what it changed itself."""
        if has_changes(session):
            return _read(session)
        bind, now = session.get_bind(), time.monotonic()
        known = _known.get(bind)
        if known is None or now - known[0] > FRESH_SECONDS:
            tree = _read(session)
            # Much is kept by the tree it was made with; one that did not change stays the same.
            known = _known[bind] = (now, known[1] if known and known[1].same_as(tree) else tree)
        return known[1]

    def same_as(self, other: TopicTree) -> bool:
        """Whether both hold the same topics in the same order."""
        return list(self._topics.values()) == list(other._topics.values())

    def __getitem__(self, slug: str) -> Topic:
        return self._topics[slug]

    # Its topics never change, so it is told apart as itself and can be a key.
    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __iter__(self) -> Iterator[str]:
        return iter(self._topics)

    def __len__(self) -> int:
        return len(self._topics)

    def in_use(self) -> list[Topic]:
        """The topics that are offered."""
        return [topic for topic in self._topics.values() if not topic.retired]

    def roots(self) -> list[Topic]:
        """The broad topics."""
        return [topic for topic in self.in_use() if topic.parent is None]

    def children(self, slug: str) -> list[Topic]:
        """The narrow topics of a broad one."""
        return [topic for topic in self.in_use() if topic.parent == slug]

    def near(self, slug: str) -> list[Topic]:
        """Its parent, children and siblings."""
        parent = self.parents.get(slug)
        family = [self._topics[parent], *self.children(parent)] if parent else self.children(slug)
        return [topic for topic in family if topic.slug != slug]


# By database; two threads that both read it read the same.
_known: WeakKeyDictionary[Engine | Connection, tuple[float, TopicTree]] = WeakKeyDictionary()


def forget() -> None:
    """Read the tree anew the next time: this process has just changed it."""
    _known.clear()


def _read(session: Session) -> TopicTree:
    return _tree(tuple(tuple(row) for row in session.execute(_ROWS)))


@lru_cache(maxsize=8)
def _tree(rows: tuple[tuple[str, str, str | None, str, bool, str, str], ...]) -> TopicTree:
    return TopicTree([Topic(*row) for row in rows])
