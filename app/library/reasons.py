"""Why a service is among the results, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from sys import intern

from app.core import clock
from app.directory.codes import Accepting, Coverage, Reach
from app.library.company import goes_with
from app.library.plain import PlainService
from app.library.topics import TopicTree
from app.library.understanding import Understanding
from app.web.filters import ago, distance
from app.web.page_words import gettext as _
from search_index.analysis import stem, words
from search_index.words import LOW_VALUE

STALE_DAYS = 180
# The words of so many services are kept in memory, some kilobytes each.
MOST_KEPT = 3_000


def reasons_for(
    service: PlainService,
    kilometres: float | None,
    sounds: Sequence[str] = (),
    *,
    meaning: Understanding,
    tree: TopicTree,
) -> list[str]:
    """Sentences for "Why am I seeing this", most telling first.

    `sounds` are the topics meant that its words alone tell of.
    """
    reasons = [*_topics(service, sounds, meaning, tree), *_words(service, meaning), *_reach(service, kilometres)]
    if service.accepting is Accepting.NO:
        reasons.append(_("It is lower in the list because it takes nobody new just now."))
    if service.assured_date is None:
        reasons.append(_("We do not know when its details were last checked."))
    elif (clock.today() - service.assured_date).days > STALE_DAYS:
        reasons.append(
            _("It is a little lower because its details were last checked %(ago)s.", ago=ago(service.assured_date))
        )
    return reasons


def _topics(service: PlainService, sounds: Sequence[str], meaning: Understanding, tree: TopicTree) -> list[str]:
    said = service.topics
    meant = [slug for slug in meaning.likely_topics if slug in said and slug in tree]
    if meant and all(said[slug] for slug in meant):
        return [_("From its description it seems to help with: %(topics)s.", topics=_labels(meant, tree))]
    if meant:
        return [_("It helps with: %(topics)s.", topics=_labels(meant, tree))]
    if heard := [slug for slug in sounds if slug in tree]:
        return [_("Its words suggest that it may help with: %(topics)s.", topics=_labels(heard, tree))]
    beside = [slug for slug in said if slug in tree and goes_with(slug, meaning.likely_topics)]
    if beside:
        return [_("Help for this is often found under: %(topics)s.", topics=_labels(beside, tree))]
    return []


def _labels(slugs: Sequence[str], tree: TopicTree) -> str:
    return ", ".join(tree[slug].label for slug in slugs)


def _words(service: PlainService, meaning: Understanding) -> list[str]:
    said = _stems(service)
    typed = meaning.correction.text if meaning.correction else meaning.words
    shared = [word for word in dict.fromkeys(words(typed)) if word not in LOW_VALUE and stem(word) in said]
    if not shared:
        return []
    return [_("Its listing has your words: %(words)s.", words=", ".join(shared[:6]))]


@lru_cache(maxsize=MOST_KEPT)
def _stems(service: PlainService) -> frozenset[str]:
    told = (service.name, service.alternate_name, service.organization.name, service.description)
    return frozenset(intern(stem(word)) for text in told for word in words(text or ""))


def _reach(service: PlainService, kilometres: float | None) -> list[str]:
    if kilometres is not None and service.coverage is not Coverage.NATIONAL:
        return [_("It is %(distance)s away.", distance=distance(kilometres))]
    if service.reach & {Reach.PHONE, Reach.ONLINE}:
        return [_("It works by phone or online, so it does not matter where you are.")]
    return []
