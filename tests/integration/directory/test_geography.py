"""Where a text lies."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.directory import geography
from app.directory.codes import Precision
from app.directory.models import Address, Location, Place
from app.directory.postcodes.points import PostcodePoint, districts_of, write_points
from app.directory.sessions import long_transaction

SECTORS = [
    ("M33 2", 53.42, -2.32),
    ("M16 0", 53.45, -2.27),
    ("S21 1", 53.32, -1.33),
    ("M8 4", 53.51, -2.24),
    ("B12 0", 52.46, -1.88),
]


@pytest.fixture(autouse=True)
def _tables(database_url: str) -> None:
    sectors = [PostcodePoint(code=code, latitude=lat, longitude=lon, postcodes=10) for code, lat, lon in SECTORS]
    with long_transaction(database_url) as session:
        write_points(session, "postcode_sector", sectors)
        write_points(session, "postcode_district", districts_of(sectors))
        unit = PostcodePoint(code="M33 2AB", latitude=53.421, longitude=-2.321, lad_code="E08000009")
        write_points(session, "postcode_unit", [unit])
        for city, detail in (
            ("Saltersgate", "Old Town"),
            ("Sale", "2nd floor"),
            ("Debt", "Park Road"),
            ("Greater Manchester", None),
        ):
            location = Location(latitude=54.715, longitude=-2.325)
            session.add_all([location, Address(location=location, city=city, address_2=detail)])
        for latitude in (50.1, 52.4, 55.9):
            spread = Location(latitude=latitude, longitude=-2.0)
            session.add_all([spread, Address(location=spread, city="Chain of Wells")])
        hidden = Location(latitude=54.0, longitude=-2.0, confidential=True)
        session.add_all([hidden, Address(location=hidden, city="Hiddenham")])
        session.flush()
        geography.learn_places(session)


@pytest.mark.parametrize(
    ("text", "label", "precision"),
    [
        ("M33 2AB", "M33 2AB", Precision.UNIT),
        ("m332ab", "M33 2AB", Precision.UNIT),
        ("M33 2AA", "M33 2", Precision.SECTOR),
        ("m33 2", "M33 2", Precision.SECTOR),
        ("M33 9ZZ", "M33", Precision.DISTRICT),
        ("M16 OQA", "M16 0", Precision.SECTOR),
        ("MI6 0QA", "M16 0", Precision.SECTOR),
        ("1 High Street, Sale M33 2AB", "M33 2AB", Precision.UNIT),
        ("saltersgate", "Saltersgate", Precision.PLACE),
        ("Salters Gate", "Saltersgate", Precision.PLACE),
        ("Saltersgte", "Saltersgate", Precision.PLACE),
        ("OLD TOWN", "Old Town", Precision.PLACE),
        ("12 Weir Lane, Saltersgate", "Saltersgate", Precision.PLACE),
    ],
)
def test_resolve(reading: Session, text: str, label: str, precision: Precision) -> None:
    point = geography.resolve(reading, text)
    assert point is not None
    assert (point.label, point.precision) == (label, precision)


@pytest.mark.parametrize(
    "text", ["", "   ", "nowhere", "ZZ1 1ZZ", "BT1 1AA", "\x00", "9" * 5000, "Hiddenham", "greater manchester"]
)
def test_resolve_nothing(reading: Session, text: str) -> None:
    assert geography.resolve(reading, text) is None


def test_the_authority_is_told_where_it_is_known(reading: Session) -> None:
    point = geography.resolve(reading, "M33 2AB")
    assert point is not None
    assert point.lad_code == "E08000009"


@pytest.mark.parametrize(
    ("text", "label", "rest"),
    [
        ("food bank near M33", "M33", "food bank"),
        ("feeling low, near M33", "M33", "feeling low"),
        ("no food in the house M16", "M16", "no food in the house"),
        ("no food M16 0QA please", "M16 0", "no food please"),
        ("in Saltersgate", "Saltersgate", ""),
        ("saltersgate food bank", "Saltersgate", "food bank"),
        ("drop-in in old town on mondays", "Old Town", "drop-in on mondays"),
        ("furniture in sale", "Sale", "furniture"),
        ("feeling low all the time sale", "Sale", "feeling low all the time"),
        ("help around M8", "M8", "help"),
        ("landlord served s21, in S21", "S21", "landlord served s21"),
        ("M33", "M33", ""),
        ("lost my job m33 2 kids", "M33", "lost my job 2 kids"),
        ("m16 off licence", "M16", "off licence"),
        ("near M33 2", "M33 2", ""),
    ],
)
def test_places_in_a_text(reading: Session, text: str, label: str, rest: str) -> None:
    found = geography.find_in_text(reading, text)
    assert found is not None
    point, left = found
    assert (point.label, left) == (label, rest)


@pytest.mark.parametrize(
    "text",
    [
        "got a s21 notice", "section 21", "s21 2nd time", "in s21 notice period", "cant take it m8", "b12 deficiency",
        "e45 cream", "p45 and p60", "help near me", "in work poverty", "in debt", "garage sale", "sofa for sale",
        "sale of work", "in park", "a", "", "near greater manchester", "M99", "near ZZ1", "\ud800 \x00 ((( *",
        "hiddenham",
    ],
)  # fmt: skip
def test_no_place_in_a_text(reading: Session, text: str) -> None:
    assert geography.find_in_text(reading, text) is None


def test_learnt_names_follow_the_addresses(database_url: str, reading: Session) -> None:
    names = reading.scalars(select(Place.name).order_by(Place.name)).all()
    assert names == ["Old Town", "Sale", "Saltersgate"]
    with long_transaction(database_url) as session:
        for address in session.scalars(select(Address).where(Address.city == "Saltersgate").order_by(Address.id)):
            address.city = "Newplace"
        session.flush()
        geography.learn_places(session)
    reading.rollback()
    assert geography.resolve(reading, "Saltersgate") is None
    assert geography.resolve(reading, "Newplace") is not None


def test_nonsense_is_quick(reading: Session) -> None:
    import time

    start = time.thread_time()
    for text in ("m1 " * 5000, "in " * 5000, "saltersgate " * 2000, "🙂" * 10_000):
        geography.find_in_text(reading, text)
        geography.resolve(reading, text)
    assert time.thread_time() - start < 2
