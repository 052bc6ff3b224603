"""Which passwords are taken: long ones that nobody guesses. No rules on digits or signs (NIST SP 800-63B, 5.1.1.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

SHORTEST, LONGEST = 12, 128
# zxcvbn takes no more, and its time grows fast with the length.
SCORED = 72
# "Safely unguessable" on zxcvbn's scale of 0 to 4.
LEAST_SCORE = 3
LEAST_OWN_LETTERS = 8
CONTEXT = ("waymark", "password", "surgery", "doctor", "health", "wellbeing", "recovery", "college", "hub", "nhs")
COMMON = frozenset(FREQUENCY_LISTS["passwords"])


class Problem(StrEnum):
    """Why a password is not taken."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    ABOUT_YOU = "about_you"
    GUESSABLE = "guessable"


def problem_with(password: str, about: Iterable[str]) -> Problem | None:
    """The first thing wrong with a password; `about` are words that others know of its owner (name, address, place)."""
    if len(password) < SHORTEST:
        return Problem.SHORT
    if len(password) > LONGEST:
        return Problem.LONG
    if password.lower() in COMMON:
        return Problem.COMMON
    known = _words([*about, *CONTEXT])
    if _own_letters(password, known) < LEAST_OWN_LETTERS:
        return Problem.ABOUT_YOU
    scored = zxcvbn(password[:SCORED], user_inputs=sorted(known))
    return Problem.GUESSABLE if scored["score"] < LEAST_SCORE else None


def _words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in re.split(r"[\W_]+", text.lower()) if len(word) >= 3}


def _own_letters(password: str, known: set[str]) -> int:
    """How many different places of a password say something that others do not know."""
    left = password.lower()
    for word in sorted(known, key=len, reverse=True):
        left = left.replace(word, "")
    return len(re.sub(r"[\W\d_]", "", left)) + len(re.findall(r"\d", left)) // 2
