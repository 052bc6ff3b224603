"""What a person means by the words they typed: place, danger, topics, mended spelling, other words for the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.core.text import single_line
from app.directory import geography
from app.directory.wording.queries import Wording, wording
from app.directory.wording.rules import lived
from app.library import beyond
from app.library.engine import Engine
from app.library.readings import says_something, topic_shares
from app.library.refusals import refusals
from app.library.spoken import SIGN_LANGUAGE, Language, Spoken, is_language, spoken
from search_index import Snapshot
from search_index.analysis import fold
from search_index.lexicon import Correction, TopicModel, danger, expand, folded_words

MAXIMUM_TEXT = 500
# A topic below this share is searched for but not shown as what was understood.
LEAST_SHOWN = 0.12
MOST_TOPICS = 12
LEAST_SEARCHED = 0.02
DANGER_TOPICS = {"suicide": "suicide", "self-harm": "self-harm", "abuse": "domestic-abuse", "emergency": "crisis"}
DANGER_WEIGHT = 0.5
# Topics that tell better what the words of a danger mean, from a share on: "abuse from neighbours" is none at home.
TOLD_BETTER = {"abuse": ("neighbours", "sexual-violence", "rights"), "suicide": ("suicide-bereavement",)}
PLAINLY_TOLD = 0.4
# What the danger counts beside that: who grieves after a suicide may be near it.
BESIDE_TOLD = {"abuse": 0.04, "suicide": 0.15}
# Where a language is asked for, what is left is a subject of its own if its likeliest topic has this much.
A_SUBJECT = 0.3
# What interpreters count beside the subject, and alone; and what is looked for beside them.
INTERPRETERS, INTERPRETERS_ALONE = 0.15, 0.5
ENGLISH = "english-language"
INTERPRETING = ("interpreters", "translation")
# Who asks for advice in a language asks for advice of any kind, and not first for an interpreter.
_ADVICE = re.compile(r"(?:(?:some|free|legal|get|need|want|for|in) )*(?:advi[cs]e|advis[eo]rs?|advice centre)")
ANY_ADVICE = "citizens advice"
_ASKED = re.compile(
    rf"(?P<help>(?:i |please |need |want |some |get )*help(?: me)?(?: please)?[ !.?]*)|{_ADVICE.pattern}"
)
SOMEONE_NOW = "crisis"
# "Open" of a time is no word of a name: "chemist open now", "anything open on Sunday".
_WHEN = (
    r"now|today|to(?:night|morrow)|late|early|after|before|until|till|past|at|on|all|24|this|over|every|week ?ends?"
    r"|evenings?|nights?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|\d"
)
_OPEN = re.compile(rf"\b(?:thats |is |are |still )?open(?:s|ing)?(?= (?:{_WHEN})\b)(?: now\b)?|\bopen(?:ing)?$")

Shares = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """A query taken apart. `words` is what remains when the place is out.

    `scored` and `mended` are what is looked for in the text of listings: the words as typed and with their spelling
    mended, without what says only what is not wanted, how long a place is open or that a language is spoken. `listed`
    is what listings call what is a matter of no topic, and `called` what people read of that.
    """

    words: str
    scored: str = ""
    mended: str = ""
    called: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    # Nothing but that was asked for.
    listed_alone: bool = False
    languages: tuple[Language, ...] = ()
    # Nothing but the language was asked for.
    language_alone: bool = False
    point: geography.Point | None = None
    danger: frozenset[str] = frozenset()
    # Those of them that the written list names: only they may move results.
    named_danger: frozenset[str] = frozenset()
    topics: Mapping[str, float] = field(default_factory=dict)
    # The kinds of help asked for within them, by topic and number, with their chance.
    offers: Mapping[tuple[str, int], float] = field(default_factory=dict)
    correction: Correction | None = None
    also: tuple[str, ...] = ()

    @property
    def likely_topics(self) -> Mapping[str, float]:
        """The topics sure enough to be told to the person."""
        return {slug: weight for slug, weight in self.topics.items() if weight >= LEAST_SHOWN}


def understand(
    text: str, *, session: Session, snapshot: Snapshot | None, engine: Engine, draft: Wording | None = None
) -> Understanding:
    """Read a query of any length. Without a snapshot of the index no spelling is mended.

    `draft` is a wording to try instead of the one that is published.
    """
    known = wording(session) if draft is None else draft
    text = single_line(text)[:MAXIMUM_TEXT]
    found = geography.find_in_text(session, text)
    point, words = found if found else (None, text)
    correction = engine.corrector(snapshot).correct(folded_words(words), _known(known)) if snapshot else None
    meant = correction.text if correction else words
    heard = _hear(meant, engine.model_with(known.phrases), known)
    # Danger is heard as it was typed and as it was meant: "vilence at home".
    plainly = danger(text) | danger(meant) if correction else danger(text)
    topics = _with_dangers(heard.topics, plainly)
    said = _scored(meant)
    return Understanding(
        words=words,
        scored=_scored(words),
        mended=said if correction else "",
        called=heard.called,
        listed=heard.listed,
        listed_alone=heard.listed_alone,
        languages=heard.languages,
        language_alone=heard.language_alone,
        point=point,
        danger=plainly | engine.model.dangers(words) | (engine.model.dangers(meant) if correction else frozenset()),
        named_danger=plainly,
        topics=topics,
        offers=engine.model.offers(said, topics),
        correction=correction,
        also=_also(meant, topics.keys()),
    )


def _known(known: Wording) -> Callable[[str], bool]:
    """Words that are right as they stand, whatever they look like."""
    return lambda word: known.taught.knows(word) or is_language(word)


def _scored(words: str) -> str:
    """The words that are looked for in the text of listings."""
    plain = fold(words)
    refused = refusals(plain)
    left = refused.rest if refused else plain
    languages = spoken(left)
    left = languages.named if languages else left
    left = _OPEN.sub(" ", left)
    return words if left == plain or not left.strip() else left.strip()


@dataclass(frozen=True, slots=True)
class _Heard:
    """What the words are about."""

    topics: Mapping[str, float]
    called: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    listed_alone: bool = False
    languages: tuple[Language, ...] = ()
    language_alone: bool = False


def _hear(words: str, model: TopicModel, known: Wording) -> _Heard:
    taught = known.taught.hear(words)
    if taught is not None:
        return _Heard(_likeliest(taught.beside(_best(topic_shares(taught.rest, model), model)), known))
    plain = fold(words)
    refused = refusals(plain)
    left = refused.rest if refused else plain
    languages, outside = spoken(left), beyond.beyond(left)
    alone = listed_alone = False
    if outside:
        shares, listed_alone = _beside(outside, left, model)
        called, listed = outside.called, outside.listed
    elif languages:
        shares, alone = _in_language(languages, left, model)
        called = listed = INTERPRETING if alone and languages.plainly else ()
    else:
        called, listed = (), beyond.within(left)
        shares = _with_what_they_belong_to(_of_words(left if refused else words, left, model), listed, model)
    topics = _best(shares, model)
    said = languages.languages if languages else ()
    likeliest = _likeliest(topics, known) if known.heirs else topics
    return _Heard(likeliest, called, listed, listed_alone, said, alone)


def _beside(outside: beyond.Beyond, whole: str, model: TopicModel) -> tuple[Shares, bool]:
    """The topics of a query that is first about what no topic is for, and whether it is about nothing else."""
    if outside.rest:
        shares = topic_shares(outside.rest, model)
        if float(shares.max(initial=0.0)) >= beyond.SURE:
            return shares * np.float32(beyond.BESIDE), False
        if len(outside.rest.split()) >= beyond.A_STORY:
            return shares * np.float32(beyond.IN_A_STORY), False
    shares = topic_shares(whole, model)
    if len(whole.split()) >= beyond.A_SENTENCE and float(shares.max(initial=0.0)) >= beyond.TOLD:
        return shares * np.float32(beyond.IN_A_STORY), False
    shares *= np.float32(beyond.FAINT)
    for slug in outside.nearest:
        if slug in model.slugs:
            shares[model.slugs.index(slug)] += np.float32(beyond.BY_NEAREST)
    return shares, True


def _of_words(said: str, plain: str, model: TopicModel) -> Shares:
    """The topics of words, of which "help" alone means whoever listens, and any advice."""
    asked = _ASKED.fullmatch(plain)
    if asked is None:
        return topic_shares(said, model)
    if asked["help"] is None:
        return topic_shares(ANY_ADVICE, model)
    return (topic_shares(ANY_ADVICE, model) + topic_shares(SOMEONE_NOW, model)) / np.float32(2)


def _with_what_they_belong_to(shares: Shares, listed: Sequence[str], model: TopicModel) -> Shares:
    for slug in beyond.belonging(listed):
        if slug in model.slugs:
            place = model.slugs.index(slug)
            shares[place] = max(shares[place], np.float32(beyond.AT_LEAST))
    return shares


def _in_language(languages: Spoken, whole: str, model: TopicModel) -> tuple[Shares, bool]:
    """The topics of what is asked for in a language, and whether nothing but the language was asked for."""
    rest = ANY_ADVICE if _ADVICE.fullmatch(languages.rest) else languages.rest
    subject = topic_shares(rest, model) if rest else np.zeros(len(model.slugs), np.float32)
    alone = rest != ANY_ADVICE and (not says_something(rest) or float(subject.max()) < A_SUBJECT)
    if not languages.plainly:
        heard = topic_shares(whole, model)
        return (heard if alone else (heard + subject) / np.float32(2)), alone
    weight = np.float32(INTERPRETERS_ALONE if alone else INTERPRETERS)
    shares = np.zeros_like(subject) if alone else subject * (1 - weight)
    signed = any(language.code == SIGN_LANGUAGE for language in languages.languages)
    slug = "sensory-loss" if signed else ENGLISH
    if slug in model.slugs:
        shares[model.slugs.index(slug)] += weight
    return shares, alone


def _best(shares: Shares, model: TopicModel) -> dict[str, float]:
    best = np.argsort(-shares, kind="stable")[:MOST_TOPICS].tolist()
    return {model.slugs[place]: float(shares[place]) for place in best if shares[place] >= LEAST_SEARCHED}


def _likeliest(found: Mapping[str, float], known: Wording) -> dict[str, float]:
    """The topics by what stands for those out of use, likeliest first."""
    told = lived(found, known.heirs)
    best_first = sorted(told.items(), key=lambda item: (-item[1], item[0]))[:MOST_TOPICS]
    return {slug: weight for slug, weight in best_first if weight >= LEAST_SEARCHED}


def _with_dangers(topics: Mapping[str, float], dangers: frozenset[str]) -> dict[str, float]:
    """Lift the topics of a danger that the words name: it counts even where the words look like something else."""
    lifted = {
        slug: max(topics.get(slug, 0.0), _lift(kind, topics)) for kind, slug in DANGER_TOPICS.items() if kind in dangers
    }
    if lifted.get("suicide", 0.0) >= DANGER_WEIGHT:
        # Those who answer now come before those who help with a death.
        lifted["crisis"] = max(lifted.get("crisis", 0.0), topics.get("crisis", 0.0), DANGER_WEIGHT)
    return {**topics, **lifted}


def _lift(kind: str, topics: Mapping[str, float]) -> float:
    told = any(topics.get(slug, 0.0) >= PLAINLY_TOLD for slug in TOLD_BETTER.get(kind, ()))
    return BESIDE_TOLD[kind] if told else DANGER_WEIGHT


def _also(words: str, topics: Set[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(expansion.also for expansion in expand(words, topics=topics)))
