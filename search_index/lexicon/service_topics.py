"""Likely topics of a service that states none: a rule, so its answers are few and sure."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from search_index.analysis import stem
from search_index.lexicon.known_names import known_name
from search_index.lexicon.listings import heard_by_both
from search_index.lexicon.phrases import load_terms
from search_index.lexicon.text import folded_words

MAXIMUM = 3  # topics of one service
_READ = 2_000  # characters of a description
_SENTENCES = 6
_SHORT = 12  # characters: shorter pieces between full stops say little

# What each sign adds: the share of the name, the mean share of the sentences, the topic's terms in name and text.
_NAME, _SENTENCE, _TERM_IN_NAME, _TERM_IN_TEXT = 1.0, 3.0, 0.4, 0.1
_SOURCE = 0.5  # the share from which the name of a source is believed
_BORNE_OUT = 0.1  # what the text must add at least for a topic, or its name counts less ("Salvation Army" is no army)
_NAME_ALONE = 0.6
_MOST_IN_NAME, _MOST_IN_TEXT = 2.0, 5.0  # more terms add nothing
_SINGLE = 0.45  # how much a term of one word counts beside one of several
_KNOWN = 0.6  # for each topic of a name that is known everywhere ("Citizens Advice Stockport")
_ENOUGH = 0.22  # of both together
_OF_BEST = 0.6  # a further topic must come this near to the first

# What a listing says of its building is not what it is for, and whom it says to ring in danger is somebody else.
_OF_THE_BUILDING = re.compile(
    r"\b(?:(?:no|full|good|partial|some|with|has|have) )?(?:"
    r"(?:disabled|wheelchair|step[- ]free|level)(?: 24 ?h\w*)?[- ]access"
    r"(?! (?:group|panel|forum|advice|audits?|officers?))|wheelchair accessible(?= *(?:$|[.,;:\n)]))"
    r"|(?:disabled|accessible|wheelchair accessible) (?:toilets?|parking|entrances?|lifts?|chang\w+(?: \w+)?)"
    r"|accessible (?:to|for|by) (?:people (?:in|using|with) )?(?:wheelchairs?(?: users?)?|(?:the )?disabled)"
    r"|toilets? for (?:the )?disabled(?: (?:users?|people))?|all toilets for the disabled"
    r"|(?:induction|hearing)[- ]loops?|radar keys?"
    r")\b",
    re.IGNORECASE,
)
_WHOM_TO_RING = re.compile(
    r"\b(?:(?:ring|call|dial|phone|contact) (?:\w+ ){0,3}999|immediate (?:risk|danger)|risk to life)\b", re.IGNORECASE
)
_CLAUSE = re.compile(r"[^.!?;\n]+")
# What a listing says of itself when it has come to an end: not that it is closed on Sundays or to new people, nor
# whom it is for ("people who are inactive", "whose payments have ceased").
_WHO = r"(?:group|charity|service|club|project|society|centre|trust|organi[sz]ation|association|scheme)"
_NOW = r"(?:now |currently |at present |presently )?"
_NO_MORE = r"(?:closed(?: down)?|dormant|inactive|wound up|ceased|disbanded|not active)"
_NO_LONGER = r"no longer (?:active|running|operat(?:es?|ing)|meets?|meeting|exists?)"
_STOP = r"(?=[^\w ]|$)"
_AT_AN_END = re.compile(
    rf"\b{_WHO} (?:is|has|was|has been) {_NOW}{_NO_MORE}(?:(?= in \d)|{_STOP})"
    rf"|\b(?:{_WHO}|we|it)(?: is| are)? {_NO_LONGER}{_STOP}"
    rf"|\b{_WHO} {_NOW}(?:has|generates|provides) no (?:current )?(?:activities|services)(?: or services)?{_STOP}"
    rf"|^\W*(?:{_NOW}not {_NOW}(?:active|running|operating)|{_NOW}(?:closed|dormant|inactive|ceased))\W*$",
    re.IGNORECASE,
)

_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Drs?|Revd?|Prof)\b\.? ?(?=[A-Z&])")
# "Lunch club (CLOSED)", "Now closed: Lunch club", and no "Closed group".
_CALLED_CLOSED = re.compile(
    r"[\[(*]\s*(?:(?:now|permanently|currently) )?(?:closed(?: down)?|ceased|ended)\s*[\])*]"
    r"|\b(?:now|permanently) closed\b|[-\u2013:]\s*(?:closed(?: down)?|ceased)\s*$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?;:\n]+\s*")
_NOT_WORDS = re.compile(r"[\W_\d]+")
# Parts of file names that say nothing of the subject.
_OF_FILES = frozenset(
    {
        "raw",
        "csv",
        "json",
        "tsv",
        "zip",
        "data",
        "export",
        "final",
        "new",
        "list",
        "copy",
        "gm",
        "uk",
        "hsds",
        "oruk",
        "v",
        "services",
        "service",
    }
)

Floats = npt.NDArray[np.float32]


class Heard(NamedTuple):
    """What is known of topics by the words of people and by those of organisations, in the order of the slugs."""

    shares: Callable[[str], Floats]
    listed: Callable[[str, str], Floats]
    order: Sequence[str]


def guess(heard: Heard, name: str, description: str, hint: str) -> list[tuple[str, float]]:
    """Give the confident topics with their weight (0 to 1), likeliest first."""
    shares, order = heard.shares, heard.order
    known, name = known_name(untitled(name))
    description = of_the_help(description)
    said = _TERM_IN_TEXT * np.minimum(terms_in(description[:_READ], order), _MOST_IN_TEXT)
    if sentences := _sentences(description):
        said += _SENTENCE * np.mean([shares(sentence) for sentence in sentences], axis=0)
    named = _NAME * shares(name) + _TERM_IN_NAME * np.minimum(terms_in(name, order), _MOST_IN_NAME)
    if sentences:
        named[said < _BORNE_OUT] *= _NAME_ALONE
    scores = heard_by_both((said + named).astype(np.float32), heard.listed(name, description))
    scores[[place for place, slug in enumerate(order) if slug in known]] += _KNOWN
    best = np.argsort(-scores, kind="stable")[:MAXIMUM]
    floor = max(_ENOUGH, _OF_BEST * float(scores[best[0]]))
    found = {order[i]: float(1 - np.exp(-scores[i])) for i in best if scores[i] >= floor}
    return [*found.items(), *_of_source(shares, order, hint, found)][:MAXIMUM]


def _of_source(
    shares: Callable[[str], Floats], order: Sequence[str], hint: str, found: Mapping[str, float]
) -> list[tuple[str, float]]:
    """Give what the name of the source says, after what the service says of itself."""
    if len(found) == MAXIMUM or not (subject := hinted(hint)):
        return []
    likely = _shares_of(shares, subject)
    best = int(np.argmax(likely))
    # A name that only sounds like a topic ("feed", "people") is no subject of all its services.
    if likely[best] < _SOURCE or order[best] in found or not terms_in(subject, order)[best]:
        return []
    return [(order[best], min([float(likely[best]), *found.values()]))]


@lru_cache(maxsize=64)
def _shares_of(shares: Callable[[str], Floats], subject: str) -> Floats:
    """One source is asked about for each of its services."""
    return shares(subject)


def telling(subjects: Iterable[str], order: Sequence[str]) -> list[str]:
    """Give those of a feed's own categories that name a subject ("Debt advice"), without the others ("Event")."""
    return [subject for subject in subjects if terms_in(subject, order).any()]


