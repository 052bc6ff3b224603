"""What a query says of the person and the circumstances: age, sex, kind of help, cost, time, language, access.

Rules of thumb over plain words. Each only moves services up or down; none takes a service away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from babel import Locale

from app.library.refusals import REFUSED, refusals
from search_index.analysis import fold
from search_index.lexicon.text import MAXIMUM_TEXT

_AGE = re.compile(
    r"\b(?:(?:aged?|i ?'?a?m|im|is|hes|shes|turned|girl|boy|lad|lass|son|daughter)\s+(\d{1,3})(?!\s*(?:%|quid|pounds|weeks?|months?|days?|hours?|stone|minutes?|times))\b"
    r"|(\d{1,3})\s*-?\s*(?:years?|yrs?|yr)\s*-?\s*olds?\b"
    r"|(\d{1,3})\s*(?:yo|y/o)\b"
    r"|(\d{2})\s?[mf]\b"
    r"|\b[mf](\d{2})\b)"
)
_DIGIT = re.compile(r"\d")
_GROUPS: tuple[tuple[str, tuple[int, int]], ...] = (
    (r"\b(?:toddlers?|under fives|under 5s)\b", (2, 4)),
    (r"\b(?:primary school|little (?:girl|boy)|small child)\b", (5, 10)),
    (
        r"\b(?:teens?|teenagers?|teenaged?|secondary school|sixth form|adolescents?|(?:year|yr) (?:7|8|9|10|11))\b",
        (13, 16),
    ),
    (
        r"\b(?:care leavers?|leaving care|left (?:foster )?care|young (?:lad|man|woman|lady|adults?|person|people|mum|dad))\b",
        (18, 21),
    ),
    (
        (
            r"\b(?:pensioners?|elderly|old (?:man|lady|woman|person|people|folk|age)|in (?:my|his|her|their|our) (?:[67]0s|[89]0s|seventies|eighties|nineties)|older (?:people|person|adults?)"
            r"|over 65s?|grans?|grann(?:y|ies)|nans?|nana|gran?d?dads?|grandmas?|grandpas?|grandmothers?|grandfathers?)\b"
        ),
        (70, 80),
    ),
)
# word pattern -> tag of the index, and how strongly it asks for it
_WANTS: tuple[tuple[str, str, float], ...] = (
    (r"\b(?:groups?|meet ?ups?|club|circle|get ?togethers?)\b", "kind:peer-group", 1.12),
    (r"\b(?:courses?|class|classes|workshops?|learn(?:ing)? (?:about|to)|training)\b", "kind:course", 1.12),
    (r"\b(?:women'?s? only|womens?|ladies|female only|females?)\b", "for:women", 1.25),
    (r"\b(?:mens?|men'?s|blokes?|lads|male only|dads)\b", "for:men", 1.25),
    (r"\b(?:trans|non ?binary|transgender|enby)\b", "for:trans-nonbinary", 1.2),
    (r"\b(?:free|no money|skint|cant afford|can't afford)\b", "cost:free", 1.06),
    (
        r"\b(?:evenings?|after work|nights?|tonight|(?:after|past) (?:[5-9]|1[01])(?:pm| ?oclock)?)\b",
        "open:evenings",
        1.2,
    ),
    (r"\b(?:weekends?|saturdays?|sundays?)\b", "open:weekends", 1.25),
    (r"\b(?:online|zoom|video|virtual|internet)\b", "reach:online", 1.1),
    (r"\b(?:phone|telephone|ring|call|helpline)\b", "reach:phone", 1.1),
    (
        r"\b(?:home visits?|come to (?:the |my |her |his |our )?(?:house|home|flat|door)|housebound|house ?bound)\b",
        "reach:home-visit",
        1.25,
    ),
    (r"\b(?:drop ?in|walk ?in|turn up|just turn up)\b", "route:drop-in", 1.12),
    (r"\b(?:wheelchair|step ?free|no stairs|disabled access)\b", "access:step-free", 1.2),
    (r"\b(?:hearing loop|hearing aids?)\b", "access:hearing-loop", 1.05),
    (r"\b(?:bsl|sign language)\b", "lang:bfi", 1.3),
)
# What is done to the one who asks: "hits me", "is controlling me". Of a husband or a wife "hits" alone says it.
_HARMS_ME = (
    r"(?:\w+ )?(?:hits?|beats?|attack(?:s|ed)|punche[sd]|slap(?:s|ped)|kick(?:s|ed)|strangle[sd]|control(?:s|led)"
    r"|abuse[sd]|threaten(?:s|ed)|rape[sd]|hurts?"
    r"|(?:batter|hitt|beat|attack|punch|slapp|kick|strangl|controll|abus|threaten|rap|hurt)ing) me"
)
_HARMS = rf"(?:(?:\w+ )?(?:batters|hits|beats|attacks|punches|slaps|controls|abuses|threatens)|{_HARMS_ME})"
# Words that tell the sex of the person in need; a service for the other sex only is of no use to them. Who is harmed by
# "he" may be a man, and most are women: what is for men comes after the rest, and is still there.
_MALE = re.compile(
    r"\bm\d{2}\b|\b\d{2} ?m\b|\b(?:male|men'?s? only|bloke|as a (?:boy|lad)|(?:im|i am) a (?:gay )?(?:man|bloke|dad|lad)|new dad|single dad"
    r"|lad \d+"
    rf"|(?:wife|wifes|girlfriend|missus) {_HARMS}"
    r"|(?:muslim|black|asian|old|older|lonely|young|lonely old|gay) man)\b"
)
_FEMALE = re.compile(
    r"\bf\d{2}\b|\b\d{2} ?f\b|\b(?:female|women'?s? only|as a girl|(?:im|i am) a (?:gay )?(?:woman|mum|girl|lady)|pregnant|new mum|single mum"
    r"|ladies"
    rf"|(?:husbands?|boyfriends?|hubby) {_HARMS}|hes? {_HARMS_ME}"
    r"|(?:scared|frightened|afraid|terrified) of my (?:ex )?(?:husband|boyfriend|partner)|(?:muslim|black|asian|old|older|lonely|young) woman)\b"
)
# Somebody asks for another: what is there for families is then not held against the other's age.
_RELATIVE = re.compile(
    r"\b(?:my|our|her|his) (?:\w+ ){0,3}?(?:son|sons|daughter|daughters|child|kid|kids|boy|girl|lad|teenager|grandson"
    r"|granddaughter|brother|sister|mum|mam|mom|dad|nan|gran|husband|wife|partner)\b|\b(?:son|daughter|child|mum)\b"
    r"|\bmy \d{1,2} ?(?:years?|yrs?|yo)\b|\b\d{1,2} ?(?:years?|yrs?) old (?:girl|boy|lad)\b"
)
# Somebody is worried about another: about the state of that other, and not about what he did to the one who asks, or
# about a form or a home for him.
_KIN = (
    r"(?:husband|hubby|wife|missus|partner|boyfriend|girlfriend|fiance|sons?|daughters?|lads?|lass|brothers?|sisters?"
    r"|grandson|granddaughter|friend)"
)
_FOR_ANOTHER = re.compile(
    rf"(?:^|\b(?:my|our|and|worried about|living with) )(?:(?!(?:for|with|group)\b)\w+ ){{0,2}}?{_KIN}s?\b|\bparent carers?\b"
    r"|(?<!\bmy )(?<!\bour )\bparents?(?= (?:of|groups?|support|courses?|forum)\b|$)"
)
# Of a parent or a child only where it is plain that it is not they who ask: "mum of two, low mood" is she herself.
_OF_OTHER_KIN = re.compile(
    r"\b(?:my|our|his|her) (?:\w+ )?(?:mum|mam|mom|dad|mother|father|parent|nan|gran|grandad|kid|child|children|teenager|nephew"
    r"|niece|cousin|uncle|aunt|auntie|mate)s?\b"
    r"|^(?:mum|mam|mom|dad)s? (?:\w+ ){0,2}(?:drink\w*|drunk|boozing|using|gambl\w*)\b"
)
_NOT_THAT = re.compile(
    r"\b(?:die[ds]?|dead|death|dying|passed|kill\w*|suicid\w*|overdose\w*|(?:his|her) own life|lost|left|leaving"
    r"|hits?|hitting|batter\w*|beat\w*|punch\w*|abus\w*|controls?|controlling|threat\w*|scared|hurts?|raped?|touch\w*|divorc\w*|split\w*|separat\w*"
    r"|cheat\w*|argu\w*|kicked|chucked|threw|thrown|me out|checks my|wont let me|benefits?|dla|pip|claim\w*|forms?|jobs?"
    r"|flat|housing|no ?where|somewhere|homeless|evict\w*|prison|jail)\b"
)
FOR_RELATIVES = ("for:relatives", 1.35)
_OLDEST = 120


@dataclass(frozen=True, slots=True)
class Conditions:
    """`tags` are wanted, each with its factor; `ages` is a span of years that the person's age lies in.

    `not_for` is a tag of services that such a person cannot use. `by_relative` says that a relative asks, `of_another`
    that it is about the state of another: one of `states`, which are topics, and of none of `other_states`. `refused`
    are words of listings that are not wanted.
    """

    tags: tuple[tuple[str, float], ...] = ()
    ages: tuple[int, int] | None = None
    not_for: str | None = None
    by_relative: bool = False
    of_another: bool = False
    refused: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    other_states: tuple[str, ...] = ()

    def wanting(self, wish: tuple[str, float]) -> Conditions:
        """These with one wish more, in place of another for the same tag."""
        return replace(self, tags=(*(kept for kept in self.tags if kept[0] != wish[0]), wish))


NO_CONDITIONS = Conditions()


def conditions(text: str) -> Conditions:
    """Read the conditions out of a query."""
    plain = fold(text[:MAXIMUM_TEXT])
    refused = refusals(plain)
    plain = refused.rest if refused else plain
    wants = _wants(plain) if _any_want().search(plain) else ()
    for_another = _FOR_ANOTHER.search(plain) is not None
    of_another = (for_another or _OF_OTHER_KIN.search(plain) is not None) and not _NOT_THAT.search(plain)
    if for_another and of_another:
        wants = (*wants, FOR_RELATIVES)
    tags = (*wants, *_languages(plain), *((tag, REFUSED) for tag in (refused.tags if refused else ())))
    return Conditions(
        tags,
        _ages(plain),
        _not_for(plain),
        by_relative=_RELATIVE.search(plain) is not None,
        of_another=of_another,
        refused=refused.words if refused else (),
    )


def _wants(plain: str) -> tuple[tuple[str, float], ...]:
    return tuple((tag, factor) for pattern, tag, factor in _compiled() if pattern.search(plain))


def _not_for(plain: str) -> str | None:
    male, female = _MALE.search(plain), _FEMALE.search(plain)
    if bool(male) == bool(female):
        return None
    return "for:women" if male else "for:men"


def _ages(plain: str) -> tuple[int, int] | None:
    for match in _AGE.finditer(plain) if _DIGIT.search(plain) else ():
        age = int(next(group for group in match.groups() if group))
        if 0 < age <= _OLDEST:
            return age, age
    return next((span for pattern, span in _groups() if pattern.search(plain)), None)


@cache
def _groups() -> tuple[tuple[re.Pattern[str], tuple[int, int]], ...]:
    return tuple((re.compile(pattern), span) for pattern, span in _GROUPS)


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], str, float], ...]:
    return tuple((re.compile(pattern), tag, factor) for pattern, tag, factor in _WANTS)


@cache
def _any_want() -> re.Pattern[str]:
    # Most queries want nothing of all that, and to look once takes a quarter of the time.
    return re.compile("|".join(pattern for pattern, _, _ in _WANTS))


@cache
def _language_words() -> dict[str, str]:
    names = Locale.parse("en").languages
    living = ("pl ro ur pa bn ar so fa ps ku ti am fr es pt it ru uk lt lv sk cs hu bg sq tr zh yue vi th ta te hi gu ml "
              "cy ga sw yo ig ha fil ne si").split()  # fmt: skip
    return {str(names[code]).lower(): code for code in living if code in names}


def _languages(plain: str) -> Iterator[tuple[str, float]]:
    known = _language_words()
    for word in plain.split():
        if code := known.get(word.strip(".,?!")):
            yield f"lang:{code}", 1.3
