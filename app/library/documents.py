"""A service as the search index sees it: words, tags, points, hours.

Nothing of a confidential place goes in, neither its words nor its point.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.core import clock
from app.core.text import slugify
from app.directory.codes import Accepting, Coverage, Frequency, LocationType, Reach, Status
from app.directory.curation.rules import is_stale
from app.directory.models import (
    Attribute,
    Location,
    Schedule,
    Service,
    ServiceAtLocation,
    TaxonomyTerm,
)
from app.directory.wording.rules import living
from app.library.named_audience import CARERS, RELATIVES, for_relatives, named_audience
from app.library.told_topics import told_tags
from search_index import Document, Opening
from search_index.lexicon.service_topics import is_over

BATCH = 500
SEARCHABLE = (Status.ACTIVE, Status.TEMPORARILY_CLOSED)
WEEKDAYS = {code: number for number, code in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
EVENING_FROM = 17 * 60 + 30
EVENING_OPEN_UNTIL = 18 * 60 + 30

TopicParents = Mapping[str, str | None]
NO_HEIRS: Mapping[str, str] = {}


def topic_parents(session: Session) -> TopicParents:
    """Each topic's slug with its parent's slug."""
    terms = session.scalars(
        select(TaxonomyTerm).where(TaxonomyTerm.taxonomy.has(slug="need")).order_by(TaxonomyTerm.id)
    ).all()
    codes = {term.id: term.code for term in terms}
    return {term.code: codes.get(term.parent_id) if term.parent_id else None for term in terms}


def topic_heirs(session: Session) -> Mapping[str, str]:
    """Each topic out of use with the one that stands for it; none where nothing does."""
    terms = session.scalars(
        select(TaxonomyTerm).where(TaxonomyTerm.taxonomy.has(slug="need")).order_by(TaxonomyTerm.id)
    ).all()
    codes = {term.id: term.code for term in terms}
    stand_ins = ((term.code, term.heir_id or term.parent_id) for term in terms if term.retired)
    return {code: codes.get(other, "") if other else "" for code, other in stand_ins}


def all_documents(session: Session) -> Iterator[Document]:
    """A document for every service that may be found, in batches, so that memory stays flat."""
    parents, heirs = topic_parents(session), topic_heirs(session)
    last: UUID | None = None
    while True:
        statement = select(Service.id).where(Service.status.in_(SEARCHABLE)).order_by(Service.id).limit(BATCH)
        ids = session.scalars(statement if last is None else statement.where(Service.id > last)).all()
        if not ids:
            return
        yield from documents_of(session, ids, parents, heirs)
        session.expunge_all()
        last = ids[-1]


def documents_of(
    session: Session, ids: Sequence[UUID], parents: TopicParents, heirs: Mapping[str, str] = NO_HEIRS
) -> Iterator[Document]:
    """The documents of those services among `ids` that may be found."""
    statement = (
        select(Service)
        .where(Service.id.in_(ids), Service.status.in_(SEARCHABLE))
        .options(
            selectinload(Service.service_at_locations).selectinload(ServiceAtLocation.schedules),
            selectinload(Service.service_at_locations)
            .joinedload(ServiceAtLocation.location)
            .options(selectinload(Location.addresses), selectinload(Location.accessibility)),
            selectinload(Service.schedules),
            selectinload(Service.cost_options),
            selectinload(Service.languages),
            selectinload(Service.service_areas),
            selectinload(Service.attributes),
        )
        .order_by(Service.id)
    )
    for service in session.scalars(statement):
        yield document(service, parents, heirs)


def document(service: Service, parents: TopicParents, heirs: Mapping[str, str] = NO_HEIRS) -> Document:
    """The document of one service whose facts are loaded."""
    places = [link.location for link in service.service_at_locations if not link.location.confidential]
    openings = tuple(_openings(service))
    return Document(
        id=str(service.id),
        name=service.name,
        alternate_name=service.alternate_name or "",
        organization=service.organization.name,
        topics=" ".join(attribute.taxonomy_term.name for attribute in service.attributes),
        description=_joined(service.description, service.program, service.organization.description),
        eligibility=_joined(service.eligibility_description, service.application_process),
        places=_joined(*_place_words(places), *(area.name for area in service.service_areas)),
        sessions=_joined(*(schedule.description for schedule in _schedules(service))),
        tags=frozenset(_tags(service, places, openings, parents, heirs)),
        points=tuple(_points(places)),
        openings=openings,
        checked_on=service.assured_date,
        minimum_age=service.minimum_age,
        maximum_age=service.maximum_age,
        chain=chain_key(service),
    )


def chain_key(service: Service) -> str:
    """Branches of one chain give the same help under the same name by the same organisation."""
    return f"{slugify(service.organization.name)}/{slugify(service.name)}"


def _joined(*texts: str | None) -> str:
    return "\n".join(text for text in texts if text)


def _place_words(places: Iterable[Location]) -> Iterator[str]:
    for place in places:
        yield from filter(None, (place.name, place.alternate_name))
        for address in place.addresses:
            filled_in = address.filled_in.split()
            parts = ("address_1", "address_2", "city", "region", "postal_code")
            yield from (value for part in parts if part not in filled_in and (value := getattr(address, part)))


def _points(places: Iterable[Location]) -> Iterator[tuple[float, float]]:
    for place in places:
        if place.latitude is not None and place.longitude is not None and place.location_type is LocationType.PHYSICAL:
            yield place.latitude, place.longitude


def _schedules(service: Service) -> list[Schedule]:
    return [*service.schedules, *(hours for link in service.service_at_locations for hours in link.schedules)]


def _openings(service: Service) -> Iterator[Opening]:
    for schedule in _schedules(service):
        if schedule.opens_at and schedule.closes_at and schedule.freq and (schedule.interval or 1) == 1:
            yield from _days(
                schedule.freq, schedule.byday or "", _minutes(schedule.opens_at), _minutes(schedule.closes_at)
            )


def _days(freq: Frequency, byday: str, opens: int, closes: int) -> Iterator[Opening]:
    for day in byday.replace(" ", "").split(","):
        weekday = WEEKDAYS.get(day[-2:])
        ordinal = day[:-2] or "0"
        if weekday is None or (freq is Frequency.MONTHLY) != (ordinal != "0") or ordinal not in "012345-1":
            continue
        yield Opening(weekday=weekday, ordinal=int(ordinal), opens=opens, closes=closes or 24 * 60)


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _tags(
    service: Service,
    places: Sequence[Location],
    openings: Sequence[Opening],
    parents: TopicParents,
    heirs: Mapping[str, str],
) -> Iterator[str]:
    yield f"kind:{service.kind}"
    yield f"coverage:{service.coverage}"
    yield from (f"reach:{way}" for way in service.reach)
    yield from (f"route:{route}" for route in service.access_routes)
    yield f"accepting:{service.accepting or 'unknown'}"
    if service.accepting is not Accepting.NO:
        yield "accepting:new-people"
    if service.gender:
        yield f"gender:{service.gender}"
    yield from _audience_tags(service)
    if service.missing_since:
        yield "state:missing"
    if service.status is Status.TEMPORARILY_CLOSED:
        yield "state:closed"
    if is_stale(service.next_check_on, clock.today()):
        yield "state:stale"
    if is_over(service.description or "", service.name):
        yield "state:over"
    yield from _cost_tags(service)
    yield from (f"lang:{language.code}" for language in service.languages if language.code)
    yield from (f"access:{row.feature}" for place in places for row in place.accessibility if row.feature)
    yield from (f"area:{slugify(area.name)}" for area in service.service_areas if area.name)
    yield from _topic_tags(service.attributes, parents, heirs)
    terms = [attribute.taxonomy_term for attribute in service.attributes]
    categories = [term.name for term in terms if term.code not in parents]
    if _is_a_portal(service):
        yield "state:portal"
    else:
        yield from told_tags(service.name, service.description or "", service.organization.name, categories)
    if any(opening.closes > EVENING_OPEN_UNTIL or opening.opens >= EVENING_FROM for opening in openings):
        yield "open:evenings"
    if any(opening.weekday >= 5 for opening in openings):
        yield "open:weekends"


def _audience_tags(service: Service) -> Iterator[str]:
    if audience := service.gender or named_audience(service.name):
        yield f"for:{audience}"
    if for_relatives(service.name, service.description or "") or _states(service, CARERS):
        yield RELATIVES


def _states(service: Service, slug: str) -> bool:
    return any(attribute.taxonomy_term.code == slug for attribute in service.attributes)


def _is_a_portal(service: Service) -> bool:
    """A national website that states no topic names so many things that its words would tell of any."""
    return service.coverage is Coverage.NATIONAL and service.reach == {Reach.ONLINE} and not service.attributes


def _cost_tags(service: Service) -> Iterator[str]:
    amounts = [option.amount for option in service.cost_options if option.amount is not None]
    if amounts:
        yield "cost:free" if min(amounts) == 0 else "cost:paid"


def _topic_tags(attributes: Iterable[Attribute], parents: TopicParents, heirs: Mapping[str, str]) -> Iterator[str]:
    """`topic:` for the filter, with every parent; `main:`, `also:` and `rule:` for the ranking.

    A topic out of use is found under its own name, for addresses that name it, and under what stands for it.
    """
    said = [attribute for attribute in attributes if attribute.taxonomy_term.code in parents]
    for place, attribute in enumerate(said):
        weight = "rule" if attribute.by_rule else "main" if place == 0 else "also"
        code = attribute.taxonomy_term.code
        for slug in filter(None, (code, living(code, heirs) if code in heirs else "")):
            yield f"{weight}:{slug}"
            yield f"topic:{slug}"
            if parent := parents.get(slug):
                yield f"topic:{parent}"
