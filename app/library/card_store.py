"""The services that results show, kept by a process for as long as the directory does not say that they changed.

Every change of a service, its organisation or its places writes a row of `index_change` in its own transaction. A
search reads the number of the last one before anything else; what was kept of the services named since then is dropped,
so that nothing is shown from here that the database would not show. A session that has changes of its own keeps nothing
and is shown nothing kept.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from uuid import UUID

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.directory.changes import has_changes
from app.directory.models import IndexChange, Location, Schedule, Service
from app.directory.queries import SHOWN, for_cards
from app.directory.showing import places as told_places
from app.directory.showing.hours import schedules_of
from app.directory.showing.ways import ways_of
from app.directory.telephones import Line
from app.library.card_rows import read_services
from app.library.plain import PlainCost, PlainHours, PlainOrganization, PlainPlace, PlainService
from app.web.database import ASKED_ONCE

# Some three kilobytes each.
MOST_KEPT = 10_000
# After more changes than this at once it is cheaper to forget everything than to ask which.
MOST_CHANGES = 500
MOST_LISTS = 1_000
# Services read at a time when a process starts.
FILLED_AT_ONCE = 250
_ASKED = "library_last_change"
# Written once: each search asks for it.
_LAST_CHANGE = select(func.max(IndexChange.__table__.c.sequence))
_LAST_CHANGE_ASIDE = f"SELECT max(sequence) FROM {IndexChange.__tablename__}"


class CardStore:
    """The services kept by one process for one database; safe for threads."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._sequence = 0
        self._kept: OrderedDict[UUID, PlainService] = OrderedDict()
        self._lists: dict[Hashable, Sequence[UUID]] = {}

    def services(self, session: Session, ids: Sequence[UUID]) -> dict[UUID, PlainService]:
        """The services with these ids, whatever their status; an unknown id is left out."""
        if has_changes(session):
            return {service.id: service for service in _loaded(session, ids)}
        sequence = self._follow(session)
        with self._lock:
            found = self._found(ids) if sequence == self._sequence else {}
        missing = [service_id for service_id in ids if service_id not in found]
        if missing:
            loaded = read_services(session, missing)
            self._keep(loaded, sequence)
            found.update((service.id, service) for service in loaded)
        return found

    def fill(self, session: Session) -> None:
        """Read services before anybody asks for them: hundreds at once take a third of what ten take at a search."""
        sequence = self._follow(session)
        shown = select(Service.id).where(Service.status.in_(SHOWN)).order_by(Service.id).limit(self._most)
        ids = list(session.scalars(shown))
        for start in range(0, len(ids), FILLED_AT_ONCE):
            self._keep(read_services(session, ids[start : start + FILLED_AT_ONCE]), sequence)

    def kept(self) -> list[PlainService]:
        """The services kept at this moment."""
        with self._lock:
            return list(self._kept.values())

    def ids(self, session: Session, key: Hashable, read: Callable[[], Sequence[UUID]]) -> Sequence[UUID]:
        """What `read` finds among the listings, kept under `key` for as long as none of them changes."""
        if has_changes(session):
            return read()
        sequence = self._follow(session)
        with self._lock:
            found = self._lists.get(key) if sequence == self._sequence else None
        if found is None:
            found = read()
            with self._lock:
                if sequence == self._sequence and len(self._lists) < MOST_LISTS:
                    self._lists[key] = found
        return found

    def _found(self, ids: Sequence[UUID]) -> dict[UUID, PlainService]:
        found = {service_id: kept for service_id in ids if (kept := self._kept.get(service_id)) is not None}
        for service_id in found:
            self._kept.move_to_end(service_id)
        return found

    def _follow(self, session: Session) -> int:
        """Drop what changed since the last search; return the number of the last change that `session` sees."""
        newest = last_change(session)
        kept_for = self._sequence
        if newest == kept_for:
            return newest
        changed = _changed(session, kept_for, newest)
        with self._lock:
            if changed is None or self._sequence != kept_for:
                self._kept.clear()
            for service_id in changed or ():
                self._kept.pop(service_id, None)
            self._lists.clear()
            self._sequence = newest
        return newest

    def _keep(self, services: Iterable[PlainService], sequence: int) -> None:
        with self._lock:
            # What was loaded before another thread took in a later change may be from before that change.
            if sequence != self._sequence:
                return
            self._kept.update((service.id, service) for service in services)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


