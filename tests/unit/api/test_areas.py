"""Does a service area hold a postcode?"""

from __future__ import annotations

import json

import pytest

from app.api.areas import holds
from app.directory.codes import Precision
from app.directory.geography import Point

SALE = Point(latitude=53.42, longitude=-2.32, precision=Precision.UNIT, label="M33 2AB", lad_code="E08000009")
SQUARE = [[-2.4, 53.4], [-2.3, 53.4], [-2.3, 53.5], [-2.4, 53.5], [-2.4, 53.4]]
HOLE = [[-2.33, 53.41], [-2.31, 53.41], [-2.31, 53.43], [-2.33, 53.43], [-2.33, 53.41]]
ELSEWHERE = [[x + 5, y] for x, y in SQUARE]


def shape(*rings: list[list[float]]) -> str:
    return json.dumps({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": rings}})


@pytest.mark.parametrize(
    ("extent", "uri", "verdict"),
    [
        (shape(SQUARE), None, True),
        (shape(SQUARE, HOLE), None, False),
        (shape(ELSEWHERE), None, False),
        (json.dumps({"type": "MultiPolygon", "coordinates": [[ELSEWHERE], [SQUARE]]}), None, True),
        ("M33, M41", None, True),
        ("M41", None, False),
        ("M3", None, False),
        ("M33 2", None, True),
        ("M33 3", None, False),
        (None, "http://statistics.data.gov.uk/id/statistical-geography/E08000009", True),
        ("E08000001", None, False),
        ("Trafford and around", None, None),
        ("{broken", None, None),
        ("[1]", None, None),
        ('{"type": "Polygon", "coordinates": 5}', None, None),
        ('{"type": "Polygon", "coordinates": []}', None, None),
        ('{"type":"Feature","geometry":' * 5000, None, None),
        (None, None, None),
    ],
)
def test_what_an_area_says_of_a_point(extent: str | None, uri: str | None, verdict: bool | None) -> None:
    assert holds(SALE, extent=extent, uri=uri) is verdict
