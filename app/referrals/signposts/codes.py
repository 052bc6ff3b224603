"""The codes of signposts."""

from __future__ import annotations

from enum import StrEnum


class Way(StrEnum):
    """How a signpost was handed over."""

    A4 = "a4"
    A5 = "a5"
    SMS = "sms"
    EMAIL = "email"
    LINK = "link"


PAPERS = (Way.A4, Way.A5)


class Whom(StrEnum):
    """For whom it is: somebody with a record here, somebody who is not named, or nobody (a leaflet for the desk)."""

    PERSON = "person"
    SOMEBODY = "somebody"
    NOBODY = "nobody"


class Declined(StrEnum):
    """Why somebody did not want what was offered (the list of `app.referrals.reasons`, and none given)."""

    NOT_TOLD = "not-told"
    NOT_NOW = "not-now"
    PREFERS_SELF_HELP = "prefers-self-help"
    STIGMA_OR_WORRY = "stigma-or-worry"
    COST_OR_TRAVEL = "cost-or-travel"
    ALREADY_HELPED = "already-helped"
    ACCESS_NEED_NOT_MET = "access-need-not-met"


class Contacted(StrEnum):
    """Whether the person got in touch."""

    YES = "yes"
    NOT_YET = "not-yet"


class Helped(StrEnum):
    """Whether it helped."""

    YES = "yes"
    A_LITTLE = "a-little"
    NO = "no"


class Hindrance(StrEnum):
    """Why it did not help, or why the person did not get in touch."""

    FULL = "full"
    CLOSED = "closed"
    NO_ANSWER = "no-answer"
    NOT_ELIGIBLE = "not-eligible"
    COST = "cost"
    ACCESS = "access"
    CHANGED_MIND = "changed-mind"
