"""Danger in what somebody wrote, where no search is made of it."""

from __future__ import annotations

from collections.abc import Iterator

from app.directory.topic_model import topic_model
from search_index.lexicon import danger

# Of a long text the written list reads only the beginning, so it is given pieces that overlap.
_PIECE, _STEP = 40, 30  # words


def dangers_in(text: str) -> frozenset[str]:
    """The kinds of danger that words speak of, by the written list and by what was learned; needs no database."""
    return topic_model().dangers(text).union(*map(danger, _pieces(text)))


def _pieces(text: str) -> Iterator[str]:
    words = text.split()
    return (" ".join(words[start : start + _PIECE]) for start in range(0, len(words), _STEP))
