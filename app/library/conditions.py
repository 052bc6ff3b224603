"""What a query says of the person and the circumstances: age, sex, kind of help, cost, time, language, access.

Rules of thumb over plain words. Each only moves services up or down; none takes a service away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from babel import Locale

from search_index.analysis import fold

_AGE = re.compile(
    r"\b(?:(?:aged?|i ?'?a?m|im|is|hes|shes|turned|girl|boy|lad|lass|son|daughter)\s+(\d{1,3})(?!\s*(?:%|quid|pounds|weeks?|months?|days?|hours?|stone|minutes?|times))\b"
    r"|(\d{1,3})\s*-?\s*(?:years?|yrs?|yr)\s*-?\s*olds?\b"
    r"|(\d{1,3})\s*(?:yo|y/o)\b"
    r"|(\d{2})\s?[mf]\b"
    r"|\b[mf](\d{2})\b)"
)
_GROUPS: tuple[tuple[str, tuple[int, int]], ...] = (
    (r"\b(?:toddlers?|under fives|under 5s)\b", (2, 4)),
    (r"\b(?:primary school|little (?:girl|boy)|small child)\b", (5, 10)),
    (r"\b(?:teens?|teenagers?|teenaged?|secondary school|sixth form|adolescents?)\b", (13, 17)),
    (
        r"\b(?:pensioners?|elderly|old (?:man|lady|woman|person|people|folk|age)|older (?:people|person|adults?)|over 65s?)\b",
        (70, 80),
    ),
)
# word pattern -> tag of the index, and how strongly it asks for it
_WANTS: tuple[tuple[str, str, float], ...] = (
    (r"\b(?:groups?|meet ?ups?|club|circle|get ?togethers?)\b", "kind:peer-group", 1.12),
    (r"\b(?:courses?|class|classes|workshops?|learn(?:ing)? (?:about|to)|training)\b", "kind:course", 1.12),
    (r"\b(?:women'?s? only|womens?|ladies|female only|females?)\b", "gender:women", 1.25),
    (r"\b(?:mens?|men'?s|blokes?|lads|male only|dads)\b", "gender:men", 1.25),
    (r"\b(?:trans|non ?binary|transgender|enby)\b", "gender:trans-nonbinary", 1.2),
    (r"\b(?:free|no money|skint|cant afford|can't afford)\b", "cost:free", 1.06),
    (r"\b(?:evenings?|after work|nights?|tonight)\b", "open:evenings", 1.1),
    (r"\b(?:weekends?|saturdays?|sundays?)\b", "open:weekends", 1.12),
    (r"\b(?:online|zoom|video|virtual|internet)\b", "reach:online", 1.1),
    (r"\b(?:phone|telephone|ring|call|helpline)\b", "reach:phone", 1.1),
    (
        r"\b(?:home visits?|come to (?:the |my |her |his |our )?(?:house|home|flat|door)|housebound|house ?bound)\b",
        "reach:home-visit",
        1.25,
    ),
    (r"\b(?:drop ?in|walk ?in|turn up|just turn up)\b", "route:drop-in", 1.12),
    (r"\b(?:wheelchair|step ?free|no stairs|disabled access)\b", "access:step-free", 1.1),
    (r"\b(?:hearing loop|hearing aids?)\b", "access:hearing-loop", 1.05),
    (r"\b(?:bsl|sign language)\b", "lang:bfi", 1.3),
)
_OLDEST = 120


@dataclass(frozen=True, slots=True)
class Conditions:
    """`tags` are wanted, each with its factor; `ages` is a span of years that the person's age lies in."""

    tags: tuple[tuple[str, float], ...] = ()
    ages: tuple[int, int] | None = None


NO_CONDITIONS = Conditions()


def conditions(text: str) -> Conditions:
    """Read the conditions out of a query."""
    plain = fold(text)
    wants = tuple((tag, factor) for pattern, tag, factor in _compiled() if pattern.search(plain))
    return Conditions((*wants, *_languages(plain)), _ages(plain))


def _ages(plain: str) -> tuple[int, int] | None:
    for match in _AGE.finditer(plain):
        age = int(next(group for group in match.groups() if group))
        if 0 < age <= _OLDEST:
            return age, age
    return next((span for pattern, span in _GROUPS if re.search(pattern, plain)), None)


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], str, float], ...]:
    return tuple((re.compile(pattern), tag, factor) for pattern, tag, factor in _WANTS)


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
