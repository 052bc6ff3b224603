"""Likely topics for services whose feed gives none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.directory.importing.building.feed import OWN_TAXONOMIES
from app.directory.models import Taxonomy, TaxonomyTerm
from search_index.lexicon import TopicModel, load_or_train

MODEL_FILE = "topic-model.npz"
MOST_TOPICS = 3


class LikelyTopics:
    """Asks the lexicon's model, which is loaded at the first question."""

    def __init__(self, session: Session, folder: Path) -> None:
        self._session = session
        self._folder = folder

    def __call__(self, name: str, description: str, hint: str) -> Sequence[str]:
        """The slugs of the topics that the words point at, likeliest first; often none."""
        guesses = self._model.topics_of_service(name, description, hint)
        return [guess.slug for guess in guesses[:MOST_TOPICS]]

    @cached_property
    def _model(self) -> TopicModel:
        statement = (
            select(TaxonomyTerm)
            .join(TaxonomyTerm.taxonomy)
            .where(Taxonomy.slug == OWN_TAXONOMIES[0])
            .order_by(TaxonomyTerm.position, TaxonomyTerm.id)
        )
        terms = self._session.scalars(statement).all()
        codes = {term.id: term.code for term in terms}
        labels = {term.code: term.name for term in terms}
        parents = {term.code: codes[term.parent_id] if term.parent_id else None for term in terms}
        return load_or_train(self._folder / MODEL_FILE, labels, parents)
