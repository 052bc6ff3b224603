"""Why a service is among the results, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import chain

from app.core import clock
from app.directory.codes import Accepting, Coverage, Reach
from app.directory.curation.rules import is_stale
from app.library.company import goes_with
from app.library.labels import language_name
from app.library.plain import PlainService
from app.library.topics import TopicTree
from app.library.understanding import Understanding
from app.web.filters import ago, distance
from app.web.page_words import gettext as _
from app.web.page_words import page_words
from search_index.analysis import stem, stems, words
from search_index.words import LOW_VALUE

STALE_DAYS = 180
# The words of so many services are kept in memory, half a kilobyte each.
MOST_KEPT = 10_000
_FROM_AFAR = frozenset({Reach.PHONE, Reach.ONLINE})


class Reasons:
    """Why services are among the results of one search; what all of them share is worked out once."""

    def __init__(self, meaning: Understanding, tree: TopicTree) -> None:
        self._tree = tree
        self._likely = meaning.likely_topics
        self._topics = {slug: tree[slug].label for slug in self._likely if slug in tree}
        typed = meaning.correction.text if meaning.correction else meaning.words
        # Each word with what is looked for in `_stems`.
        self._words = {word: f" {stem(word)} " for word in words(typed) if word not in LOW_VALUE}
        self._language = page_words().language
        self._today = clock.today()
        # Results have the same few topics and words, so the same sentences: by what they name.
        self._said: dict[tuple[str, ...], list[str]] = {}
        self._called = [_("You typed its name, or the name of who runs it.")]
        self._this_kind = [_("It seems to offer just this kind of help.")]
        self._anywhere = [_("It works by phone or online, so it does not matter where you are.")]

    def of(
        self,
        service: PlainService,
        kilometres: float | None,
        sounds: Sequence[str] = (),
        tongues: Sequence[str] = (),
        *,
        typed: bool = False,
        offers_it: bool = False,
    ) -> list[str]:
        """Sentences for "Why am I seeing this", most telling first.

        `sounds` are the topics meant that its words alone tell of, `tongues` the languages asked for that it states;
        `typed` says that its name or its organisation's was what was typed, `offers_it` that it is plainly the kind of
        help asked for.
        """
        standing = _standing(service, self._language, self._today)
        return [
            *(self._called if typed else ()),
            *self._by_topic(service, sounds),
            *(self._this_kind if offers_it else ()),
            *(self._sentence("tongues", tongues) if tongues else ()),
            *self._by_word(service),
            *self._reach(service, kilometres),
            *standing,
        ]

    def _by_topic(self, service: PlainService, sounds: Sequence[str]) -> list[str]:
        said = service.topics
        meant = [slug for slug in self._topics if slug in said]
        if meant and all(said[slug] for slug in meant):
            return self._sentence("rule", meant)
        if meant:
            return self._sentence("stated", meant)
        if heard := [slug for slug in sounds if slug in self._tree]:
            return self._sentence("heard", heard)
        beside = [slug for slug in said if slug in self._tree and goes_with(slug, self._likely)]
        return self._sentence("beside", beside) if beside else []

    def _by_word(self, service: PlainService) -> list[str]:
        said = _stems(service)
        shared = [word for word, stemmed in self._words.items() if stemmed in said]
        return self._sentence("words", shared[:6]) if shared else []

    def _sentence(self, kind: str, named: Sequence[str]) -> list[str]:
        key = (kind, *named)
        found = self._said.get(key)
        if found is None:
            found = self._said[key] = [self._made(kind, named)]
        return found

    def _made(self, kind: str, named: Sequence[str]) -> str:
        if kind == "words":
            return _("Its listing has your words: %(words)s.", words=", ".join(named))
        if kind == "tongues":
            return _("It is given in: %(languages)s.", languages=", ".join(map(language_name, named)))
        topics = ", ".join([self._topics.get(slug) or self._tree[slug].label for slug in named])
        if kind == "rule":
            return _("From its description it seems to help with: %(topics)s.", topics=topics)
        if kind == "stated":
            return _("It helps with: %(topics)s.", topics=topics)
        if kind == "heard":
            return _("Its words suggest that it may help with: %(topics)s.", topics=topics)
        return _("Help for this is often found under: %(topics)s.", topics=topics)

    def _reach(self, service: PlainService, kilometres: float | None) -> list[str]:
        if kilometres is not None and service.coverage is not Coverage.NATIONAL:
            return [_("It is %(distance)s away.", distance=distance(kilometres))]
        return self._anywhere if service.reach & _FROM_AFAR else []


@lru_cache(maxsize=MOST_KEPT)
def _standing(service: PlainService, _language: str, today: date) -> tuple[str, ...]:
    """What moves it whatever was asked for; its key names all that the sentences depend on."""
    reasons = []
    if service.accepting is Accepting.NO:
        reasons.append(_("It is lower in the list because it takes nobody new just now."))
    if service.assured_date is None:
        reasons.append(_("We do not know when its details were last checked."))
    elif is_stale(service.next_check_on, today):
        reasons.append(_("It is lower in the list because nobody has told us lately that its details are right."))
    elif (today - service.assured_date).days > STALE_DAYS:
        reasons.append(
            _("It is a little lower because its details were last checked %(ago)s.", ago=ago(service.assured_date))
        )
    return tuple(reasons)


def look_ahead(service: PlainService) -> None:
    """Work out what its words come down to before anybody asks."""
    _stems(service)


@lru_cache(maxsize=MOST_KEPT)
def _stems(service: PlainService) -> str:
    """What its words come down to, each once and between spaces: a set would take eight times as much memory."""
    told = (service.name, service.alternate_name, service.organization.name, service.description)
    return f" {' '.join(stems(chain.from_iterable(map(words, filter(None, told)))))} "
