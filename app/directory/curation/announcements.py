"""What curation tells the features around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.actor import Actor
from app.directory.models import ListingSuggestion, ProblemReport, Proposal, Service


@dataclass(frozen=True, slots=True)
class ProblemAnswered:
    """An editor has answered a report."""

    report: ProblemReport


@dataclass(frozen=True, slots=True)
class SuggestionAnswered:
    """An editor has added what somebody said is missing, or said why not."""

    suggestion: ListingSuggestion


@dataclass(frozen=True, slots=True)
class ProposalDecided:
    """An editor has approved or declined a proposal, or asked about it."""

    proposal: Proposal


@dataclass(frozen=True, slots=True)
class ListingsMerged:
    """Whoever asks for `drop` is led to `keep`. What hangs on it goes over, and is told in `carried` for the undo."""

    actor: Actor
    keep: Service
    drop: Service
    carried: dict[str, Any]


@dataclass(frozen=True, slots=True)
class MergeUndone:
    """`drop` is a listing of its own again. What went over is now with `keep`, and goes back by what was `carried`."""

    actor: Actor
    keep: Service
    drop: Service
    carried: Mapping[str, Any]
