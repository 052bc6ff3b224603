"""What a process keeps of a service is shown for as long as the directory says the same, and no longer."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.directory.codes import Coverage, Frequency, Status
from app.directory.models import (
    Address,
    Attribute,
    IndexChange,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)
from app.directory.queries import for_cards
from app.library.card_rows import read_services
from app.library.card_store import CardStore, plain_service
from app.library.plain import PlainService
from app.library.queries import national_ids
from app.library.showing.cards import plain_card
from app.library.showing.slip import as_text
from app.web.database import db
from tests.town import demo_town


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
            event.listen(reading.connection(), "before_cursor_execute", self._count)
            return self.store.services(reading, [wanted]).get(wanted)

    def _count(self, *_of_statement: object) -> None:
        self.statements += 1


@pytest.fixture
def read(app: Flask) -> Reader:
    return Reader(app)


def test_a_kept_service_costs_one_statement(read: Reader, service: Service) -> None:
    first = read(service)
    before = read.statements
    assert read(service) is first
    assert read.statements - before == 1


def test_a_process_begins_with_what_is_shown(read: Reader, session: Session, service: Service) -> None:
    session.add(Service(name="Gone", organization=service.organization, status=Status.DEFUNCT))
    session.commit()
    with read.app.app_context(), Session(db.engines["read"]) as starting:
        read.store.fill(starting)
    assert [kept.name for kept in read.store._kept.values()] == ["Drop-in"]
    before = read.statements
    assert read(service) is read.store._kept[service.id]
    assert read.statements - before == 1


def test_who_began_to_read_before_a_change_keeps_nothing_old_for_those_after(
    app: Flask, read: Reader, session: Session, service: Service
) -> None:
    wanted, store = service.id, read.store

    def told(reading: Session) -> str:
        return store.services(reading, [wanted])[wanted].name

    with app.app_context(), Session(db.engines["read"]) as early:
        early.scalar(select(func.count()).select_from(Service))
        with Session(db.engines["read"]) as first:
            assert told(first) == "Drop-in"  # asked beside the session, which had read nothing yet
        service.name = "Evening walk"
        session.commit()
        told(early)
        with Session(db.engines["read"]) as late:
            assert told(late) == "Evening walk"


def test_a_list_of_services_is_read_again_when_one_changes(
    app: Flask, read: Reader, session: Session, service: Service
) -> None:
    reads: list[int] = []

    def ask() -> object:
        def found() -> list[UUID]:
            reads.append(1)
            return [service_id]

        with app.app_context(), Session(db.engines["read"]) as reading:
            return read.store.ids(reading, "some", found)

    service_id = service.id
    assert ask() == ask() == [service_id]
    assert len(reads) == 1
    service.name = "Evening walk"
    session.commit()
    ask()
    assert len(reads) == 2


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


def test_where_nobody_can_be_called_the_number_to_text_leads(read: Reader, session: Session, service: Service) -> None:
    service.organization.phones.clear()
    service.phones.append(Phone(number="01632 960009", type="fax", position=0))
    session.commit()
    assert read(service).phone == ""  # type: ignore[union-attr]
    service.phones.append(Phone(number="85258", type="text", position=1))
    session.commit()
    for found in (read(service), plain_service(service)):
        assert found is not None
        assert (found.phone, found.is_for_texts) == ("85258", True)
        card = plain_card(found)
        assert (card.phone, card.text_to, card.dial) == ("", "85258", "sms:85258")
    assert as_text([service]).splitlines()[2] == "Text 85258"


@pytest.mark.parametrize("kind", ["fax", "Text", "textphone"])
def test_a_number_that_nobody_answers_is_not_the_one_to_call(
    read: Reader, session: Session, service: Service, kind: str
) -> None:
    assert read(service).phone == "01632 960001"  # type: ignore[union-attr]
    service.phones.append(Phone(number="01632 960009", type=kind, position=0))
    session.commit()
    assert read(service).phone == "01632 960001"  # type: ignore[union-attr]
    assert plain_service(service).phone == "01632 960001"
    service.phones.append(Phone(number="01632 960003", type="voice", position=1))
    session.commit()
    assert read(service).phone == "01632 960003"  # type: ignore[union-attr]
    assert plain_service(service).phone == "01632 960003"


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


def test_what_is_read_by_columns_is_what_is_loaded_with_all_its_parts(tmp_path: Path) -> None:
    with demo_town(tmp_path).app_context(), Session(db.engines["read"]) as session:
        loaded = session.scalars(select(Service).options(*for_cards()).order_by(Service.id)).all()
        read = read_services(session, [service.id for service in reversed(loaded)])
        told = [[getattr(one, name) for name in PlainService.__slots__] for one in read]
        assert told == [[getattr(plain_service(one), name) for name in PlainService.__slots__] for one in loaded]
        assert any(one.has_hidden_place for one in read)
        assert any(len(one.places) > 1 for one in read)
        assert read_services(session, [uuid4()]) == []
        for engine in db.engines.values():
            engine.dispose()


def test_help_for_the_whole_country_begins_with_what_fits_and_goes_on_with_what_is_broad(
    session: Session, service: Service
) -> None:
    need = Taxonomy(slug="need", name="Need")
    debt, food, work = (TaxonomyTerm(taxonomy=need, code=code, name=code) for code in ("debt", "food", "work"))
    for name, terms in (("A line", [food]), ("B line", [debt]), ("C line", [food, work])):
        attributes = [Attribute(taxonomy_term=term) for term in terms]
        session.add(
            Service(name=name, organization=service.organization, coverage=Coverage.NATIONAL, attributes=attributes)
        )
    session.commit()

    def names(topics: list[str], limit: int) -> list[str]:
        return [session.get_one(Service, one).name for one in national_ids(session, topics, limit=limit)]

    assert names(["debt"], 2) == ["B line", "C line"]
    assert names(["debt"], 1) == ["B line"]
    assert names([], 4) == ["C line", "A line", "B line"]
