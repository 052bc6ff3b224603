"""What a process keeps of a service is shown for as long as the directory says the same, and no longer."""

from __future__ import annotations

from datetime import time

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.directory.codes import Frequency, Status
from app.directory.models import (
    Address,
    IndexChange,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
)
from app.library.card_store import CardStore
from app.library.plain import PlainService
from app.web.database import db


@pytest.fixture
def service(session: Session) -> Service:
    place = Location(name="Quarry Hall", addresses=[Address(address_1="1 Mill Lane", city="Sale")])
    organization = Organization(name="Lantern Trust", phones=[Phone(number="01632 960001")])
    service = Service(
        name="Drop-in", organization=organization, service_at_locations=[ServiceAtLocation(location=place)]
    )
    session.add(service)
    session.commit()
    return service


class Reader:
    """One process's store, read as each request reads it: in a session of its own."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.store = CardStore()
        self.statements = 0

    def __call__(self, service: Service) -> PlainService | None:
        wanted = service.id
        with self.app.app_context(), Session(db.engines["read"]) as reading:
            event.listen(reading, "do_orm_execute", self._count)
            return self.store.services(reading, [wanted]).get(wanted)

    def _count(self, _state: object) -> None:
        self.statements += 1


@pytest.fixture
def read(app: Flask) -> Reader:
    return Reader(app)


def test_a_kept_service_costs_one_statement(read: Reader, service: Service) -> None:
    first = read(service)
    before = read.statements
    assert read(service) is first
    assert read.statements - before == 1


def test_every_change_is_seen_at_once(read: Reader, session: Session, service: Service) -> None:
    def change(what: object, name: str, value: object) -> PlainService:
        assert read(service) is not None
        setattr(what, name, value)
        session.commit()
        found = read(service)
        assert found is not None
        return found

    link = service.service_at_locations[0]
    assert change(service, "name", "Evening walk").name == "Evening walk"
    assert change(service.organization, "name", "Beacon").organization.name == "Beacon"
    assert change(service.organization.phones[0], "number", "01632 960002").phone == "01632 960002"
    assert change(link.location, "name", "Foundry Hall").places[0].words == "Foundry Hall, Sale"
    assert change(link.location.addresses[0], "city", "Stretford").places[0].words == "Foundry Hall, Stretford"
    assert change(service, "status", Status.DEFUNCT).status is Status.DEFUNCT
    assert change(link.location, "confidential", True).places == ()


def test_a_new_part_and_a_part_taken_away_are_seen(read: Reader, session: Session, service: Service) -> None:
    link = service.service_at_locations[0]
    assert read(service).hours == ()  # type: ignore[union-attr]
    link.schedules.append(Schedule(freq=Frequency.WEEKLY, byday="MO", opens_at=time(9), closes_at=time(17)))
    session.commit()
    assert len(read(service).hours) == 1  # type: ignore[union-attr]
    link.schedules.clear()
    session.commit()
    assert read(service).hours == ()  # type: ignore[union-attr]
    service.organization.phones.clear()
    session.commit()
    assert read(service).phone == ""  # type: ignore[union-attr]
    session.delete(service)
    session.commit()
    assert read(service) is None


def test_what_is_rolled_back_is_never_shown(read: Reader, session: Session, service: Service) -> None:
    read(service)
    service.name = "Never"
    session.flush()
    # The session that changes it sees its change; nobody else does, neither then nor later.
    assert read.store.services(session, [service.id])[service.id].name == "Never"
    session.rollback()
    assert read(service).name == "Drop-in"  # type: ignore[union-attr]
    assert read.store.services(session, [service.id])[service.id].name == "Drop-in"


def test_what_a_slower_request_loaded_before_a_change_is_not_kept(
    read: Reader, session: Session, service: Service
) -> None:
    store = read.store
    with read.app.app_context(), Session(db.engines["read"]) as slow:
        sequence = store._follow(slow)
        loaded = CardStore().services(slow, [service.id])[service.id]
    service.name = "New"
    session.commit()
    other = Service(name="Other", organization=service.organization)
    session.add(other)
    session.commit()
    read(other)
    store._keep([loaded], sequence)
    assert read(service).name == "New"  # type: ignore[union-attr]


def test_what_a_session_read_earlier_is_read_again(read: Reader, session: Session, service: Service) -> None:
    wanted = service.id
    with read.app.app_context(), Session(db.engines["read"], expire_on_commit=False) as reading:
        held = reading.get(Service, wanted)
        reading.commit()  # it goes on holding what it read
        service.name = "New"
        session.commit()
        assert held is not None
        assert held.name == "Drop-in"
        assert read.store.services(reading, [wanted])[wanted].name == "New"


def test_a_restored_database_is_read_anew(read: Reader, session: Session, service: Service) -> None:
    read(service)
    session.query(IndexChange).delete()
    session.query(Service).update({"name": "As in the copy"})
    session.commit()
    assert session.scalar(select(func.count()).select_from(IndexChange)) == 0
    assert read(service).name == "As in the copy"  # type: ignore[union-attr]


def test_no_more_are_kept_than_said(app: Flask, session: Session, service: Service) -> None:
    more = [Service(name=f"S{number}", organization=service.organization) for number in range(5)]
    session.add_all(more)
    session.commit()
    store = CardStore(most=3)
    ids = [row.id for row in more]
    with app.app_context(), Session(db.engines["read"]) as reading:
        assert len(store.services(reading, ids)) == 5
    assert len(store._kept) == 3
