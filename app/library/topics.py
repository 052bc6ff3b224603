"""The topic tree as pages and ranking use it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.directory.models import Taxonomy, TaxonomyTerm


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of the tree."""

    slug: str
    name: str
    parent: str | None

    @property
    def label(self) -> str:
        """Its name in the language of the page."""
        return gettext(self.name)


class TopicTree(Mapping[str, Topic]):
    """All topics by slug, in the order of the tree."""

    def __init__(self, topics: list[Topic]) -> None:
        self._topics = {topic.slug: topic for topic in topics}
        self.parents: Mapping[str, str | None] = {topic.slug: topic.parent for topic in topics}

    @classmethod
    def of(cls, session: Session) -> TopicTree:
        """The tree as the database has it."""
        rows = session.execute(
            select(TaxonomyTerm.id, TaxonomyTerm.code, TaxonomyTerm.name, TaxonomyTerm.parent_id)
            .join(Taxonomy, Taxonomy.id == TaxonomyTerm.taxonomy_id)
            .where(Taxonomy.slug == "need")
            .order_by(TaxonomyTerm.position, TaxonomyTerm.id)
        ).all()
        codes = {row.id: row.code for row in rows}
        return cls([Topic(row.code, row.name, codes.get(row.parent_id)) for row in rows])

    def __getitem__(self, slug: str) -> Topic:
        return self._topics[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._topics)

    def __len__(self) -> int:
        return len(self._topics)

    def roots(self) -> list[Topic]:
        """The broad topics."""
        return [topic for topic in self._topics.values() if topic.parent is None]

    def children(self, slug: str) -> list[Topic]:
        """The narrow topics of a broad one."""
        return [topic for topic in self._topics.values() if topic.parent == slug]

    def near(self, slug: str) -> list[Topic]:
        """Its parent, children and siblings."""
        parent = self.parents.get(slug)
        family = [self._topics[parent], *self.children(parent)] if parent else self.children(slug)
        return [topic for topic in family if topic.slug != slug]
