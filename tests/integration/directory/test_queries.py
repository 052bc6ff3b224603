"""Reading the directory in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.directory import queries
from app.directory.codes import Status
from app.directory.models import Attribute, Organization, Service, TaxonomyTerm
from app.directory.sessions import long_transaction
from seed.reference import taxonomies
from seed.reference.taxonomies import term_id
from tests.factories import whole_service


@pytest.fixture
def services(database_url: str) -> list[object]:
    with long_transaction(database_url) as session:
        taxonomies.load(session)
        rows = [whole_service(session, name=f"Service {number}") for number in range(6)]
        rows[5].status = Status.DEFUNCT
        for row, code in zip(rows, ("eviction", "eviction", "rent-arrears", "food", "food", "food"), strict=True):
            session.add(Attribute(service_id=row.id, taxonomy_term_id=term_id("need", code)))
        session.flush()
        return [row.id for row in rows]


@pytest.fixture
def statements(reading: Session) -> Callable[[], Iterator[list[str]]]:
    @contextmanager
    def counted() -> Iterator[list[str]]:
        told: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            told.append(statement)

        bind = reading.get_bind()
        event.listen(bind, "before_cursor_execute", note)
        yield told
        event.remove(bind, "before_cursor_execute", note)

    return counted  # type: ignore[return-value]


def card(service: Service) -> object:
    """Everything that a card touches."""
    places = [
        (link.location.name, [a.city for a in link.location.addresses], len(link.schedules))
        for link in service.service_at_locations
    ]
    facts = len(service.phones), len(service.cost_options), len(service.schedules), len(service.organization.phones)
    return places, facts, [tag.taxonomy_term.name for tag in service.attributes]


def test_the_order_asked_for_is_the_order_given(services: list, reading: Session) -> None:
    asked = [services[3], uuid4(), services[0], services[2]]
    assert [service.id for service in queries.services_by_id(reading, asked)] == [services[3], services[0], services[2]]


def test_more_services_take_no_more_statements(services: list, reading: Session, statements: Callable) -> None:
    used = []
    queries.count_services(reading)  # the transaction begins
    for count in (1, 5):
        reading.expunge_all()
        with statements() as told:
            assert all(card(service) for service in queries.services_by_id(reading, services[:count]))
        used.append(len(told))
    assert used[0] == used[1] <= 12


def test_a_service_page_needs_nothing_more(services: list, reading: Session, statements: Callable) -> None:
    service = queries.service_page(reading, services[0])
    assert service is not None
    with statements() as told:
        card(service)
        _ = service.languages, service.contacts, service.fundings, service.service_areas, service.organization.contacts
        _ = [link.location.accessibility for link in service.service_at_locations]
    assert told == []
    assert queries.service_page(reading, uuid4()) is None


def test_topics_count_what_the_public_is_shown(services: list, reading: Session) -> None:
    tree = {topic.code: topic for topic in queries.topics_tree(reading)}
    children = {child.code: child.services for child in tree["housing"].children}
    assert (tree["housing"].services, children["eviction"], children["rent-arrears"]) == (3, 2, 1)
    assert {child.code: child.services for child in tree["money"].children}["food"] == 2
    names = [service.name for service in queries.services_of_topic(reading, "housing")]
    assert names == ["Service 0", "Service 1", "Service 2"]
    assert len(queries.services_of_topic(reading, "housing", limit=2)) == 2
    assert queries.services_of_topic(reading, "nonsense") == []
    assert isinstance(queries.topic(reading, "food"), TaxonomyTerm)
    assert queries.topic(reading, "nonsense") is None


def test_an_organisation_and_its_services(services: list, reading: Session) -> None:
    service = queries.service_page(reading, services[0])
    assert service is not None
    found = queries.organization_page(reading, service.organization_id)
    assert isinstance(found, Organization)
    assert [one.id for one in queries.services_of_organization(reading, found.id)] == [services[0]]
    assert queries.organization_page(reading, uuid4()) is None


def test_everything_and_counts(services: list, reading: Session) -> None:
    assert [service.id for service in queries.whole_services(reading, chunk=2)] == sorted(services)
    assert queries.count_services(reading) == 5
