"""What a query says that a person does not want: "not a group", "just the drink, not drugs", "without a doctor".

Only kinds of help that are commonly refused are read so. "No money", "not sleeping" and "nobody to talk to" are needs,
and so is "no GP": what is not in the list below is left as it stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

# What a refused kind of help still counts: it stays in the list, further down.
REFUSED = 0.5

_UNWILLING = r"(?:dont|don't|do not|doesnt|doesn't|does not|didnt|didn't|wont|won't|will not|not)"
_WISH = rf"(?:{_UNWILLING}|cant|can't|cannot)"
_STRONG = (
    rf"(?:{_WISH} (?:really |ever )?(?:want|like|fancy|face|do|cope with|go to|join|take)|rather not|hates?"
    "|instead of|without)"
)
_LINK = (
    r"(?: (?:a|an|any|another|the|my|to|by|on|over|in|more|go|going|join|joining|be|being|do|doing|take|taking"
    "|see|seeing))*"
)
_GROUP = r"(?:(?:support|big|peer) )?groups?(?: (?:work|therapy|things?|stuff|sessions?))?"
_FAITH = r"(?:religious|religion|church(?:es)?|christian|faith(?: based)?|god stuff)"
# Not a tag but a word, by which the text of a listing tells that it is just that.
_WORD = "word:"
# How it is refused, what is refused, and the tags or words of services that are just that.
_REFUSALS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        rf"{_STRONG}|not|no|non",
        r"(?:aa|alcoholics anonymous|(?:12|twelve) steps?(?: programmes?)?)",
        ("word:anonymous",),
    ),
    (rf"{_STRONG}|not|no", _GROUP, ("kind:peer-group", "topic:peer-groups")),
    (rf"{_STRONG}|not|no", r"(?:courses?|class(?:es)?|workshops?)", ("kind:course",)),
    (rf"{_STRONG}|not|no|non", _FAITH, ("word:church", "word:christian", "word:parish", "word:chapel")),
    (rf"{_STRONG}|not|no", r"(?:medication|meds|tablets|pills|antidepressants)", ()),
    (rf"{_STRONG}|not", r"(?:online|zoom|video calls?)", ()),
    (_STRONG, r"(?:counselling|counsell?ing|therapy|counsell?ors?|therapists?)", ("topic:talking-therapies",)),
    (
        # Who cannot see a doctor would like to.
        rf"{_STRONG}|{_UNWILLING} (?:see|ring|visit)|{_WISH} (?:talk to|go near|trust)|refus(?:es|ing|ed)",
        r"(?:gps?|doctors?|hospital|police|social (?:services|workers?))",
        (),
    ),
    (r"(?:(?<!did )(?<!does )(?<!do )(?<!am )(?<!\bim )not|isnt|its not)", r"(?:drugs?|drink|alcohol|booze)", ()),
)

_ANY = re.compile(
    r"\b(?:no|not|non|without|isnt|hates?|refus\w+|instead|rather|[dw]ont|do(?:es)?nt|didnt|cant|cannot)\b|n't\b"
)


@dataclass(frozen=True, slots=True)
class Refusals:
    """What is not wanted, as tags of the index and as words of listings, and the query without saying so."""

    tags: tuple[str, ...]
    words: tuple[str, ...]
    rest: str


def refusals(plain: str) -> Refusals | None:
    """Read the refusals out of a folded query; None where there is none, or where nothing else was said."""
    if _ANY.search(plain) is None:
        return None
    tags: list[str] = []
    rest = plain
    for pattern, refused in _compiled():
        without = pattern.sub(" ", rest)
        if without != rest:
            tags.extend(refused)
            rest = without
    if rest == plain or not re.search(r"[^\W\d_]{3}", rest):
        return None
    words = tuple(tag.removeprefix(_WORD) for tag in tags if tag.startswith(_WORD))
    return Refusals(tuple(tag for tag in tags if not tag.startswith(_WORD)), words, " ".join(rest.split()))


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    return tuple(
        (re.compile(rf"\b(?:i |he |she |we |they )?(?:{how}){_LINK} {what}\b"), tags) for how, what, tags in _REFUSALS
    )
