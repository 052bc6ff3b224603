"""Out and in again gives the same; what is confidential stays behind."""

from __future__ import annotations

import csv
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.core.errors import InvalidInput
from app.directory.exporting.run import export
from app.directory.importing.run import Options, apply, no_progress, prepare
from app.directory.importing.staging import Staging
from app.directory.models import Service
from app.directory.queries import every_service_id, service_page
from app.directory.sessions import long_reading, long_transaction
from seed.reference import taxonomies
from tests.factories import whole_service
from tests.integration.directory.conftest import Importer, food_by_rule

SECRETS = ("The hidden refuge", "1 Secret Street", "54.12345")


@pytest.fixture
def full(database_url: str, import_feed: Importer) -> str:
    """A directory with listings of every kind: imported ones and one with something in every field."""
    with long_transaction(database_url) as session:
        taxonomies.load(session)
        whole_service(session)
        hidden = whole_service(session, confidential=True)
        place = hidden.service_at_locations[0].location
        place.name, place.latitude, place.longitude = SECRETS[0], 54.12345, -2.1
        for address in place.addresses:
            address.address_1 = SECRETS[1]
    import_feed("groups.csv")
    import_feed("hsds1", source="harbour")
    import_feed("page2.json")
    import_feed("full3.json")
    return database_url


def exported(database_url: str, path: Path) -> bytes:
    with long_reading(database_url) as session:
        export(session, path)
    if path.is_dir():
        return b"".join(file.read_bytes() for file in sorted(path.iterdir()))
    return path.read_bytes()


def imported(database_url: str, path: Path) -> int:
    chosen = Options(path=path, source="came-back")
    with Staging() as staging, long_transaction(database_url) as session:
        prepare(session, staging, chosen, food_by_rule, no_progress)
        return apply(session, staging, chosen, no_progress).new


@pytest.fixture
def empty(tmp_path: Path, migrated_sqlite: Path) -> Callable[[], str]:
    """Makes a migrated database with nothing in it."""
    numbers: Iterator[int] = iter(range(100))

    def make() -> str:
        path = tmp_path / f"empty-{next(numbers)}.sqlite3"
        shutil.copy(migrated_sqlite, path)
        return f"sqlite:///{path}"

    return make


@pytest.mark.parametrize("name", ["a.json", "a.ndjson", "a.zip", "tables"])
def test_out_and_in_and_out_again(full: str, empty: Callable[[], str], tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    first = exported(full, path)
    other = empty()
    assert imported(other, path) == len(ids(full))
    assert imported(other, path) == 0
    again = tmp_path / f"again-{name}"
    assert exported(other, again) == first
    assert exported(full, path) == first


def ids(database_url: str) -> list[UUID]:
    with long_reading(database_url) as session:
        return list(every_service_id(session))


@pytest.mark.parametrize("name", ["a.json", "a.zip"])
def test_a_confidential_place_stays_confidential(
    full: str, empty: Callable[[], str], tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    exported(full, path)
    text = path.read_text() if name.endswith(".json") else _unzipped(path)
    assert not [secret for secret in SECRETS if secret in text]
    other = empty()
    imported(other, path)
    with long_reading(other) as session:
        places = [
            link.location for id_ in every_service_id(session) for link in whole(session, id_).service_at_locations
        ]
        hidden = [place for place in places if place.confidential]
        assert len(hidden) == 2
        assert all(place.latitude is None and place.addresses == [] for place in hidden)


def test_what_is_secret_here_is_not_wiped_out_by_an_export_that_comes_back(full: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    exported(full, path)
    with Staging() as staging, long_transaction(full) as session:
        chosen = Options(path=path, source="full3")
        prepare(session, staging, chosen, food_by_rule, no_progress)
        apply(session, staging, chosen, no_progress)
    with long_reading(full) as session:
        places = [
            link.location for id_ in every_service_id(session) for link in whole(session, id_).service_at_locations
        ]
        assert [place.latitude for place in places if place.name == SECRETS[0]] == [54.12345]


def whole(session: Session, service_id: UUID) -> Service:
    found = service_page(session, service_id)
    assert found is not None
    return found


def _unzipped(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def test_no_null_and_no_blank_code_goes_out(full: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    exported(full, path)
    for service in json.loads(path.read_text()):
        assert not list(_nulls(service))
        assert service["status"]
        assert service["organization"].keys() >= {"id", "name", "description"}


def _nulls(value: object) -> Iterator[object]:
    if value is None:
        yield value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        yield from _nulls(child)


def test_no_cell_is_a_formula_and_it_comes_back_as_it_was(
    database_url: str, empty: Callable[[], str], tmp_path: Path
) -> None:
    names = ["=cmd|' /C calc'!A0", "@sum(1)", "-2+3", "+44 1632 960001", "'=quoted", "- a list"]
    with long_transaction(database_url) as session:
        for name in names:
            whole_service(session, name=name)
    exported(database_url, tmp_path / "tables")
    with (tmp_path / "tables" / "services.csv").open(newline="") as file:
        cells = {row["name"] for row in csv.DictReader(file)}
    assert cells == {"'=cmd|' /C calc'!A0", "'@sum(1)", "'-2+3", "+44 1632 960001", "''=quoted", "'- a list"}
    other = empty()
    imported(other, tmp_path / "tables")
    with long_reading(other) as session:
        assert {whole(session, id_).name for id_ in every_service_id(session)} == set(names)


def test_a_folder_that_cannot_be_written_is_said(full: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with long_reading(full) as session, pytest.raises(InvalidInput, match="cannot be written"):
        export(session, tmp_path / "file" / "a.json")


def test_an_empty_directory_is_a_valid_file(empty: Callable[[], str], tmp_path: Path) -> None:
    assert json.loads(exported(empty(), tmp_path / "none.json")) == []
