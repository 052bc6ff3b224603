"""The needs that DAPB1605 (Accessible Information Standard) asks to identify, record, flag, share, meet and review.

The four groups are the standard's. The SNOMED CT concepts and their terms are those of NHS England's value set of
reasonable adjustments: github.com/NHSDigital/ra-sandbox, input/fsh/valuesets/RA-FlagCode.fsh at cf0e0af (draft of
2024-02-14, Apache License 2.0), in which they stand in the order of the groups. What is not in it has no concept here
and is our own; nor has the format for people with aphasia, whose number there fails its check digit. SNOMED CT needs
the UK licence, which is free.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.people.codes import AccessibleFormat, NeedGroup

_F, _P, _C, _S = NeedGroup.FORMAT, NeedGroup.PROFESSIONAL, NeedGroup.CONTACT, NeedGroup.SUPPORT
_TABLE = f"""
large-print|{_F}|957331000000109|Requires written information in at least 20 point sans serif font
large-print-24|{_F}|957351000000102|Requires written information in at least 24 point sans serif font
large-print-28|{_F}|957371000000106|Requires written information in at least 28 point sans serif font
easy-read|{_F}|796161000000101|Requires information in Easyread
read-aloud|{_F}|985021000000106|Requires third party to read out written information
spoken|{_F}|367741000000102|Requires information verbally
audio|{_F}|936601000000105|Requires information in electronic audio format
by-email|{_F}|936581000000101|Requires information by email
to-download|{_F}|945751000000106|Requires information in electronic downloadable format
braille|{_F}||
braille-1|{_F}|936681000000100|Requires information in uncontracted (Grade 1) Braille
braille-2|{_F}|936661000000109|Requires information in contracted (Grade 2) Braille
moon|{_F}|936621000000101|Requires information in Moon alphabet
makaton|{_F}|936641000000108|Requires information in Makaton
aphasia-friendly|{_F}||
sign-language-video|{_F}||
bsl-interpreter|{_P}|204331000000107|British Sign Language interpreter needed
sse-interpreter|{_P}|936761000000104|Sign Supported English interpreter needed
makaton-interpreter|{_P}|204341000000103|Makaton Sign Language interpreter needed
hands-on-signing|{_P}|945731000000104|Hands-on signing interpreter needed
visual-frame-signing|{_P}|945711000000107|Visual frame sign language interpreter needed
deafblind-manual|{_P}|957051000000100|Requires deafblind manual alphabet interpreter
deafblind-block|{_P}|957071000000109|Requires deafblind block alphabet interpreter
deafblind-haptic|{_P}|957111000000103|Requires deafblind haptic communication interpreter
deafblind-guide|{_P}|796201000000109|Requires deafblind communicator guide
lipspeaker|{_P}|945911000000109|Requires lipspeaker
speech-to-text|{_P}|966401000000100|Requires speech to text reporter
note-taker|{_P}|945891000000106|Requires manual note taker
sighted-guide|{_P}|719563003|Requires sighted guide
advocate|{_P}|225835008|Needs an advocate
through-carer|{_C}|719561001|Requires contact via carer
text-relay|{_C}|796081000000106|Requires contact by text relay
audible-alert|{_C}|945931000000101|Requires audible alert
visual-alert|{_C}|945951000000108|Requires visual alert
tactile-alert|{_C}|945971000000104|Requires tactile alert
lip-reads|{_S}|441092009|Does lip read
hearing-aid|{_S}|285055002|Does use hearing aid
hearing-loop|{_S}|198061000000105|Uses hearing loop
uses-bsl|{_S}|415803005|Uses British sign language
uses-makaton|{_S}|415805003|Uses Makaton sign language
deafblind-alphabet|{_S}|981781000000107|Uses Deafblind Manual Alphabet
in-writing|{_S}|520491000000109|Preferred method of communication: written
device|{_S}|719369003|Does use communication device
gestures|{_S}|1082531000000103|Uses gestures for communication
photographs|{_S}|719393008|Uses photographs for communication
symbols|{_S}|719754002|Uses symbols for communication
passport|{_S}|837341000000108|Uses Personal Communication Passport
"""


@dataclass(frozen=True, slots=True)
class Need:
    """One need: its group, and the concept of SNOMED CT where the value set has one."""

    code: AccessibleFormat
    group: NeedGroup
    concept: str = ""
    term: str = ""


def _read(line: str) -> Need:
    code, group, concept, term = line.split("|")
    return Need(AccessibleFormat(code), NeedGroup(group), concept, term)


NEEDS: dict[AccessibleFormat, Need] = {need.code: need for need in map(_read, _TABLE.strip().splitlines())}


def of_group(group: NeedGroup, codes: Collection[AccessibleFormat] = tuple(NEEDS)) -> list[AccessibleFormat]:
    """Those of a group, in the order of the table."""
    return [code for code, need in NEEDS.items() if need.group is group and code in codes]


def concepts_of(codes: Collection[AccessibleFormat]) -> list[Need]:
    """Those that have a concept, for other systems."""
    return [need for code, need in NEEDS.items() if code in codes and need.concept]
