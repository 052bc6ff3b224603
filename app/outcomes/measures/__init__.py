"""Measures as data: a file a measure and version in `definitions/`; words, where we may ship them, in `texts/`."""

from __future__ import annotations

from app.outcomes.measures.definition import (
    Band,
    ChangeRule,
    Coding,
    Cutoff,
    Item,
    ItemKind,
    Licence,
    Measure,
    Missing,
    SafetyRule,
    Score,
    ScoreMethod,
    Verdict,
    WrongDefinition,
)
from app.outcomes.measures.shelf import find_measure, measures, shipped_text
from app.outcomes.measures.text_packs import TextPack, read_text_pack

# For a small provider: nothing of it needs a licence or training, and it takes about two minutes.
NO_LICENCE_PACK = ("ons4", "ucla-3", "ons-loneliness", "goals")
# What is asked because something happened, whoever chooses what else is.
NOT_CHOSEN = frozenset({"job-kept", "satisfaction"})

__all__ = [
    "NOT_CHOSEN",
    "NO_LICENCE_PACK",
    "Band",
    "ChangeRule",
    "Coding",
    "Cutoff",
    "Item",
    "ItemKind",
    "Licence",
    "Measure",
    "Missing",
    "SafetyRule",
    "Score",
    "ScoreMethod",
    "TextPack",
    "Verdict",
    "WrongDefinition",
    "find_measure",
    "measures",
    "read_text_pack",
    "shipped_text",
]
