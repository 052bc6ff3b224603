"""British postcodes as people write them.

The pattern is the one of the British Standard BS 7666 as the Royal Mail prints it: area and district, then sector and
unit. The unit never holds C, I, K, M, O or V.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

OUTWARD = r"(?:[A-Z]{1,2}[0-9][0-9A-HJKMNP-Y]?)"
INWARD = r"(?:[0-9][ABD-HJLNP-UW-Z]{2})"
_UNIT = re.compile(rf"^({OUTWARD})\s*({INWARD})$")
_SECTOR = re.compile(rf"^({OUTWARD})\s+([0-9])$")
_DISTRICT = re.compile(rf"^({OUTWARD})$")
_LOOKS_LIKE = re.compile(
    r"(?<![A-Za-z0-9])([A-Za-z]{1,2}[0-9OoIil][0-9A-Za-z]?)(?:[\s-]*([0-9OoIil][A-Za-z]{2})(?![A-Za-z0-9])|\s+([0-9])(?![A-Za-z0-9])|(?![A-Za-z0-9]))"
)


@dataclass(frozen=True, slots=True)
class Postcode:
    """A postcode as far as it was given: district always, sector and unit where stated."""

    district: str
    sector_digit: str = ""
    unit_letters: str = ""

    @property
    def sector(self) -> str | None:
        """For example "M33 2", or None where only the district is known."""
        return f"{self.district} {self.sector_digit}" if self.sector_digit else None

    @property
    def unit(self) -> str | None:
        """For example "M33 2AB", or None where the postcode is not whole."""
        return f"{self.district} {self.sector_digit}{self.unit_letters}" if self.unit_letters else None

    def __str__(self) -> str:
        return self.unit or self.sector or self.district


@dataclass(frozen=True, slots=True)
class FoundPostcode:
    """A postcode met in running text, and where it stood (start and end offsets)."""

    postcode: Postcode
    start: int
    end: int


def parse(text: str) -> Postcode | None:
    """Read a whole or part postcode; letter O for zero and I or L for one are mended. None if it is not one."""
    squeezed = re.sub(r"[\s.-]+", " ", text.strip().upper())
    return _exact(squeezed) or _repaired(squeezed)


def find(text: str) -> Iterator[FoundPostcode]:
    """Whatever in running text reads as a postcode, in the order met.

    A bare district ("M33", but also the "s21" of housing law) is only a candidate: the caller knows which exist.
    """
    for match in _LOOKS_LIKE.finditer(text):
        postcode = parse(match.group(0))
        if postcode and any(ch.isdigit() for ch in match.group(1)):
            yield FoundPostcode(postcode, match.start(), match.end())


def _exact(text: str) -> Postcode | None:
    compact = text.replace(" ", "")
    if match := _UNIT.match(compact):
        return Postcode(match[1], match[2][0], match[2][1:])
    if match := _SECTOR.match(text):
        return Postcode(match[1], match[2])
    if match := _DISTRICT.match(compact):
        return Postcode(match[1])
    return None


def _repaired(text: str) -> Postcode | None:
    """Try again with digits for the letters that people type instead, and letters for digits, where only they fit."""
    compact = text.replace(" ", "")
    for outward_length in (len(compact) - 3, len(compact)):
        outward, inward = compact[:outward_length], compact[outward_length:]
        if not 2 <= len(outward) <= 4:
            continue
        candidate = _mend_outward(outward) + _mend_inward(inward)
        if found := _exact(candidate):
            return found
    return None


def _mend_outward(outward: str) -> str:
    letters = 2 if len(outward) > 2 and outward[1].isalpha() and outward[1] not in "OIL" else 1
    if len(outward) > 2 and outward[:2].isalpha() and not any(ch.isdigit() for ch in outward[1:2]):
        letters = 2 if outward[2].isdigit() or outward[2] in "OIL" else letters
    head, tail = outward[:letters], outward[letters:]
    return head.replace("0", "O").replace("1", "I") + _to_digits(tail)


def _mend_inward(inward: str) -> str:
    return _to_digits(inward[:1]) + inward[1:].replace("0", "O").replace("1", "I")


def _to_digits(text: str) -> str:
    return text.translate(str.maketrans("OIL", "011"))
