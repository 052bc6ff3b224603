"""What knows topics by lay words: trained at set-up, kept in one file, shared by search and import."""

from __future__ import annotations

import csv
from functools import cache

from app.settings import ROOT
from search_index.lexicon import TopicModel, load_or_train

TOPIC_TREE = ROOT / "seed" / "reference" / "topics.tsv"
MODEL_FILE = ROOT / "search_index" / "data" / "topic-model.npz"


def topic_tree() -> tuple[dict[str, str], dict[str, str | None]]:
    """The labels and the parents of the topics that the model is trained for, by slug."""
    with TOPIC_TREE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {row["slug"]: row["label"] for row in rows}, {row["slug"]: row["parent"] or None for row in rows}


@cache
def topic_model() -> TopicModel:
    """The model of the lexicon as it is now, one for the process; trained here (most of a minute) if it never was."""
    return load_or_train(MODEL_FILE, *topic_tree())
