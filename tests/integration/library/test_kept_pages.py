"""A page of results that is asked for again is not made again, and is never older or more private than it may be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.codes import Role, UserKind
from app.accounts.operations import create_user
from app.booking.models import Pool
from app.core import clock
from app.core.actor import SYSTEM
from app.directory.codes import Accepting, Frequency, Kind
from app.directory.models import Language, Organization, Phone, Schedule, Service
from app.library.ahead import lay_out
from app.library.engine import engine_of
from app.library.models import UnmetNeed
from app.library.showing.card_html import kept_card
from app.library.views import search as view
from app.library.views.kept_pages import EXTENSION
from app.web.database import db
from tests import booking_factories as make
from tests.signing_in import a_member, signed_in_client

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
OWN = {"Sec-Fetch-Site": "same-origin"}
ADDRESS = "/search?q=harbour+drop-in"


@pytest.fixture
def service(session: Session, topics: None, take_in: Callable[[], int]) -> Service:
    listed = Service(organization=Organization(name="Harbour Trust"), name="Harbour drop-in", description="Tea")
    session.add(listed)
    session.commit()
    session.refresh(listed)
    # Left in the session it would open a writing transaction each time it is read, and lock the pages out.
    session.expunge_all()
    session.rollback()
    take_in()
    return listed


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of the pages that were made, not kept."""
    pages: list[str] = []
    make = view.results_page

    def counted(template: str, wanted: view.SearchRequest, **more: object) -> view.Page:
        pages.append(wanted.url())
        return make(template, wanted, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(view, "results_page", counted)
    return pages


@pytest.mark.usefixtures("service")
def test_the_same_page_within_a_minute_is_made_once(app: Flask, made: list[str]) -> None:
    with clock.moved_to(NOON):
        first = app.test_client().get(ADDRESS).text
        assert app.test_client().get(ADDRESS).text == first
        assert "Harbour drop-in" in first
        assert len(made) == 1
        app.test_client().get(f"{ADDRESS}&page=2")
    with clock.moved_to(NOON + timedelta(minutes=1)):
        app.test_client().get(ADDRESS)
    assert len(made) == 3


def test_a_changed_listing_is_seen_at_once(client: FlaskClient, session: Session, service: Service) -> None:
    with clock.moved_to(NOON):
        assert "Harbour drop-in" in client.get(ADDRESS).text
        session.get_one(Service, service.id).name = "Harbour café"
        session.commit()
        assert "Harbour café" in client.get(ADDRESS).text


def test_a_card_has_the_website_where_there_is_nothing_to_ring_and_says_that_a_language_is_spoken(
    client: FlaskClient, session: Session, service: Service, take_in: Callable[[], int]
) -> None:
    button = 'href="https://harbour.example/?a=1&amp;b=%25" rel="noreferrer"'
    listed = session.get_one(Service, service.id)
    listed.organization.website = "https://harbour.example/?a=1&b=%25"
    listed.languages = [Language(code="pl", name="Polish")]
    session.commit()
    take_in()
    found = client.get("/search?q=polish+harbour+drop-in").text
    assert button in found
    assert "It is given in: Polish." in found
    session.get_one(Service, service.id).phones = [Phone(number="01632 960001")]
    session.commit()
    found = client.get(ADDRESS).text
    assert button not in found
    assert "It is given in" not in found


def test_equal_hours_are_told_alike_and_pass_alike(
    client: FlaskClient, session: Session, topics: None, take_in: Callable[[], int]
) -> None:
    """Many services share the line of their hours; one that opens at other times has its own at once."""
    mornings = {"freq": Frequency.WEEKLY, "byday": "WE", "opens_at": time(9), "closes_at": time(12, 30)}
    both = [
        Service(organization=Organization(name="Harbour Trust"), name=name, schedules=[Schedule(**mornings)])
        for name in ("Harbour drop-in", "Harbour drop-in kitchen")
    ]
    session.add_all(both)
    session.commit()
    take_in()
    until_half_past, later = "Open now, until 12:30pm", timedelta(hours=1)
    with clock.moved_to(NOON):
        assert client.get(ADDRESS).text.count(until_half_past) == 2
        with client.application.app_context():  # the words of a page are looked up once for each of these
            welsh = client.get(ADDRESS, headers={"Accept-Language": "cy"}).text
        assert (welsh.count("Ar agor nawr, tan"), welsh.count(until_half_past)) == (2, 0)
        session.get_one(Service, both[0].id).schedules[0].closes_at = time(18)
        session.commit()
        assert client.get(ADDRESS).text.count(until_half_past) == 1
        assert "Open now, until 6pm" in client.get(ADDRESS).text
    with clock.moved_to(NOON + later):
        assert until_half_past not in client.get(ADDRESS).text
        assert "Open now, until 6pm" in client.get(ADDRESS).text


def test_who_has_a_list_or_another_language_has_a_page_of_their_own(
    app: Flask, service: Service, made: list[str]
) -> None:
    address = f"/services/{service.id}"
    with clock.moved_to(NOON):
        stranger, listing, welsh = app.test_client(), app.test_client(), app.test_client()
        plain = stranger.get(ADDRESS).text
        listing.post("/list/add", data={"service": service.id, "next": address}, headers=OWN)
        assert "/list/remove" in listing.get(ADDRESS).text
        assert 'lang="cy"' in welsh.get(ADDRESS, headers={"Accept-Language": "cy"}).text
        assert stranger.get(ADDRESS).text == plain
    assert len(made) == 3


def test_what_is_kept_of_a_page_is_nobodys_own(app: Flask, service: Service) -> None:
    """The menu, the form and the cards are made for the first visitor and told to the next."""
    listing, stranger = app.test_client(), app.test_client()
    listing.post("/list/add", data={"service": service.id, "next": "/"}, headers=OWN)
    theirs = listing.get("/search?q=harbour+secret&near=nowhere+%25s&page=1").text
    other = stranger.get("/search?q=harbour+tea%22%25").text
    assert "/list/remove" in theirs
    assert "wm-count" in theirs
    assert theirs.count('value="/search?q=harbour+secret&amp;near=nowhere+%25s&amp;page=1"') == 2
    assert 'value="nowhere %s"' in theirs
    for own in ("/list/remove", "wm-count", "secret", "nowhere"):
        assert own not in other
    assert 'value="harbour tea&#34;%"' in other
    assert 'lang="cy"' in stranger.get("/search?q=harbour+tea", headers={"Accept-Language": "cy"}).text
    assert "Fy rhestr" not in stranger.get("/search?q=harbour+tea").text


@pytest.mark.usefixtures("service")
def test_the_menu_of_one_visitor_is_not_shown_to_another(app: Flask, session: Session) -> None:
    staff = a_member(session, Role.HUB).id
    person = create_user(session, SYSTEM, name="", email="sam@person.example", kind=UserKind.PERSON).id
    session.commit()
    visitors = {
        "/desk": signed_in_client(app, staff),
        "/me": signed_in_client(app, person),
        "": app.test_client(),
    }
    for address in ("/search?q=harbour+tea", "/topics"):
        for own, client in visitors.items():
            page = client.get(address).text
            led_to = {link for link in ("/desk", "/me") if f'wm-menu__link" href="{link}"' in page}
            assert led_to == ({own} if own else set())


def test_cards_laid_out_before_are_the_ones_shown(app: Flask, client: FlaskClient, service: Service) -> None:
    with app.app_context(), Session(db.engines["read"]) as reading:
        engine_of(app).cards.fill(reading)
    with clock.moved_to(NOON):
        lay_out(app)
        before = kept_card.cache_info().misses
        first = client.get(ADDRESS).text
        assert "Harbour drop-in" in first
        assert kept_card.cache_info().misses == before
        kept_card.cache_clear()
        del app.extensions[EXTENSION]
        assert client.get(ADDRESS).text == first


@pytest.mark.usefixtures("service")
def test_little_found_is_counted_for_a_kept_page_too(client: FlaskClient, session: Session, made: list[str]) -> None:
    with clock.moved_to(NOON):
        for _ in range(3):
            client.get(ADDRESS)
    assert len(made) == 1
    assert session.scalars(select(UnmetNeed.times).order_by(UnmetNeed.id)).one() == 3


def test_a_page_that_tells_of_places_is_made_anew(
    client: FlaskClient, session: Session, topics: None, take_in: Callable[[], int]
) -> None:
    listed = Service(organization=Organization(name="Harbour Trust"), name="Harbour drop-in", kind=Kind.COURSE)
    session.add(listed)
    session.flush()
    pool = make.pool(session, of=make.run(session, of=make.course(session, service=listed)), capacity=9)
    pool_id = pool.id
    session.commit()
    take_in()
    assert "Places free" in client.get(ADDRESS).text
    session.execute(update(Pool).where(Pool.id == pool_id).values(taken=9))
    session.commit()
    assert "Places free" not in client.get(ADDRESS).text


def test_what_comes_to_be_booked_here_is_told_with_its_date(
    client: FlaskClient, session: Session, topics: None, take_in: Callable[[], int]
) -> None:
    listed = Service(organization=Organization(name="Harbour Trust"), name="Harbour drop-in", kind=Kind.COURSE)
    listed.accepting, listed.capacity_stated_at = Accepting.YES, clock.now()
    session.add(listed)
    session.commit()
    take_in()
    on_the_card = "Takes new people (they told us"
    before = client.get(ADDRESS).text
    assert ("Next date" in before, on_the_card in before) == (False, True)
    make.pool(session, of=make.run(session, of=make.course(session, service=listed)), capacity=9)
    session.commit()
    after = client.get(f"{ADDRESS}&page=1").text
    assert ("Next date" in after, on_the_card in after) == (True, False), "it says one thing of its places"
