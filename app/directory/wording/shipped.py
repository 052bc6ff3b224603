"""The topics as Waymark ships them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from app.directory.topic_model import topic_tree
from app.directory.wording.rules import TopicWords
from search_index.lexicon import load_phrases


@cache
def shipped_topics() -> Mapping[str, TopicWords]:
    """Every shipped topic by slug, in the order shown."""
    labels, parents = topic_tree()
    return {
        slug: TopicWords(name=label, description=label, parent=parents[slug] or "", position=place)
        for place, (slug, label) in enumerate(labels.items())
    }


@cache
def shipped_phrases() -> Mapping[str, tuple[str, ...]]:
    """The lay phrases that the search was taught with, by topic."""
    return load_phrases()
