"""NHS numbers: ten digits, the last a check digit (modulus 11, weights 10 to 2), shown as 3-3-4.

A right number is not a traced one, and nobody has to have one to be helped.
"""

from __future__ import annotations

import re

from app.core.errors import InvalidInput

_TEN_DIGITS = re.compile(r"[0-9]{10}")
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015]+")


def nhs_number(text: str) -> str:
    """The ten digits of what was typed, spaces and hyphens taken out; InvalidInput for anything else.

    Ten equal digits pass the check digit but are what people type to fill a box: they would make strangers match.
    """
    digits = _BETWEEN.sub("", text)
    if not _TEN_DIGITS.fullmatch(digits):
        raise InvalidInput("Enter the 10 digits of the NHS number, such as 943 476 5919, or leave it empty.")
    if len(set(digits)) == 1 or not has_right_check_digit(digits):
        raise InvalidInput("That is not an NHS number: check each digit, or leave it empty.")
    return digits


def has_right_check_digit(digits: str) -> bool:
    """Whether the tenth of ten digits is the one that the first nine call for."""
    rest = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), digits, strict=False)) % 11
    return (11 - rest) % 11 == int(digits[9])


def shown(digits: str) -> str:
    """The number as people read it out: 943 476 5919."""
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
