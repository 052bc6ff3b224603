"""Likely topics for services whose feed gives none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from app.directory.topic_model import topic_model
from app.directory.wording.rules import living_slugs
from search_index.lexicon import TopicModel

MOST_TOPICS = 3


class LikelyTopics:
    """Asks the lexicon's model, which is loaded at the first question. `heirs` stand for topics out of use."""

    def __init__(self, heirs: Mapping[str, str] | None = None) -> None:
        self._heirs = heirs or {}

    def __call__(self, name: str, description: str, hint: str) -> Sequence[str]:
        """The slugs of the topics that the words point at, likeliest first; often none."""
        guesses = self._model.topics_of_service(name, description, hint)
        return living_slugs([guess.slug for guess in guesses], self._heirs)[:MOST_TOPICS]

    @cached_property
    def _model(self) -> TopicModel:
        return topic_model()
