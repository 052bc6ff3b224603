"""The search that pages, feed and command line share: understand, match, filter, count, load."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from app.core import clock, postcode
from app.directory import geography
from app.directory.wording.queries import Wording
from app.library.card_store import CardStore, plain_service
from app.library.conditions import conditions
from app.library.documents import SEARCHABLE
from app.library.engine import Engine
from app.library.facets import Facet, Filtering, facets_of
from app.library.fallback import search_database
from app.library.matching import Mask, Matches, Query, match, ranked
from app.library.named import named
from app.library.places import Point
from app.library.plain import PlainService
from app.library.reasons import Reasons
from app.library.relatives import of_another
from app.library.request import FilterAddresses, SearchRequest
from app.library.told_topics import sounding
from app.library.topics import Topic, TopicTree
from app.library.understanding import Understanding, understand
from app.library.whereabouts import naming, where_so_called
from app.web.pagination import Page
from search_index import IndexUnavailable, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One result."""

    service: PlainService
    score: float
    distance_km: float | None = None
    reasons: Sequence[str] = ()
    branches: int = 0


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """A topic that the words may mean; its address is the search narrowed to it."""

    slug: str
    label: str
    weight: float
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResults:
    """All that a results page shows. `took_ms` is understanding, matching and ranking, without facets and loading."""

    request: SearchRequest
    hits: Sequence[Hit]
    page: Page
    took_ms: float
    facets: Sequence[Facet] = ()
    topics: Sequence[TopicChoice] = ()
    expanded: Sequence[str] = ()
    did_you_mean: str | None = None
    crisis: frozenset[str] = frozenset()
    point: geography.Point | None = None
    near_unknown: bool = False
    # Of a place that is not known: whether listings name it.
    near_named: bool = False
    degraded: bool = False
    found_little: bool = False
    corrected: str | None = None

    @property
    def total(self) -> int:
        """How many results there are over all pages."""
        return self.page.total

    @property
    def exact_url(self) -> str:
        """The same search for the words as typed only."""
        return self.request.url(exact=True)

    @property
    def inexact_url(self) -> str:
        """The same search with everything that the words may mean."""
        return self.request.url(exact=False)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the index had to say."""

    snapshot: Snapshot
    matches: Matches
    branches: Mapping[int, int]
    meant: tuple[str, ...]
    languages: tuple[str, ...] = ()
    called: Collection[int] = ()

    def tongues(self, number: int) -> tuple[str, ...]:
        """The languages asked for that a document states."""
        return tuple(code for code in self.languages if self.snapshot.has_tag(f"lang:{code}")[number])


def search(
    request: SearchRequest,
    *,
    session: Session,
    engine: Engine,
    with_facets: bool = True,
    with_reasons: bool = True,
    draft: Wording | None = None,
) -> SearchResults:
    """Answer a search from the index, or from the database while there is no index to ask.

    `draft` is a wording to try instead of the one that is published.
    """
    started = time.perf_counter()
    try:
        snapshot = engine.index.snapshot()
    except IndexUnavailable:
        return _degraded(request, session, engine, started, draft)
    tree = TopicTree.of(session)
    meaning, point, near_unknown = _meaning(request, session, engine, snapshot, draft)
    query = query_of(request, meaning, point, engine.model.clarity, snapshot)
    near_named = near_unknown and naming(snapshot, request.near) is not None
    matches = match(
        snapshot,
        query,
        vectors=engine.vectors(snapshot, tree.parents),
        standing=engine.standing(snapshot, clock.today()),
        offers=engine.offers(snapshot),
    )
    filtering = Filtering(engine.filter_bits(snapshot), request.filters, clock.local_now())
    fitting = _within(matches, matches.mask(snapshot.size), request)
    kept = filtering.apply(fitting)
    numbers, total, branches = ranked(snapshot, matches, kept, request.page * request.size)
    page = _page(request, total)
    shown = numbers[page.offset : page.offset + page.size]
    took_ms = (time.perf_counter() - started) * 1000
    addresses = request.filter_addresses()
    topics = _topic_choices(request, meaning, tree, addresses)
    explain = Reasons(meaning, tree) if with_reasons else None
    return SearchResults(
        request=request,
        hits=_hits(
            engine.cards,
            session,
            _Answer(
                snapshot,
                matches,
                branches,
                tuple(meaning.likely_topics),
                tuple(language.code for language in meaning.languages),
                query.named.called,
            ),
            shown,
            explain,
        ),
        page=page,
        took_ms=took_ms,
        facets=facets_of(filtering, fitting, request, tree, addresses) if with_facets else (),
        topics=topics,
        expanded=[]
        if request.exact
        else _each_once([topic.label for topic in topics] + [*meaning.also, *meaning.called]),
        did_you_mean=meaning.correction.text if meaning.correction and request.exact else None,
        corrected=meaning.correction.text if meaning.correction and not request.exact else None,
        crisis=meaning.danger,
        point=point,
        near_unknown=near_unknown,
        near_named=near_named,
        found_little=_found_little(matches, kept, query),
    )


def _each_once(words: Sequence[str]) -> list[str]:
    """In their order; a word that is also the label of a topic, such as "alcohol", is not said twice."""
    first: dict[str, str] = {}
    for word in words:
        first.setdefault(word.casefold(), word)
    return list(first.values())


def _meaning(
    request: SearchRequest, session: Session, engine: Engine, snapshot: Snapshot | None, draft: Wording | None
) -> tuple[Understanding, geography.Point | None, bool]:
    meaning = understand(request.text, session=session, snapshot=snapshot, engine=engine, draft=draft)
    if not request.near:
        return meaning, meaning.point, False
    point = geography.resolve(session, request.near)
    if point is None and snapshot is not None:
        point = where_so_called(snapshot, request.near)
    return meaning, point or meaning.point, point is None


def query_of(
    request: SearchRequest,
    meaning: Understanding,
    point: geography.Point | None,
    clarity: Mapping[str, float],
    snapshot: Snapshot,
) -> Query:
    """What is looked for in this generation of the index; `clarity` is of the stems of everyday words."""
    place = Point(point.latitude, point.longitude) if point else None
    unknown = "" if point else request.near
    if request.exact:
        called = named(snapshot, request.text, meaning.words, "", clarity)
        return Query(words=meaning.words, topics={}, point=place, place_name=unknown, named=called)
    mended = meaning.correction.text if meaning.correction else ""
    topics, asked = of_another(conditions(meaning.words), meaning.topics, in_danger=bool(meaning.named_danger))
    return Query(
        words=meaning.scored,
        clarity=clarity,
        mended=meaning.mended,
        also=meaning.also,
        listed=meaning.listed,
        listed_alone=meaning.listed_alone,
        languages=meaning.languages,
        language_alone=meaning.language_alone,
        topics=topics,
        offers=meaning.offers,
        point=place,
        place_name=unknown,
        conditions=asked,
        named=named(snapshot, request.text, meaning.words, mended, clarity),
    )


def _within(matches: Matches, fitting: Mask, request: SearchRequest) -> Mask:
    if request.within_km is None or matches.kilometres is None:
        return fitting
    # A service without a place (by telephone, online) is not far away from anybody.
    too_far = np.isfinite(matches.kilometres) & (matches.kilometres > request.within_km)
    fitting[matches.numbers[too_far]] = False
    return fitting


def _page(request: SearchRequest, total: int) -> Page:
    page = Page(request.page, request.size, total)
    return page if page.number <= page.count else Page(page.count, request.size, total)


def _hits(
    cards: CardStore, session: Session, answer: _Answer, numbers: Sequence[int], explain: Reasons | None
) -> list[Hit]:
    ids = [UUID(answer.snapshot.ids[number]) for number in numbers]
    # The database has the last word: what is no longer published is not shown, whatever the index holds.
    found = cards.services(session, ids)
    sounds = sounding(answer.snapshot, numbers, answer.meant) if explain else [()] * len(numbers)
    scores, distances = answer.matches.of(numbers)
    offering = answer.matches.offering(numbers)
    hits = []
    for number, service_id, sound, score, distance, offers_it in zip(
        numbers, ids, sounds, scores, distances, offering, strict=True
    ):
        service = found.get(service_id)
        if service is not None and service.status in SEARCHABLE:
            kilometres = round(distance, 2) if isfinite(distance) else None
            hits.append(
                Hit(
                    service=service,
                    score=round(score, 4),
                    distance_km=kilometres,
                    reasons=(
                        explain.of(
                            service,
                            kilometres,
                            sound,
                            answer.tongues(number),
                            typed=number in answer.called,
                            offers_it=offers_it,
                        )
                        if explain
                        else ()
                    ),
                    branches=answer.branches.get(number, 0),
                )
            )
    return hits


def _topic_choices(
    request: SearchRequest, meaning: Understanding, tree: TopicTree, addresses: FilterAddresses
) -> list[TopicChoice]:
    if request.exact:
        return []
    return [
        TopicChoice(slug, topic.label, round(weight, 3), addresses.with_filter("topic", (slug,)))
        for slug, weight in meaning.likely_topics.items()
        if (topic := tree.get(slug)) is not None
    ]


# Fewer good results than this, within reach, is "little".
LITTLE = 3
GOOD_SHARE = 0.3


def _found_little(matches: Matches, kept: Mask, query: Query) -> bool:
    if not (query.words or query.topics):
        return False
    good = kept[matches.numbers] & (matches.relevance >= GOOD_SHARE)
    if matches.kilometres is not None:
        good &= ~np.isfinite(matches.kilometres) | (matches.kilometres <= 25.0)
    return int(np.count_nonzero(good)) < LITTLE


def district_of(results: SearchResults) -> str:
    """The postcode district of the search for the ledger, or nothing where only a place name is known."""
    found = postcode.parse(results.point.label) if results.point else None
    return found.district if found else ""


def _degraded(
    request: SearchRequest, session: Session, engine: Engine, started: float, draft: Wording | None
) -> SearchResults:
    meaning, point, near_unknown = _meaning(request, session, engine, None, draft)
    found, total = search_database(session, meaning, request)
    return SearchResults(
        request=request,
        hits=[Hit(service=plain_service(service), score=0.0) for service in found],
        page=_page(request, total),
        took_ms=(time.perf_counter() - started) * 1000,
        topics=_topic_choices(request, meaning, TopicTree.of(session), request.filter_addresses()),
        crisis=meaning.danger,
        point=point,
        near_unknown=near_unknown,
        degraded=True,
    )


__all__ = ["Hit", "SearchResults", "Topic", "TopicChoice", "district_of", "query_of", "search"]
