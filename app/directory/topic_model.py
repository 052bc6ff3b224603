"""What knows topics by lay words: trained at set-up, kept in one file, shared by search and import."""

from __future__ import annotations

import csv
from enum import StrEnum

from app.settings import ROOT
from search_index.lexicon import AtHand, TopicModel, at_hand, load_or_train


class ModelState(StrEnum):
    """How a model stands to the lexicon."""

    CURRENT = "current"
    EARLIER = "earlier"
    MISSING = "missing"


WORDS_CHANGED = (
    "Everyday words have changed since they were learned, and searches go by the earlier ones. "
    "Run `waymark search learn`, then start Waymark again."
)
TOPIC_TREE = ROOT / "seed" / "reference" / "topics.tsv"
MODEL_FILE = ROOT / "search_index" / "data" / "topic-model.npz"


def topic_tree() -> tuple[dict[str, str], dict[str, str | None]]:
    """The labels and the parents of the topics that the model is trained for, by slug."""
    with TOPIC_TREE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {row["slug"]: row["label"] for row in rows}, {row["slug"]: row["parent"] or None for row in rows}


class _OfProcess:
    model: TopicModel | None = None


def topic_model() -> TopicModel:
    """The model of the lexicon as it is now, one for the process; trained here (most of a minute) if it never was.

    In a process that serves people (`serve_at_hand`) it may be that of earlier words.
    """
    if _OfProcess.model is None:
        _OfProcess.model = load_or_train(MODEL_FILE, *topic_tree())
    return _OfProcess.model


def state_of_model() -> ModelState:
    """How what was learned last stands to the words as they are now."""
    return _state(at_hand(MODEL_FILE, *topic_tree()))


def serve_at_hand() -> ModelState:
    """Let this process go by what was learned last, so that nobody waits for it to learn; says how that stands."""
    found = at_hand(MODEL_FILE, *topic_tree())
    if found is not None:
        _OfProcess.model = found.model
    return _state(found)


def _state(found: AtHand | None) -> ModelState:
    if found is None:
        return ModelState.MISSING
    return ModelState.CURRENT if found.is_current else ModelState.EARLIER