def last_change(session: Session) -> int:
    """The number of the last change of a listing that `session` sees; 0 before the first. Asked once a transaction."""
    bind = session.get_bind()
    if isinstance(bind, Engine) and bind.dialect.name == "sqlite" and not session.in_transaction():
        kept: dict[str, int] = session.info.get(ASKED_ONCE, {}) if session.info.get("reads_only") else {}
        if _ASKED not in kept:
            kept[_ASKED] = _asked_aside(bind)
        return kept[_ASKED]
    connection, asked = session.connection(), session.info.get(_ASKED)
    if asked is None or asked[0] is not session.get_transaction():
        asked = session.info[_ASKED] = session.get_transaction(), connection.scalar(_LAST_CHANGE) or 0
    newest: int = asked[1]
    return newest


def _asked_aside(engine: Engine) -> int:
    """Asked without the session, which has read nothing yet: what it reads from now on is at least as new.

    Most searches ask the database nothing else, and to begin a transaction and to end it takes the session some ten
    times as long as SQLite takes to answer.
    """
    connection = engine.raw_connection()
    try:
        newest: int | None = connection.cursor().execute(_LAST_CHANGE_ASIDE).fetchone()[0]
    finally:
        connection.close()
    return newest or 0


def _changed(session: Session, after: int, newest: int) -> list[UUID] | None:
    """The services that changed after one number up to another; None where that cannot be told."""
    if not 0 <= newest - after <= MOST_CHANGES:
        return None
    statement = select(IndexChange.service_id).where(IndexChange.sequence > after, IndexChange.sequence <= newest)
    changed = list(session.scalars(statement.order_by(IndexChange.sequence)))
    return changed if len(changed) == newest - after else None


def _loaded(session: Session, ids: Sequence[UUID]) -> list[PlainService]:
    """As the session holds them, with what it changed."""
    statement = select(Service).where(Service.id.in_(ids)).options(*for_cards()).order_by(Service.id)
    return [plain_service(service) for service in session.scalars(statement)]


def plain_service(service: Service) -> PlainService:
    """The plain values of a service that is loaded for cards. Of places that must not be told nothing is taken."""
    phone = told_places.main_phone(service)
    return PlainService(
        id=service.id,
        source=service.source,
        source_id=service.source_id,
        organization_id=service.organization_id,
        organization=PlainOrganization(service.organization.id, service.organization.name),
        kind=service.kind,
        status=service.status,
        name=service.name,
        alternate_name=service.alternate_name,
        description=service.description,
        fees_description=service.fees_description,
        minimum_age=service.minimum_age,
        maximum_age=service.maximum_age,
        gender=service.gender,
        coverage=service.coverage,
        reach=frozenset(service.reach),
        access_routes=frozenset(service.access_routes),
        accepting=service.accepting,
        wait_weeks=service.wait_weeks,
        capacity_stated_at=service.capacity_stated_at,
        assured_date=service.assured_date,
        next_check_on=service.next_check_on,
        phone=phone.number if phone else "",
        is_for_texts=phone is not None and phone.line is Line.TEXTS,
        phone_note=(phone.description or "") if phone else "",
        website=ways_of(service).website,
        places=tuple(_place(place) for place in told_places.visible_places(service)),
        has_hidden_place=told_places.has_hidden_place(service),
        hours=tuple(_hours(schedule) for schedule in schedules_of(service)),
        cost_options=tuple(PlainCost(cost.option, cost.amount) for cost in service.cost_options),
        topics={attribute.taxonomy_term.code: attribute.by_rule for attribute in service.attributes},
    )


def _place(place: Location) -> PlainPlace:
    return PlainPlace(told_places.place_words(place), place.latitude, place.longitude, place.precision)


def _hours(schedule: Schedule) -> PlainHours:
    return PlainHours(
        freq=schedule.freq,
        interval=schedule.interval,
        byday=schedule.byday,
        bymonthday=schedule.bymonthday,
        dtstart=schedule.dtstart,
        valid_from=schedule.valid_from,
        valid_to=schedule.valid_to,
        opens_at=schedule.opens_at,
        closes_at=schedule.closes_at,
        description=schedule.description,
        term_time=schedule.term_time,
        by_appointment=schedule.by_appointment,
    )
