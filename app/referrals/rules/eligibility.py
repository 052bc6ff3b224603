"""Whether a pathway takes somebody, as far as can be known before the referral is written.

Nothing here turns anybody away by itself: it says what does not fit and what to do instead, and a person decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core import postcode
from app.people.rules.ages import age_on
from app.referrals.codes import Source
from app.referrals.pathways.definition import Definition


class Doubt(StrEnum):
    """What does not seem to fit."""

    SOURCE = "source"
    TOO_YOUNG = "too-young"
    TOO_OLD = "too-old"
    AREA = "area"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """What is known of whom the referral is about; what is not known raises no doubt."""

    born: date | None = None
    postcode: str = ""
    practice: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt; for an eligibility question with its key and what to do instead."""

    doubt: Doubt
    key: str = ""
    otherwise: str = ""


def may_refer(told: Definition, source: Source) -> bool:
    """Whether somebody of that kind may send people this way."""
    return told.self_referral if source is Source.SELF else source in told.sources


def doubts(
    told: Definition, *, source: Source, applicant: Applicant, answers: Mapping[str, str], today: date
) -> tuple[Finding, ...]:
    """Everything that does not seem to fit, in the order in which it is asked."""
    found = [] if may_refer(told, source) else [Finding(Doubt.SOURCE)]
    found += _of_age(told, applicant, today)
    if not is_from_here(told, applicant):
        found.append(Finding(Doubt.AREA))
    found += [
        Finding(Doubt.ANSWER, each.key, each.otherwise)
        for each in told.eligibility
        if answers.get(each.key) and answers[each.key] != each.right.value
    ]
    return tuple(found)


def is_from_here(told: Definition, applicant: Applicant) -> bool:
    """Whether the practice or the postcode is one of the pathway's, or neither is known, or it takes all."""
    known_practice = bool(applicant.practice and told.practices)
    found = postcode.parse(applicant.postcode) if applicant.postcode and told.areas else None
    if not known_practice and found is None:
        return True
    return (known_practice and applicant.practice.upper() in told.practices) or (
        found is not None and found.district in told.areas
    )


def _of_age(told: Definition, applicant: Applicant, today: date) -> list[Finding]:
    if applicant.born is None or applicant.born > today:
        return []
    age = age_on(applicant.born, today)
    if told.minimum_age is not None and age < told.minimum_age:
        return [Finding(Doubt.TOO_YOUNG)]
    if told.maximum_age is not None and age > told.maximum_age:
        return [Finding(Doubt.TOO_OLD)]
    return []
