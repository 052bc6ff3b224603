"""The official postcode files, in both of their generations."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.core.errors import InvalidInput
from app.directory import geography
from app.directory.codes import Precision
from app.directory.postcodes.official import Skipped, read
from app.directory.postcodes.points import PostcodePoint, Written, write_points
from app.directory.postcodes.run import import_points
from app.directory.sessions import long_transaction

UNTIL_MAY_2025 = """pcd,pcd2,pcds,dointr,doterm,oscty,oslaua,osward,lat,long,imd
"SW1A1AA","SW1A 1AA","SW1A 1AA","198001","","E99999999","E09000033","E05013806",51.501009,-0.141588,1
"BT1 5GS","BT1  5GS","BT1 5GS","198001","","N99999999","N09000003","N08000303",54.596553,-5.930113,1
"EH991SP","EH99 1SP","EH99 1SP","199905","202001","S99999999","S12000036","S13000000",55.952100,-3.175100,1
"GY1 1AA","GY1  1AA","GY1 1AA","198001","","L99999999","L99999999","L99999999",99.999999,0.000000,1
"""
SINCE_AUGUST_2025 = """pcd7,pcd8,pcds,dointr,doterm,cty25cd,lad25cd,wd25cd,ctry25cd,lat,long
SW1A1AA,SW1A 1AA,SW1A 1AA,198001,,E99999999,E09000033,E05013806,E92000001,51.501009,-0.141588
short,row
"""
CODE_POINT = """"SW1A1AA",10,529090,179645,"E92000001","E19000003","E18000007","","E09000033","E05013806"
"EH991SP",10,326620,673892,"S92000003","","S08000024","","S12000036","S13002930"
"AB101AA",90,0,0,"S92000003","","","","S12000033",""
"""


def points(path: Path, **options: bool) -> tuple[list[PostcodePoint], Skipped]:
    skipped = Skipped()
    return list(read(path, skipped, **options)), skipped


@pytest.fixture
def onspd(tmp_path: Path) -> Path:
    path = tmp_path / "ONSPD_MAY_2025_UK.csv"
    path.write_text(UNTIL_MAY_2025, encoding="utf-8-sig")
    return path


def test_the_older_headings(onspd: Path) -> None:
    found, skipped = points(onspd)
    assert [(point.code, point.lad_code) for point in found] == [("SW1A 1AA", "E09000033"), ("BT1 5GS", "N09000003")]
    assert skipped.reasons == {"no longer in use": 1, "without a location": 1}
    assert [point.code for point in points(onspd, ended_too=True)[0]] == ["SW1A 1AA", "BT1 5GS", "EH99 1SP"]


def test_the_newer_headings_in_a_zip_file_read_once(tmp_path: Path) -> None:
    path = tmp_path / "onspd.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Data/ONSPD_NOV_2025_UK.csv", SINCE_AUGUST_2025)
        archive.writestr("Data/multi_csv/ONSPD_NOV_2025_UK_SW.csv", SINCE_AUGUST_2025)
        archive.writestr("Documents/LAD names.csv", "LAD25CD,LAD25NM\nE09000033,Westminster\n")
    found, skipped = points(path)
    assert found == [PostcodePoint(code="SW1A 1AA", latitude=51.501009, longitude=-0.141588, lad_code="E09000033")]
    assert skipped.reasons == {"too short": 1}


def test_code_point_open(tmp_path: Path) -> None:
    (tmp_path / "sw.csv").write_text(CODE_POINT, encoding="utf-8")
    (tmp_path / "notes.csv").write_text("anything,else\n", encoding="utf-8")
    found, skipped = points(tmp_path)
    assert [(point.code, point.lad_code) for point in found] == [("SW1A 1AA", "E09000033"), ("EH99 1SP", "S12000036")]
    assert found[0].latitude == pytest.approx(51.50101, abs=0.0001)
    assert found[0].longitude == pytest.approx(-0.14159, abs=0.0001)
    assert skipped.reasons == {"without a location": 1}


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "name,postcode\nA,SW1A 1AA\n"])
def test_other_files_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "other.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInput, match="neither ONSPD nor Code-Point Open"):
        points(path)


def test_a_damaged_zip_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "damaged.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", UNTIL_MAY_2025)
    path.write_bytes(path.read_bytes().replace(b"SW1A", b"SW1B", 1))
    with pytest.raises(InvalidInput, match="cannot be read"):
        points(path)


def test_units_are_written_once_and_moved_when_they_move(database_url: str, reading: Session, onspd: Path) -> None:
    for expected in (Written(new=2), Written(unchanged=2)):
        with long_transaction(database_url) as session:
            written, _sectors = import_points(session, points(onspd)[0])
        assert written == expected
    onspd.write_text(UNTIL_MAY_2025.replace("51.501009", "51.500000"), encoding="utf-8")
    with long_transaction(database_url) as session:
        assert import_points(session, points(onspd)[0])[0] == Written(updated=1, unchanged=1)
    point = geography.resolve(reading, "sw1a 1aa")
    assert point is not None
    assert (point.latitude, point.precision) == (51.5, Precision.UNIT)


def test_sectors_and_districts_come_where_there_are_none(database_url: str, reading: Session, onspd: Path) -> None:
    with long_transaction(database_url) as session:
        write_points(session, "postcode_sector", [PostcodePoint(code="SW1A 1", latitude=51.5, longitude=-0.1)])
        write_points(session, "postcode_district", [PostcodePoint(code="SW1A", latitude=51.5, longitude=-0.1)])
        assert import_points(session, points(onspd)[0])[1] == 1
    belfast = geography.resolve(reading, "BT1 5AA")
    assert belfast is not None
    assert (belfast.label, belfast.lad_code) == ("BT1 5", "N09000003")
    london = geography.resolve(reading, "SW1A")
    assert london is not None
    assert london.longitude == -0.1
