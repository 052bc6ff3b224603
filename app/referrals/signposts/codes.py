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
    """For whom it is: nobody in particular (a leaflet for the desk), or somebody who is not named here."""

    SOMEBODY = "somebody"
    NOBODY = "nobody"


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
