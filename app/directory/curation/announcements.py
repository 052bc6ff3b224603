"""What curation tells the features around it."""

from __future__ import annotations

from dataclasses import dataclass

from app.directory.models import ProblemReport, Proposal


@dataclass(frozen=True, slots=True)
class ProblemAnswered:
    """An editor has answered a report."""

    report: ProblemReport


@dataclass(frozen=True, slots=True)
class ProposalDecided:
    """An editor has approved or declined a proposal, or asked about it."""

    proposal: Proposal
