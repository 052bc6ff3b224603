"""Danger in what somebody wrote, where no search is made of it."""

from __future__ import annotations

from app.directory.topic_model import topic_model
from search_index.lexicon import danger


def dangers_in(text: str) -> frozenset[str]:
    """The kinds of danger that words speak of, by the written list and by what was learned; needs no database."""
    return danger(text) | topic_model().dangers(text)
