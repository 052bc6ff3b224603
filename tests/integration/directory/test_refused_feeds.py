"""A feed is untrusted: what cannot be read is refused with a sentence, and nothing is half imported."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import InvalidInput
from app.directory.importing import limits
from app.directory.importing.readers import tables
from app.directory.models import Organization, Service
from tests.integration.directory.conftest import Importer, write_json

pytestmark = pytest.mark.usefixtures("reference")


def count(session: Session) -> int:
    session.commit()
    return sum(session.scalar(select(func.count()).select_from(model)) or 0 for model in (Organization, Service))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.json", '[{"id": "1", "name": "A", "status": "active"}, {"id": "2", "na'),
        ("nonsense.json", "nonsense"),
        ("number.json", "17"),
        ("none.json", '{"error": "no"}'),
        ("bytes.json", b"\xff\xd8\xff\xe0\x00\x10JFIF"),
        ("deep.json", "[" * 200_000),
        ("cut.ndjson", '{"id": "1", "name": "A"}\n{"id": '),
        ("services.csv", ""),
        ("nothing.csv", "a,b\n1,2\n"),
        ("only-headings.csv", "name,postcode\n"),
        ("picture.png", b"\x89PNG\r\n\x1a\n"),
        ("empty.csv", ""),
    ],
)
def test_a_file_that_is_no_feed(
    import_feed: Importer, reading: Session, tmp_path: Path, name: str, content: str | bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InvalidInput):
        import_feed(path)
    assert count(reading) == 0


def test_no_such_file(import_feed: Importer, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no file or folder"):
        import_feed(tmp_path / "absent.csv")


def test_a_zip_bomb_is_not_unpacked(import_feed: Importer, tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("services.csv", b"0" * 20_000_000)
    with pytest.raises(InvalidInput, match="unpacks to more than"):
        import_feed(path)


def test_too_many_entries(import_feed: Importer, tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(limits.MOST_ENTRIES + 1):
            archive.writestr(f"{number}.csv", "")
    with pytest.raises(InvalidInput, match="more than 1000 files"):
        import_feed(path)


def test_too_large_a_file(import_feed: Importer, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(limits.LARGEST_FILE + 1)
    with pytest.raises(InvalidInput, match="larger than 200 MB"):
        import_feed(path)


def test_too_many_rows(import_feed: Importer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    path = tmp_path / "long.csv"
    path.write_text("name\na\nb\nc\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="more than 2 rows"):
        import_feed(path)


def test_fields_long_and_too_long(import_feed: Importer, reading: Session, tmp_path: Path) -> None:
    path = tmp_path / "fields.csv"
    path.write_text(f"name,description\nLong,{'x' * 32_767}\nToo long,{'x' * 131_073}\nLast,\n", encoding="utf-8")
    imported = import_feed(path)
    assert imported.totals.new == 2
    assert imported.reasons("rejected") == ["row Too long: a field is longer than 131,072 characters"]
    assert [row["row"] for row in imported.rows if row["level"] == "rejected"] == [3]


def test_an_item_nested_too_deep_is_listed(import_feed: Importer, tmp_path: Path) -> None:
    deep: object = "x"
    for _ in range(70):
        deep = {"deeper": deep}
    path = write_json(tmp_path / "deep.json", [{"id": "1", "name": "Deep", "x": deep}, {"id": "2", "name": "Fine"}, 7])
    imported = import_feed(path)
    assert imported.totals.new == 1
    assert imported.reasons("rejected") == ["service 1: nested deeper than 64 levels", "service : not an object"]


def test_values_of_the_wrong_kind_do_no_harm(import_feed: Importer, tmp_path: Path) -> None:
    odd = {
        "id": ["x"], "name": {"a": 1}, "organization": "text", "phones": "01632",
        "schedules": [1, "x", None, {"opens_at": {}}],
        "service_at_locations": [{"location": []}, 3], "attributes": {"taxonomy_term": 5}, "languages": [[]],
        "minimum_age": "old", "last_modified": "soon", "contacts": [{"phones": {"number": None}}],
        "cost_options": [{"amount": []}],
    }  # fmt: skip
    path = write_json(tmp_path / "odd.json", [odd, {**odd, "name": "Odd"}, {**odd, "name": True, "id": 1e300}])
    imported = import_feed(path)
    assert imported.totals.new == 2
    assert imported.reasons("rejected") == ["service : the service has no name"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(import_feed: Importer, reading: Session, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "coded.csv"
    path.write_bytes("name;description\r\nCafé;Crème – “brûlée”\r\n".encode(encoding))
    import_feed(path)
    assert reading.scalars(select(Service.description).order_by(Service.id)).one() == "Crème – “brûlée”"


def test_control_characters_and_strange_scripts(import_feed: Importer, reading: Session, tmp_path: Path) -> None:
    told = [
        {"id": "1\ud800\u0000", "name": "A\u0000B\u202e \ud83d\ude00", "description": "\u0000" * 50 + "مساعدة"},
        {"id": "\udfff", "name": ""},
    ]
    path = tmp_path / "strange\udcff.ndjson"
    path.write_text("\n".join(map(json.dumps, told)), encoding="utf-8")
    import_feed(path)
    name, description = reading.execute(select(Service.name, Service.description).order_by(Service.id)).one()
    assert "\u0000" not in name + description
    assert description == "مساعدة"
