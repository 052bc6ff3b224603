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

__all__ = [
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
