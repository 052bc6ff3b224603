"""What people look for that is a matter of no topic of ours: a GP, a dentist, an abortion, a jab, a lost passport.

The topics would guess something for such words, and guess wrong ("flu jab" is no wellbeing activity). So listings are
found by their text, also by the words that they use for it, and the topics hear only what else was said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from search_index.analysis import words
from search_index.words import LOW_VALUE

# What the topics count where nothing else was said, and where something was that they are this sure of.
FAINT, BESIDE, SURE = 0.1, 0.25, 0.6
# Who complains of a surgery looks for no surgery.
_COMPLAINT = re.compile(r"\bcomplain(?:t|ts|ing)?\b")
_FEWEST_WORDS = 2

_NO_DOCTOR = r"(?!\W*(?:s\W+)?(?:not(?:e|ice)|letter|certificate|says?|said|sent|told|thinks|refer\w*|wont|has|gave))"
_SOUGHT = r"(?:find|get|need|want|see|new|change|join|without|no|any|local)"
INTERPRETERS = ("interpreters", "interpreting", "translation")
# Who has no English and needs a doctor does not ask for lessons.
_NO_ENGLISH = re.compile(
    r"\b(?:speaks? )?(?:no|little|poor|(?:dont|doesnt|cant|cannot) speak(?: any| much)?|not much) english\b"
)
_PET = r"(?:dogs?|cats?|pets?|pupp(?:y|ies)|kittens?|rabbits?|animals?)"
# Those whom day care is for that is no nursery.
_GROWN = r".*\b(?:(?:my|our|for) (?:mum|mom|dad|nan|gran|wife|husband)|elderly|older|adults?|dementia|alzheimers?)\b"
_MINE = r"(?:(?:my|our|the|a|any|all|some|her|his) )*"
# What listings call it, by its own name first, and the patterns of how people ask for it.
_SUBJECTS: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("GP surgery", "medical practice", "medical centre", "health centre", "register gp"): (
        r"^(?:a |the |my |local )?(?:gps?|doctors?)(?: near me)?$",
        rf"\b{_SOUGHT} {_MINE}(?:(?:new|local|nhs) )?(?:gps?|doctors?)\b{_NO_DOCTOR}",
        r"\bregist\w+ (?:(?:with|at|by|to|a|the|new|local|any) )*(?:gps?|doctors?)\b",
        r"\b(?:gps?|doctors?'?s?) (?:surger\w+|near|practices?|regist\w+|list|taking)\b",
        r"\bwalk[ -]?in (?:centre|clinic)s?\b|\b(?:urgent care|minor injur\w+|out of hours doctor)\b",
    ),
    ("dentist", "dental", "teeth"): (r"\b(?:dentists?|dental|tooth\w*|teeth|dentures?)\b",),
    ("abortion", "pregnancy advisory", "sexual health", "contraception"): (
        r"\b(?:abortions?|unwanted pregnanc\w+|terminat\w+ (?:(?:a|my|the|her|of) )*pregnanc\w+)\b",
    ),
    ("contraception", "sexual health"): (r"\b(?:morning after pill|contracepti\w+|condoms?|family planning)\b",),
    ("sexual health", "gum clinic", "sti"): (
        r"\b(?:stds?|stis?|sexual health|sexually transmitted|chlamydia|gonorrh\w+|syphilis|herpes)\b",
        r"\b(?:gum clinic|smear tests?)\b",
    ),
    ("HIV", "blood borne virus", "sexual health"): (r"\bhiv\b",),
    ("hepatitis", "blood borne virus", "sexual health"): (r"\b(?:hep(?:atitis)? ?[abc]|hepatitis)\b",),
    ("optician", "eye test", "sight test", "glasses"): (
        r"\b(?:opticians?|optometrists?|(?:eye|sight) tests?|eyes tested|spectacles|specs|contact lens\w*)\b",
        r"\b(?:new|broken|reading|free) glasses\b",
    ),
    ("vaccination", "immunisation", "jab"): (r"\b(?:vaccin\w+|jabs?|immuni[sz]\w+|inoculat\w+|mmr|flu shot)\b",),
    ("pharmacy", "chemist"): (
        r"\b(?:chemists?|pharmac\w+|(?<!on )prescriptions?(?! (?:drug|pain|pill|med|addict)\w*))\b",
    ),
    ("podiatry", "chiropody", "foot care", "toenail cutting"): (
        r"\b(?:podiatr\w+|chiropod\w+|toe ?nails?|foot care|feet)\b",
    ),
    ("physiotherapy",): (r"\bphysio\w*\b",),
    ("blood pressure", "health check"): (r"\b(?:blood (?:pressure|tests?)|health check)\b",),
    ("veterinary", "vets pets", "sick animals"): (
        r"\bveterinary\b|\bvets?\b(?!.*\b(?:army|navy|raf|forces|served|ptsd)\b)",
        rf"\b{_PET} (?:(?:is|are|has|been|got|very|really) )*(?:ill|sick|poorly|hurt|injured)\b",
    ),
    ("pet fostering", "pet sitting", "dog walking", "rehoming"): (
        rf"\bpets?\b|\b{_PET} (?:foster\w*|sitt\w+|walk\w+|food)\b",
        rf"\b(?:look(?:ing)? after|foster\w*|feed\w*|rehom\w+|mind) {_MINE}{_PET}\b",
    ),
    INTERPRETERS: (r"\binterpret(?:ers?|ing|ation)\b|\btranslat(?:ors?|ion|ing|ed?)\b",),
    ("warm space", "warm hub", "warm bank", "warm welcome"): (
        r"\b(?:some ?where|any ?where|places?|where)\b.{0,16}\b(?:warm(?:er)?|heated)\b(?!.*\bhome\b)",
        r"\bwarm (?:spaces?|hubs?|banks?|rooms?|places?|cafes?|halls?)\b",
    ),
    ("school admissions", "school place"): (r"\bschool (?:places?|admissions?)\b|\bplaces? (?:at|in) (?:a )?school\b",),
    ("identity documents", "id", "passport", "birth certificate"): (
        r"\bpassports?\b|\b(?:birth|marriage) certificates?\b|\bdriving licen[cs]e\b",
        r"\bproof of (?:id|identity|address)\b",
        rf"\b(?:lost|no|stolen|need|get|getting|replace) {_MINE}(?:id|identification|documents?)\b",
    ),
}
# The same, where a topic is for it too, but for much else beside.
_WITHIN: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("communication aid", "augmentative communication", "speech language therapy"): (
        r"\b(?:talking|speech|communication|voice) (?:aids?|devices?)\b|\bnon[ -]?verbal\b",
        r"\b(?:cant|cannot|unable to) (?:speak|talk) any ?more\b|\blost (?:his|her|my|their) (?:speech|voice)\b",
        r"\bspeech (?:and language )?therap\w+\b",
    ),
    ("childcare", "child care", "nursery", "childminder"): (
        r"\bchild ?care\b|\bchild ?minders?\b|\b(?:day )?nurser(?:y|ies)\b(?! nurse)",
        rf"\bday ?care\b(?!{_GROWN})(?<!adult day care)(?<!adult daycare)",
    ),
    ("power attorney", "lasting power", "deputyship", "probate"): (
        r"\bpowers? of att?o\w*|\blpa\b|\bdeputyship\b|\b(?:make|making|write|writing) (?:a|my|her|his) will\b",
    ),
    ("family law", "divorce", "child arrangements"): (
        r"\bcustody\b|\bchild arrangements?\b|\bfamily (?:law|courts?|solicitors?|lawyers?)\b",
        r"\bdivorce (?:lawyers?|solicitors?|papers|costs?)\b|\b(?:lawyers?|solicitors?) for (?:a |my )?divorce\b",
    ),
}
_BETWEEN = re.compile(r"[,;.?!]+|\b(?:and|but|cos|because|so|also|about)\b")


@dataclass(frozen=True, slots=True)
class Beyond:
    """What listings call it, and what else the query says (nothing where that is next to nothing).

    `called` is its own name alone, for people to read: "gp surgery", where listings also say "medical practice".
    """

    called: tuple[str, ...]
    listed: tuple[str, ...]
    rest: str


def within(plain: str) -> tuple[str, ...]:
    """What listings call what a folded query asks for, where that is a small part of a topic: "custody" of the law."""
    return tuple(name for pattern, listed in _compiled_within() if pattern.search(plain) for name in listed)


def beyond(plain: str) -> Beyond | None:
    """Find what a folded query asks for beyond the topics; None where there is nothing of the kind."""
    if _COMPLAINT.search(plain):
        return None
    found = [(pattern, listed) for pattern, listed in _compiled() if pattern.search(plain)]
    if not found:
        return None
    listed = dict.fromkeys(name.lower() for _, each in found for name in each)
    called = dict.fromkeys(each[0] for _, each in found)
    # What an interpreter is for is not what is looked for.
    alone = any(names is INTERPRETERS for _, names in found)
    rest = "" if alone else _without(_NO_ENGLISH.sub(" ", plain), [pattern for pattern, _ in found])
    return Beyond(tuple(called), tuple(listed), rest)


def _without(plain: str, patterns: Sequence[re.Pattern[str]]) -> str:
    """The clauses that say nothing of it; of a single clause its other words."""
    clauses = [part for part in map(str.strip, _BETWEEN.split(plain)) if not any(p.search(part) for p in patterns)]
    if any(clauses):
        rest = " ".join(clauses)
    else:
        rest = plain
        for pattern in patterns:
            rest = pattern.sub(" ", rest)
    said = [word for word in words(rest) if word not in LOW_VALUE]
    return " ".join(rest.split()) if len(said) >= _FEWEST_WORDS else ""


@cache
def _compiled_within() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    return tuple((re.compile("|".join(patterns)), listed) for listed, patterns in _WITHIN.items())


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    return tuple((re.compile("|".join(patterns)), listed) for listed, patterns in _SUBJECTS.items())
