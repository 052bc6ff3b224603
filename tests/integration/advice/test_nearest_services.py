"""What can be signposted from a contact comes by how near it is to the client."""

from __future__ import annotations

from app.advice.queries.services import services_for
from app.directory.geography import forget
from app.directory.models import PostcodeDistrict
from app.directory.queries import NEED
from tests import factories as make


def test_services_come_by_how_near_they_are(session):
    debt = make.term(session, make.taxonomy(session, slug=NEED), code="money")
    told = {"A far": 52.5, "B secret": 51.5, "C by phone": None, "Z near": 51.51}
    for name, latitude in told.items():
        given = make.service(session, name=name)
        make.attribute(session, given, debt)
        if latitude is not None:
            longitude, secret = -0.1, name == "B secret"
            place = make.location(session, latitude=latitude, longitude=longitude, confidential=secret)
            make.at_location(session, given, place)
    session.add(PostcodeDistrict(code="WX1", latitude=51.5, longitude=-0.1, postcodes=1, lad_code=""))
    session.flush()
    forget()
    near = [service.name for service in services_for(session, ["debt"], near="WX1")]
    assert near == ["Z near", "A far", "B secret", "C by phone"]
    assert [service.name for service in services_for(session, ["debt"])] == list(told)
    forget()
