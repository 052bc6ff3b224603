"""What goes into the GP's own record: verified SNOMED codes, and a short text to paste.

Codes that were not seen in the terminology itself are listed with their mark and never given out. The text is in
English, the language of the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.text import single_line
from app.referrals.codes import Source


class Mark(StrEnum):
    """How a code is known: seen in the terminology, seen at second hand, or not checked."""

    VERIFIED = "verified"
    SECOND_HAND = "second-hand"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class SnomedCode:
    """A concept of SNOMED CT (UK edition). Its use needs the free UK licence."""

    code: str
    term: str
    mark: Mark


REFERRAL = SnomedCode("871731000000106", "Referral to social prescribing service", Mark.VERIFIED)
DECLINED = SnomedCode("871711000000103", "Social prescribing declined", Mark.VERIFIED)
OFFERED = SnomedCode("871691000000100", "Social prescribing offered", Mark.UNVERIFIED)
EMPLOYMENT_SUPPORT = SnomedCode("1098051000000103", "Employment support (Talking Therapies)", Mark.SECOND_HAND)
SELF_REFERRAL = SnomedCode("310434002", "Self-referral to service", Mark.VERIFIED)
KNOWN_CODES = (REFERRAL, DECLINED, OFFERED, EMPLOYMENT_SUPPORT, SELF_REFERRAL)

# By whom the person was referred; the UK list has no link worker, voluntary organisation or housing officer.
SOURCE_CODES: dict[Source, str] = {
    Source.SELF: "310434002",
    Source.GP: "108161000000109",
    Source.OTHER_PRIMARY_CARE: "276491000",
    Source.SOCIAL_SERVICES: "185365002",
    Source.CARER: "1065391000000104",
}


class Interaction(StrEnum):
    """What happened between the person and social prescribing."""

    OFFERED = "offered"
    REFERRED = "referred"
    DECLINED = "declined"
    ONGOING = "ongoing"
    SIGNPOSTED = "signposted"


_CODE_OF: dict[Interaction, SnomedCode] = {
    Interaction.OFFERED: OFFERED,
    Interaction.REFERRED: REFERRAL,
    Interaction.DECLINED: DECLINED,
}


def may_be_given(code: SnomedCode) -> bool:
    """Whether the code may leave Waymark."""
    return code.mark is Mark.VERIFIED


def record_code(interaction: Interaction, *, already_given: bool) -> SnomedCode | None:
    """The code for the record, if there is one that may be given: the referral's once an episode, never for more."""
    code = _CODE_OF.get(interaction)
    if code is None or not may_be_given(code) or (code is REFERRAL and already_given):
        return None
    return code


@dataclass(frozen=True, slots=True)
class Consultation:
    """What was done, for the record of the practice."""

    on: date
    by: str
    interaction: Interaction
    services: Sequence[str]
    need: str = ""
    formats: Sequence[str] = ()
    follow_up: str = ""
    already_given: bool = False


_OPENINGS: dict[Interaction, str] = {
    Interaction.OFFERED: "Social prescribing offered",
    Interaction.REFERRED: "Referred",
    Interaction.DECLINED: "Social prescribing offered and declined",
    Interaction.ONGOING: "Contact about a referral made before",
    Interaction.SIGNPOSTED: "Signposted (the person will get in touch themselves)",
}


def consultation_text(given: Consultation) -> str:
    """A few plain lines to paste into the practice's system, with the code for it where there is one."""
    code = record_code(given.interaction, already_given=given.already_given)
    lines = [
        f"{_OPENINGS[given.interaction]} on {given.on:%d/%m/%Y} by {single_line(given.by)}.",
        _line("Need", [given.need]),
        _line("To" if given.interaction is not Interaction.DECLINED else "Offered", given.services),
        _line("Given as", given.formats),
        _line("Follow-up", [given.follow_up]),
        f"SNOMED CT: {code.code} {code.term}" if code else "",
    ]
    return "\n".join(line for line in lines if line)


def _line(name: str, values: Sequence[str]) -> str:
    said = "; ".join(tidy for value in values if (tidy := single_line(value)))
    return f"{name}: {said}" if said else ""