def hinted(hint: str) -> str:
    """Give the words of a file's or source's name that can say what its listings are about."""
    return " ".join(word for word in _NOT_WORDS.sub(" ", hint).lower().split() if word not in _OF_FILES)


def untitled(name: str) -> str:
    """Give a name without titles: "Mr Wood" asks for no mandatory reconsideration, and "Ms Wood" has no sclerosis."""
    return _TITLE.sub("", name)


def of_the_help(description: str) -> str:
    """Give a description without what it says of the building, of whom else to ring, and that it is over."""
    for aside in (_OF_THE_BUILDING, _AT_AN_END):
        description = aside.sub(" ", description)
    return _CLAUSE.sub(lambda clause: " " if _WHOM_TO_RING.search(clause[0]) else clause[0], description)


def is_over(description: str, name: str = "") -> bool:
    """Say whether a description, or a name, tells that there is nothing any more: lists are seldom swept."""
    return _AT_AN_END.search(description) is not None or _CALLED_CLOSED.search(name) is not None


def _sentences(description: str) -> list[str]:
    found = (part.strip() for part in _SENTENCE_END.split(description[:_READ]))
    return [part for part in found if len(part) > _SHORT][:_SENTENCES]


def terms_in(text: str, order: Sequence[str]) -> Floats:
    """Count the terms of each topic that the text has; a term of several topics is shared out."""
    stems = [stem(word) for word in folded_words(text, limit=_READ)]
    lengths, counts = _book(tuple(order))
    counted = np.zeros(len(order), np.float32)
    seen: set[tuple[str, ...]] = set()
    for start, first in enumerate(stems):
        for length in lengths.get(first, ()):
            term = tuple(stems[start : start + length])
            if term in counts and term not in seen:
                seen.add(term)
                for place, share in counts[term]:
                    counted[place] += share
    return counted


# How many words the terms have that begin with a stem; of each term, the places of its topics and what it counts there.
_Book = tuple[Mapping[str, tuple[int, ...]], Mapping[tuple[str, ...], list[tuple[int, float]]]]


@lru_cache(maxsize=4)
def _book(order: tuple[str, ...]) -> _Book:
    places = {slug: place for place, slug in enumerate(order)}
    topics: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for slug, terms in load_terms().items():
        for term in dict.fromkeys(tuple(stem(word) for word in folded_words(one)) for one in terms):
            topics[term].append(slug)
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    counts: dict[tuple[str, ...], list[tuple[int, float]]] = {}
    for term, slugs in topics.items():
        share = (1.0 if len(term) > 1 else _SINGLE) / len(slugs)
        lengths[term[0]].add(len(term))
        counts[term] = [(places[slug], share) for slug in slugs if slug in places]
    return {first: tuple(sorted(found)) for first, found in lengths.items()}, counts
