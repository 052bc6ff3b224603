"""Addresses, points and ways in."""

from __future__ import annotations

import pytest

from app.directory.codes import AccessFeature, AccessRoute, Coverage, Kind, Reach
from app.directory.geography.gazetteer import place_key
from app.directory.geography.learning import looks_like_place
from app.directory.importing.cleaning.access import access_features, access_routes, coverage_of, kind_of, reach_of
from app.directory.importing.cleaning.addresses import AddressParts, checked_point, is_withheld, take_apart
from app.directory.postcodes.grid import to_wgs84


@pytest.mark.parametrize(
    ("text", "postcode", "parts"),
    [
        ("The Lodge, Green Lane, Bolton", "BL3 2HP", AddressParts("The Lodge", "Green Lane", "Bolton", "", "BL3 2HP")),
        (
            "12, High Street, Sale, Cheshire, M33 2AB, UK",
            "",
            AddressParts("12 High Street", "", "Sale", "Cheshire", "M33 2AB"),
        ),
        ("53 George St New Bury", "BL4 9PU", AddressParts("53 George St New Bury", "", "", "", "BL4 9PU")),
        ("Carrow", "", AddressParts("", "", "Carrow", "", "")),
        ("Hall\n1 Road\nWexmoor WX1 1AD", "", AddressParts("Hall", "1 Road", "Wexmoor", "", "WX1 1AD")),
        ("", "", AddressParts()),
    ],
)
def test_an_address_in_one_string(text: str, postcode: str, parts: AddressParts) -> None:
    assert take_apart(text, postcode) == parts


def test_points() -> None:
    assert checked_point(54.7, -2.3, None).note == ""
    turned = checked_point(-2.3, 54.7, None)
    assert (turned.latitude, turned.longitude) == (54.7, -2.3)
    assert "wrong way round" in turned.note
    assert checked_point(100, 200, None).latitude is None
    assert checked_point(48.85, 2.35, None).latitude is None
    assert checked_point(54.7, -2.3, (54.71, -2.31)).latitude == 54.7
    assert "far from the postcode" in checked_point(54.7, -2.3, (51.5, -0.1)).note
    assert checked_point(None, -2.3, None).note == ""


def test_the_national_grid() -> None:
    latitude, longitude = to_wgs84(651409.903, 313177.270)
    assert latitude == pytest.approx(52.657979, abs=2e-5)
    assert longitude == pytest.approx(1.716052, abs=3e-5)


@pytest.mark.parametrize("text", ["Address withheld", "Confidential address", "Undisclosed location"])
def test_withheld_addresses(text: str) -> None:
    assert is_withheld(text)


@pytest.mark.parametrize(
    ("text", "routes"),
    [
        ("Foodbank Voucher", {AccessRoute.PROFESSIONAL_REFERRAL}),
        ("Referral or self-refer", {AccessRoute.PROFESSIONAL_REFERRAL, AccessRoute.SELF_REFERRAL}),
        ("No referral needed", {AccessRoute.DROP_IN}),
        ("Referral/first come first served", {AccessRoute.PROFESSIONAL_REFERRAL, AccessRoute.DROP_IN}),
        ("Proof of benefits or referral", set()),
        ("", set()),
    ],
)
def test_ways_in(text: str, routes: set[AccessRoute]) -> None:
    assert access_routes(text) == routes


def test_other_words() -> None:
    assert access_features("Level access and disabled toilet") == [
        AccessFeature.ACCESSIBLE_TOILET,
        AccessFeature.STEP_FREE,
    ]
    assert access_features("There is no step-free way in") == []
    assert kind_of("Managing worry: a four week course") is Kind.COURSE
    assert kind_of("Hearing Voices Carrow") is Kind.PEER_GROUP
    assert kind_of("Debt advice") is Kind.SERVICE
    assert coverage_of(["Carrow", "England"]) is Coverage.NATIONAL
    assert coverage_of(["Carrow"]) is Coverage.LOCAL
    assert reach_of("Face to face") is Reach.IN_PERSON


def test_keys_of_places() -> None:
    assert place_key("Saint Anne’s") == place_key("ST ANNE'S") == "st annes"
    assert place_key("Tyne & Wear") == place_key("Tyne and Wear")
    assert looks_like_place("Ashton-under-Lyne")
    assert not looks_like_place("12 High Street")
    assert looks_like_place("Church Stretton")
    assert not looks_like_place("The Salvation Army")
    assert not looks_like_place("Doddington Library Hub")
    assert not looks_like_place("Greater Manchester")
    assert not looks_like_place("a very long part of an address")
